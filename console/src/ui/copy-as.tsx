import { Check, Copy, SquareTerminal } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTexts } from '../text/texts.ts'
import { BarWords } from './bar-words.tsx'
import { Button } from './button.tsx'
import { CopyByHand } from './copy-by-hand.tsx'
import { copyText } from './copy-text.ts'
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
  const { copy, isCopied, outcome } = useCopy()
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
      {outcome}
    </>
  )
}

/** Copies a text, such as an id. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const { copy, isCopied, outcome } = useCopy()
  const Icon = isCopied ? Check : Copy
  return (
    <>
      <Button variant="quiet" size="icon" label={label} onPress={() => copy(text)}>
        <Icon className="size-3.5" aria-hidden="true" />
      </Button>
      {outcome}
    </>
  )
}

const SHOWN_MS = 2000

/** Gives the function that copies a text. `outcome` is what a view shows of it: an announcement, or the text to copy by hand. */
function useCopy() {
  const texts = useTexts(uiTexts)
  const [isCopied, setCopied] = useState(false)
  const [refused, setRefused] = useState<string>()
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = (text: string) => {
    void copyText(text).then((done) => (done ? setCopied(true) : setRefused(text)))
  }
  const outcome = (
    <>
      <span role="status" className="sr-only">
        {isCopied ? texts.copied : ''}
      </span>
      {refused !== undefined && <CopyByHand text={refused} onClose={() => setRefused(undefined)} />}
    </>
  )
  return { copy, isCopied, outcome }
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
