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
  /** Whether somebody else has stored another text since the draft was begun. */
  readonly isOutdated: boolean
  readonly setText: (text: string) => void
  readonly setDocument: (document: PolicyDocument) => void
  /** The same, at the moment of the call: also after `keep` and before the next drawing. */
  readonly hasUnsaved: () => boolean
  /** Takes the draft as stored. */
  readonly keep: () => void
}

/** Edits a policy, from the text that is stored. A new one is taken over unless the draft has changes of its own. */
export function useDraft(latest: string): Draft {
  const [text, setText] = useState(latest)
  const [stored, setStored] = useState(latest)
  const [seen, setSeen] = useState(latest)
  const storedNow = useRef(latest)
  if (seen !== latest && text === stored) {
    setSeen(latest)
    setText(latest)
    setStored(latest)
    storedNow.current = latest
  }
  const parsed = useMemo(() => parseDocument(text), [text])
  return {
    text,
    document: parsed.document,
    fault: parsed.fault,
    isChanged: text !== stored,
    isOutdated: seen !== latest && text !== stored,
    setText,
    setDocument: (document) => setText(printDocument(document)),
    hasUnsaved: () => text !== storedNow.current,
    keep: () => {
      storedNow.current = text
      setStored(text)
    },
  }
}
