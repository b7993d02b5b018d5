import { type FormEvent, useState } from 'react'
import { ApiError } from '../api/client.ts'
import { Mark } from '../shell/mark.tsx'
import { LanguageMenu, ThemeButton } from '../shell/preference-buttons.tsx'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { ErrorNotice } from '../ui/states.tsx'
import { useLogIn } from './session.ts'
import { sessionTexts } from './texts.ts'

/** The page in front of everything else. `hasEnded`: somebody was logged in before. */
export function LogIn({ hasEnded }: { readonly hasEnded: boolean }) {
  const texts = useTexts(sessionTexts)
  const logIn = useLogIn()
  const [credentials, setCredentials] = useState({ user: '', password: '', domain: 'default' })
  const [isTried, setTried] = useState(false)
  const change = (name: keyof typeof credentials) => (value: string) =>
    setCredentials((before) => ({ ...before, [name]: value }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (credentials.user !== '' && credentials.password !== '') logIn.mutate(credentials)
  }
  const refusal = refusalOf(logIn.error, texts)
  return (
    <div className="flex min-h-full flex-col">
      <header className="flex h-11 items-center justify-end gap-1 px-3">
        <LanguageMenu />
        <ThemeButton />
      </header>
      <main className="flex grow items-start justify-center px-4 pt-[12vh]">
        <form
          onSubmit={submit}
          noValidate
          className="flex w-80 flex-col gap-4 rounded-card border border-line bg-surface p-6"
        >
          <div className="flex items-center gap-2">
            <Mark />
            <h1 className="text-title font-semibold">{texts.title}</h1>
          </div>
          {hasEnded && logIn.isIdle && <p className="text-body text-warn">{texts.ended}</p>}
          <TextField
            label={texts.user}
            name="username"
            autoComplete="username"
            autoFocus
            isRequired
            value={credentials.user}
            onChange={change('user')}
            error={isTried && credentials.user === '' ? texts.userMissing : undefined}
          />
          <TextField
            label={texts.password}
            name="password"
            type="password"
            autoComplete="current-password"
            isRequired
            value={credentials.password}
            onChange={change('password')}
            error={isTried && credentials.password === '' ? texts.passwordMissing : undefined}
          />
          <TextField
            label={texts.domain}
            name="domain"
            description={texts.domainHint}
            value={credentials.domain}
            onChange={change('domain')}
          />
          {refusal !== undefined && (
            <p role="alert" className="text-body text-bad">
              {refusal}
            </p>
          )}
          {logIn.isError && refusal === undefined && <ErrorNotice error={logIn.error} />}
          <Button type="submit" variant="solid" isPending={logIn.isPending} className="justify-center">
            {texts.logIn}
          </Button>
        </form>
      </main>
    </div>
  )
}

/** What a refused log-in means; undefined for any other failure. */
function refusalOf(error: unknown, { wrong, locked }: { readonly wrong: string; readonly locked: string }) {
  if (!(error instanceof ApiError)) return undefined
  if (error.status === 429) return locked
  return error.status === 401 ? wrong : undefined
}
