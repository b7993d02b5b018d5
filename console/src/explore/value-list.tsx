import { Check, CircleSlash, Minus } from 'lucide-react'
import { type KeyboardEvent, type MouseEvent, type ReactNode, useRef, useState } from 'react'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { exploreTexts } from './texts.ts'

/** A line of a facet. */
export type ValueRow = {
  readonly id: string
  /** Plain text. */
  readonly name: string
  readonly content?: ReactNode
  readonly count: number | undefined
  readonly state: 'on' | 'off' | 'excluded'
  readonly onToggle: () => void
  readonly onExclude: () => void
}

/**
 * The lines of a facet as one stop of Tab: arrows move, Space and Enter toggle, Alt with either excludes, as does the button that the
 * right arrow reaches.
 */
export function ValueList({ label, rows }: { readonly label: string; readonly rows: readonly ValueRow[] }) {
  const box = useRef<HTMLDivElement>(null)
  const [activeId, setActiveId] = useState<string>()
  const active = Math.max(
    0,
    rows.findIndex(({ id }) => id === activeId),
  )
  const largest = Math.max(1, ...rows.map(({ count }) => count ?? 0))
  const focus = (at: number, selector = '[role=checkbox]') => {
    const row = box.current?.children[(at + rows.length) % rows.length]
    row?.querySelector<HTMLElement>(selector)?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => focus(active + 1),
      ArrowUp: () => focus(active - 1),
      Home: () => focus(0),
      End: () => focus(rows.length - 1),
      ArrowRight: () => focus(active, '[data-exclude]'),
      ArrowLeft: () => focus(active),
    }
    const move = moves[event.key]
    if (move === undefined) return
    event.preventDefault()
    move()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has a legend, and a look of its own
    <div ref={box} role="group" aria-label={label} onKeyDown={onKeyDown}>
      {rows.map((row, at) => (
        <Line
          key={row.id}
          row={row}
          share={(row.count ?? 0) / largest}
          isStop={at === active}
          onFocus={() => setActiveId(row.id)}
        />
      ))}
    </div>
  )
}

const BOXES = {
  on: 'border-accent bg-accent text-on-accent',
  off: 'border-control bg-surface',
  excluded: 'border-bad bg-bad-tint text-bad',
} as const

function Line({
  row: { name, content, count, state, onToggle, onExclude },
  share,
  isStop,
  onFocus,
}: {
  readonly row: ValueRow
  readonly share: number
  readonly isStop: boolean
  readonly onFocus: () => void
}) {
  const texts = useTexts(exploreTexts)
  const format = useFormat()
  const onClick = (event: MouseEvent) => (event.altKey ? onExclude() : onToggle())
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'Enter' && event.key !== ' ')) return
    event.preventDefault()
    onExclude()
  }
  return (
    <div className="group/line relative flex h-6 items-center rounded-mark hover:bg-hover">
      {/* biome-ignore lint/a11y/useSemanticElements: a click with Alt excludes, which a check box of the browser cannot say */}
      <button
        type="button"
        role="checkbox"
        aria-checked={state === 'excluded' ? 'mixed' : state === 'on'}
        tabIndex={isStop ? 0 : -1}
        onFocus={onFocus}
        onClick={onClick}
        onKeyDown={onKeyDown}
        className="flex h-full w-full min-w-0 cursor-default items-center gap-2 rounded-mark px-2 text-left text-body focus-visible:outline-offset-[-2px]"
      >
        <span className={`flex size-4 shrink-0 items-center justify-center rounded-mark border ${BOXES[state]}`}>
          {state === 'on' && <Check className="size-3" strokeWidth={3} aria-hidden="true" />}
          {state === 'excluded' && <Minus className="size-3" strokeWidth={3} aria-hidden="true" />}
        </span>
        <span className="relative flex h-full min-w-0 grow items-center gap-2">
          <span
            className="absolute inset-y-0.5 left-0 rounded-mark bg-meter"
            style={{ width: `${share * 100}%` }}
            aria-hidden="true"
          />
          <span
            title={name}
            className={`relative min-w-0 grow truncate pl-1 ${state === 'on' ? 'font-semibold' : ''} ${state === 'excluded' ? 'line-through' : ''}`}
          >
            {content ?? name}
          </span>
          {state === 'excluded' && <span className="sr-only">{texts.excluded}</span>}
          <span className="relative shrink-0 pr-1 text-ink-2 tabular-nums">
            {count === undefined ? '' : format.number(count)}
          </span>
        </span>
      </button>
      <button
        type="button"
        data-exclude
        tabIndex={-1}
        aria-label={texts.exclude(name)}
        title={texts.exclude(name)}
        onFocus={onFocus}
        onClick={onExclude}
        className="absolute right-0 flex h-full w-6 items-center justify-center rounded-mark bg-hover text-ink-2 opacity-0 group-hover/line:opacity-100 focus:opacity-100"
      >
        <CircleSlash className="size-3.5" aria-hidden="true" />
      </button>
    </div>
  )
}
