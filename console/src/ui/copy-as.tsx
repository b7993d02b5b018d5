import { Check, Copy, SquareTerminal } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTexts } from '../text/texts.ts'
import { BarWords } from './bar-words.tsx'
import { Button } from './button.tsx'
import { Menu } from './menu.tsx'
import { shellQuoted } from './shell-quoted.ts'
import { uiTexts } from './texts.ts'

/** A call of the API, as a view sends it. */
export type ApiCall = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With its query, such as `/tagwerk/v1/.../diff?from=7`. */
  readonly path: string
  readonly body?: unknown
}

/** Copies what a view shows as a call of curl, and as a command. */
export function CopyAs({ call, command }: { readonly call: ApiCall; readonly command: string | undefined }) {
  const texts = useTexts(uiTexts)
  const { copy, isCopied } = useCopy()
  const entries = [
    { id: 'curl', label: texts.copyAsCurl, onAction: () => copy(curlOf(call, location.origin)) },
    ...(command === undefined ? [] : [{ id: 'cli', label: texts.copyAsCli, onAction: () => copy(command) }]),
  ]
  return (
    <>
      <Menu
        button={
          <>
            {isCopied ? (
              <Check className="size-4" aria-hidden="true" />
            ) : (
              <SquareTerminal className="size-4" aria-hidden="true" />
            )}
            <BarWords>{isCopied ? texts.copied : texts.copyAs}</BarWords>
          </>
        }
        entries={entries}
      />
      <Announcement isShown={isCopied} />
    </>
  )
}

/** Copies a text, such as an id. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const { copy, isCopied } = useCopy()
  const Icon = isCopied ? Check : Copy
  return (
    <>
      <Button variant="quiet" size="icon" label={label} onPress={() => copy(text)}>
        <Icon className="size-3.5" aria-hidden="true" />
      </Button>
      <Announcement isShown={isCopied} />
    </>
  )
}

function Announcement({ isShown }: { readonly isShown: boolean }) {
  const texts = useTexts(uiTexts)
  return (
    <span role="status" className="sr-only">
      {isShown ? texts.copied : ''}
    </span>
  )
}

const SHOWN_MS = 2000

function useCopy() {
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = (text: string) => {
    void navigator.clipboard.writeText(text).then(() => setCopied(true))
  }
  return { copy, isCopied }
}

/** A call as a command of curl; the token stands in a variable of the shell. */
export function curlOf({ method, path, body }: ApiCall, origin: string): string {
  const parts = [`curl -X ${method} ${shellQuoted(origin + path)}`, `-H "X-Auth-Token: $TAGWERK_TOKEN"`]
  if (body !== undefined) {
    parts.push(`-H 'Content-Type: application/json'`, `-d ${shellQuoted(JSON.stringify(body))}`)
  }
  return parts.join(' \\\n  ')
}

export { shellQuoted }
