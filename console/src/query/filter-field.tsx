import { useEffect, useId, useRef, useState } from 'react'
import { exploreTexts } from '../explore/texts.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { textOfFilter } from './chips.ts'
import { paintsOf, readFilter } from './filter-text.ts'
import { queryTexts } from './texts.ts'

const APPLY_MS = 300

const PAINTS = {
  word: 'text-ink',
  text: 'text-good',
  number: 'text-plot-2',
  operator: 'text-accent',
  blank: '',
  fault: 'text-bad underline decoration-bad decoration-wavy underline-offset-4',
} as const

/**
 * The query as one line of text. A painted copy stands under a field with clear letters. A valid text is applied 300 ms after the
 * last key; an invalid one leaves the answer as it is.
 */
export function FilterField({
  filter,
  onApply,
}: {
  readonly filter: string | undefined
  readonly onApply: (filter: string | undefined) => void
}) {
  const texts = useTexts(exploreTexts)
  const words = useTexts(queryTexts)
  const format = useFormat()
  const errorId = useId()
  const [text, setText] = useState(filter ?? '')
  const applied = useRef(filter)
  useEffect(() => {
    if (filter === applied.current) return
    // Somebody else has changed the query, such as a click on a facet.
    applied.current = filter
    setText(filter ?? '')
  }, [filter])
  const { expression, error } = readFilter(text)
  const canonical = expression === undefined ? undefined : textOfFilter(expression)
  const apply = () => {
    if (expression === undefined || canonical === applied.current) return
    applied.current = canonical
    onApply(canonical)
  }
  const latest = useRef(apply)
  latest.current = apply
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the text starts the time again
  useEffect(() => {
    const timer = setTimeout(() => latest.current(), APPLY_MS)
    return () => clearTimeout(timer)
  }, [text])
  const look = 'col-start-1 row-start-1 min-h-6 py-0.5 font-mono text-body whitespace-pre-wrap wrap-anywhere'
  return (
    <div className="min-w-0 grow">
      <div className="grid">
        <div aria-hidden="true" className={look}>
          {paintsOf(text).map((paint, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text have no other identity
            <span key={at} className={PAINTS[paint.look]}>
              {paint.text}
            </span>
          ))}
        </div>
        <textarea
          value={text}
          rows={1}
          spellCheck={false}
          autoComplete="off"
          aria-label={texts.filterText}
          aria-invalid={error !== undefined}
          aria-describedby={error === undefined ? undefined : errorId}
          placeholder={texts.noText}
          onChange={(event) => setText(event.target.value.replaceAll('\n', ' '))}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
            event.preventDefault()
            apply()
          }}
          className={`${look} resize-none overflow-hidden bg-transparent text-transparent caret-ink outline-none placeholder:text-ink-3`}
        />
      </div>
      {error !== undefined && (
        <p id={errorId} role="status" className="text-small text-bad">
          {words.invalid(error.expected, format.number(error.position))}
        </p>
      )}
    </div>
  )
}
