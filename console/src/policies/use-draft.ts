import { useMemo, useRef, useState } from 'react'
import { type PolicyDocument, parseDocument, printDocument } from './document.ts'

/** A policy that is edited. The text is the one truth; form and JSON show and change it. */
export type Draft = {
  readonly text: string
  /** Undefined while the text is no JSON object. */
  readonly document: PolicyDocument | undefined
  /** What keeps the text from being one: `not-object`, or the words of the parser. */
  readonly fault: string | undefined
  /** Whether it says something else than what is stored. */
  readonly isChanged: boolean
  readonly setText: (text: string) => void
  readonly setDocument: (document: PolicyDocument) => void
  /** The same, at the moment of the call: also after `keep` and before the next drawing. */
  readonly hasUnsaved: () => boolean
  /** Takes the draft as stored. */
  readonly keep: () => void
}

/** Edits a policy, from a text that counts as stored. */
export function useDraft(initial: string): Draft {
  const [text, setText] = useState(initial)
  const [stored, setStored] = useState(initial)
  const storedNow = useRef(initial)
  const parsed = useMemo(() => parseDocument(text), [text])
  return {
    text,
    document: parsed.document,
    fault: parsed.fault,
    isChanged: text !== stored,
    setText,
    setDocument: (document) => setText(printDocument(document)),
    hasUnsaved: () => text !== storedNow.current,
    keep: () => {
      storedNow.current = text
      setStored(text)
    },
  }
}
