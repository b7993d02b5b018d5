import { type FormEvent, useState } from 'react'
import { ApiError } from '../api/client.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useFieldErrors } from '../ui/field-errors.tsx'
import { TextField } from '../ui/fields.tsx'
import { ErrorNotice } from '../ui/states.tsx'
import { uiTexts } from '../ui/texts.ts'
import { useChangePassword, useSession } from './session.ts'
import { sessionTexts } from './texts.ts'

/** The dialog in which users change their own password. */
export function ChangePassword({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(sessionTexts)
  const words = useTexts(uiTexts)
  const [isChanged, setChanged] = useState(false)
  return (
    <Dialog title={texts.changePassword} isOpen onClose={onClose}>
      {isChanged ? (
        <>
          <p role="status">{texts.passwordChanged}</p>
          <div className="flex justify-end">
            <Button autoFocus onPress={onClose}>
              {words.close}
            </Button>
          </div>
        </>
      ) : (
        <PasswordForm onClose={onClose} onChanged={() => setChanged(true)} />
      )}
    </Dialog>
  )
}

const EMPTY = { original: '', password: '', again: '' }

function PasswordForm({ onClose, onChanged }: { readonly onClose: () => void; readonly onChanged: () => void }) {
  const texts = useTexts(sessionTexts)
  const words = useTexts(uiTexts)
  const session = useSession()
  const change = useChangePassword(session)
  const [fields, setFields] = useState(EMPTY)
  const [isTried, setTried] = useState(false)
  const missing = (name: keyof typeof EMPTY) => (isTried && fields[name] === '' ? texts.passwordMissing : undefined)
  const set = (name: keyof typeof EMPTY) => (value: string) => {
    setFields((before) => ({ ...before, [name]: value }))
    change.reset()
  }
  const isWrong = change.error instanceof ApiError && change.error.code === 'password-wrong'
  const errors = useFieldErrors(change.error, ['password'])
  const differs = fields.again !== '' && fields.again !== fields.password ? texts.passwordDiffers : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    const { original, password, again } = fields
    if (original === '' || password === '' || again !== password) return
    change.mutate({ original, password }, { onSuccess: onChanged })
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <p className="text-body text-ink-2">{texts.passwordEffect}</p>
      {/* Tells password managers whose password it is. */}
      <input type="text" name="username" autoComplete="username" value={session.user.name} readOnly hidden />
      <TextField
        label={texts.originalPassword}
        type="password"
        autoComplete="current-password"
        autoFocus
        isRequired
        value={fields.original}
        onChange={set('original')}
        error={missing('original') ?? (isWrong ? texts.passwordWrong : undefined)}
      />
      <TextField
        label={texts.newPassword}
        type="password"
        autoComplete="new-password"
        isRequired
        value={fields.password}
        onChange={set('password')}
        description={texts.passwordRule}
        error={missing('password') ?? errors.of('password')}
      />
      <TextField
        label={texts.repeatPassword}
        type="password"
        autoComplete="new-password"
        isRequired
        value={fields.again}
        onChange={set('again')}
        error={missing('again') ?? (isTried ? differs : undefined)}
      />
      {change.isError && !isWrong && !errors.isPlaced && <ErrorNotice error={change.error} />}
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{words.cancel}</Button>
        <Button type="submit" variant="solid" isPending={change.isPending}>
          {texts.changePassword}
        </Button>
      </div>
    </form>
  )
}
