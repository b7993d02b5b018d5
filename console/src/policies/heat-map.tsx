import { type KeyboardEvent, useRef, useState } from 'react'
import { useFormat } from '../text/format.ts'
import { percentOf } from '../text/format-for.ts'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import { Badge } from '../ui/marks.tsx'
import { type Board, type BoardRow, type Cell, HEAT_LEVELS, heatLevel, shareOf } from './board-model.ts'
import type { Rule } from './queries.ts'
import type { View } from './search.ts'
import { policiesTexts } from './texts.ts'

const HEAT = [
  'bg-heat-0',
  'bg-heat-1 text-ink',
  'bg-heat-2 text-ink',
  'bg-heat-3 text-ink',
  'bg-heat-4 text-on-heat',
  'bg-heat-5 text-on-heat',
] as const

type Props = {
  readonly board: Board
  readonly view: View
  readonly label: string
  readonly chosen: { readonly key: string; readonly type: string | undefined } | undefined
  readonly onChoose: (key: string, type: string | undefined) => void
}

/** Keys by types. The whole table is one stop of Tab, with arrow keys inside. */
export function HeatMap({ board, view, label, chosen, onChoose }: Props) {
  const texts = useTexts(policiesTexts)
  const format = useFormat()
  const typeName = useTypeName()
  const { body, stop, onKeyDown, onFocus } = useArrowKeys(board, chosen)
  const total = board.rows[0]?.all.resources ?? 0
  return (
    <section className="isolate shrink-0 overflow-x-auto px-4 pb-1" aria-label={label} tabIndex={-1} data-results>
      <table aria-label={label} className="border-separate border-spacing-0.5">
        <thead>
          <tr className="text-small text-ink-2">
            <th scope="col" className="sticky left-0 z-10 w-56 bg-surface py-1 pr-2 text-left font-medium">
              {texts.key}
            </th>
            <TypeHead name={texts.allTypes} count={format.number(total)} />
            {board.types.map(({ type, resources }) => (
              <TypeHead key={type} name={typeName(type)} count={format.number(resources)} />
            ))}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={onKeyDown} onFocus={onFocus}>
          {board.rows.map((row, y) => (
            <tr key={row.key}>
              <KeyHead row={row} />
              {[row.all, ...row.cells].map((cell, x) => (
                <HeatCell
                  key={cell.type ?? ''}
                  row={row}
                  cell={cell}
                  view={view}
                  typeName={cell.type === undefined ? texts.everyType : typeName(cell.type)}
                  isStop={stop.x === x && stop.y === y}
                  isChosen={chosen?.key === row.key && chosen.type === cell.type}
                  onPress={() => onChoose(row.key, cell.type)}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function TypeHead({ name, count }: { readonly name: string; readonly count: string }) {
  return (
    <th
      scope="col"
      className="w-24 max-w-32 min-w-18 px-1 py-1 text-center align-bottom font-normal first-of-type:w-20"
    >
      <span className="line-clamp-2 wrap-anywhere" title={name}>
        {name}
      </span>
      <span className="text-micro text-ink-3 tabular-nums">{count}</span>
    </th>
  )
}

function KeyHead({ row: { key, rule } }: { readonly row: BoardRow }) {
  return (
    <th scope="row" className="sticky left-0 z-10 max-w-72 bg-surface pr-2 text-left font-normal">
      <span className="flex items-center gap-1.5">
        <span className="truncate font-mono text-small" title={key}>
          {key}
        </span>
        {rule !== undefined && <RuleBadge rule={rule} />}
      </span>
    </th>
  )
}

/** What becomes of what does not comply with a rule. */
export function RuleBadge({ rule }: { readonly rule: Rule }) {
  const texts = useTexts(policiesTexts)
  const [tone, word, hint] =
    rule.enforced_for.length > 0
      ? (['accent', texts.enforced, texts.enforcedHint] as const)
      : rule.report_required_tag_for.length > 0
        ? (['neutral', texts.required, texts.requiredHint] as const)
        : (['neutral', texts.ruled, texts.ruledHint] as const)
  return (
    <Badge tone={tone}>
      <span title={hint}>{word}</span>
    </Badge>
  )
}

function HeatCell({
  row: { key, rule },
  cell,
  view,
  typeName,
  isStop,
  isChosen,
  onPress,
}: {
  readonly row: BoardRow
  readonly cell: Cell
  readonly view: View
  readonly typeName: string
  readonly isStop: boolean
  readonly isChosen: boolean
  readonly onPress: () => void
}) {
  const texts = useTexts(policiesTexts)
  const format = useFormat()
  const share = shareOf(cell, rule, view)
  const words =
    share !== undefined
      ? format.percent(share)
      : view === 'validity' && rule === undefined
        ? texts.noRule
        : texts.noneHasIt
  const look = HEAT[share === undefined ? 0 : heatLevel(share)]
  const faint = share === undefined ? 'text-ink-3' : share === 0 ? 'font-medium text-bad' : ''
  return (
    <td className="p-0">
      <button
        type="button"
        tabIndex={isStop ? 0 : -1}
        aria-pressed={isChosen}
        aria-label={texts.cellName(key, typeName, words)}
        onClick={onPress}
        className={`relative block h-7 w-full rounded-mark text-center text-small tabular-nums hover:outline-1 hover:outline-control focus-visible:z-10 focus-visible:outline-2 focus-visible:outline-accent aria-pressed:z-10 aria-pressed:shadow-[inset_0_0_0_2px_var(--color-surface)] aria-pressed:outline-2 aria-pressed:outline-offset-0 aria-pressed:outline-accent ${look} ${faint}`}
      >
        {share === undefined ? '–' : percentOf(share)}
      </button>
    </td>
  )
}

/** The colours, and that they only help. */
export function HeatLegend() {
  const texts = useTexts(policiesTexts)
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-1 text-small text-ink-3">
      <span className="flex items-center gap-1">
        {texts.legendLow}
        {HEAT_LEVELS.map((level) => (
          <span key={level} className={`h-2.5 w-6 rounded-mark ${HEAT[level]}`} aria-hidden="true" />
        ))}
        {texts.legendHigh}
      </span>
      {texts.legend}
    </p>
  )
}

type Place = { readonly x: number; readonly y: number }

/** Moves the focus between the cells: arrows, Home and End in the row, with Ctrl in the table. */
function useArrowKeys({ rows, types }: Board, chosen: Props['chosen']) {
  const body = useRef<HTMLTableSectionElement>(null)
  const [focused, setFocused] = useState<Place>()
  const columns = types.length + 1
  const stop = placeIn(focused, columns, rows.length) ?? chosenPlace(rows, chosen) ?? { x: 0, y: 0 }
  const buttonAt = ({ x, y }: Place) => body.current?.rows[y]?.querySelectorAll('button')[x]
  const placeOf = (target: EventTarget): Place | undefined => {
    const row = target instanceof Element ? target.closest('tr') : null
    const button = target instanceof Element ? target.closest('button') : null
    if (row === null || button === null) return undefined
    return { x: [...row.querySelectorAll('button')].indexOf(button), y: row.sectionRowIndex }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const from = placeOf(event.target)
    const to = from && nextPlace(event, from, columns, rows.length)
    if (to === undefined) return
    event.preventDefault()
    buttonAt(to)?.focus()
  }
  const onFocus = (event: { readonly target: EventTarget }) => setFocused(placeOf(event.target))
  return { body, stop, onKeyDown, onFocus }
}

function nextPlace({ key, ctrlKey }: KeyboardEvent, { x, y }: Place, columns: number, rows: number): Place | undefined {
  const [lastX, lastY] = [columns - 1, rows - 1]
  switch (key) {
    case 'ArrowLeft':
      return { x: Math.max(0, x - 1), y }
    case 'ArrowRight':
      return { x: Math.min(lastX, x + 1), y }
    case 'ArrowUp':
      return { x, y: Math.max(0, y - 1) }
    case 'ArrowDown':
      return { x, y: Math.min(lastY, y + 1) }
    case 'Home':
      return { x: 0, y: ctrlKey ? 0 : y }
    case 'End':
      return { x: lastX, y: ctrlKey ? lastY : y }
    default:
      return undefined
  }
}

function placeIn(place: Place | undefined, columns: number, rows: number): Place | undefined {
  return place !== undefined && place.x < columns && place.y < rows ? place : undefined
}

function chosenPlace(rows: readonly BoardRow[], chosen: Props['chosen']): Place | undefined {
  if (chosen === undefined) return undefined
  const y = rows.findIndex(({ key }) => key === chosen.key)
  const x = (rows[y]?.cells.findIndex(({ type }) => type === chosen.type) ?? -1) + 1
  return y < 0 ? undefined : { x, y }
}
