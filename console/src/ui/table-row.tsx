// biome-ignore-all lint/a11y/useSemanticElements: rows that are not in sight are not in the page, which the elements of a table cannot say
// biome-ignore-all lint/a11y/useFocusableInteractive: a row is one stop of the arrow keys, and `useTableKeys` makes cells focusable
// biome-ignore-all lint/a11y/useAriaPropsSupportedByRole: a role that depends on something is not read

import { Check, Minus } from 'lucide-react'
import { memo } from 'react'
import { useTexts } from '../text/texts.ts'
import type { TableColumn } from './data-table.tsx'
import type { Selecting } from './table-selection.ts'
import { uiTexts } from './texts.ts'

const CELL = 'flex h-full items-center overflow-hidden px-2 text-body focus-visible:-outline-offset-2'
const HEAD_CELL =
  'flex h-8 items-center overflow-hidden px-2 text-small font-medium text-ink-2 focus-visible:-outline-offset-2'
const ROW =
  'absolute grid w-full grid-cols-(--columns) border-b border-line data-selected:bg-tint data-open:shadow-[inset_2px_0_var(--color-accent)] focus-visible:-outline-offset-2'
/** A drag over a row that a click acts on selects no text. */
const LIVE_ROW = `${ROW} select-none hover:bg-hover`

/** The names of the columns, which stay in sight. Its cells get the focus from the arrow keys. */
export function HeadRow<T>({
  columns,
  selection,
}: {
  readonly columns: readonly TableColumn<T>[]
  readonly selection: Selecting | undefined
}) {
  const texts = useTexts(uiTexts)
  const before = selection === undefined ? 1 : 2
  return (
    <div role="rowgroup" className="sticky top-0 z-10 bg-surface">
      <div role="row" aria-rowindex={1} className="grid grid-cols-(--columns) border-b border-line">
        {selection !== undefined && (
          <div role="columnheader" aria-colindex={1} className={HEAD_CELL}>
            <Tick
              label={texts.selectAll}
              state={selection.state}
              onChange={() => (selection.state === 'all' ? selection.clear() : selection.selectAll())}
            />
          </div>
        )}
        {columns.map(({ id, name, head, isNumber }, at) => (
          <div
            key={id}
            role="columnheader"
            aria-colindex={at + before}
            className={isNumber ? `${HEAD_CELL} justify-end` : HEAD_CELL}
          >
            {head ?? <span className="truncate">{name}</span>}
          </div>
        ))}
      </div>
    </div>
  )
}

type RowProps<T> = {
  readonly at: number
  readonly item: T
  readonly name: string
  readonly columns: readonly TableColumn<T>[]
  readonly heightPx: number
  /** The row that Tab leads to. */
  readonly isStop: boolean
  readonly isOpen: boolean
  readonly isClickable: boolean
  /** Undefined: rows cannot be selected. */
  readonly isSelected: boolean | undefined
  readonly onToggle: ((at: number) => void) | undefined
}

/** A row of a table. It has no listeners but that of its check box: see `useTableKeys`. */
export const TableRow = memo(function TableRow<T>(props: RowProps<T>) {
  const { at, item, name, columns, heightPx, isStop, isOpen, isClickable, isSelected, onToggle } = props
  const texts = useTexts(uiTexts)
  const before = isSelected === undefined ? 1 : 2
  return (
    <div
      role="row"
      aria-rowindex={at + 2}
      aria-label={name}
      aria-selected={isSelected}
      tabIndex={isStop ? 0 : -1}
      data-selected={isSelected || undefined}
      data-open={isOpen || undefined}
      className={isClickable ? `${LIVE_ROW} cursor-pointer` : isSelected === undefined ? ROW : LIVE_ROW}
      style={{ top: at * heightPx, height: heightPx }}
    >
      {isSelected !== undefined && (
        <div role="gridcell" aria-colindex={1} className={CELL}>
          <Tick label={texts.selectRow(name)} state={isSelected ? 'all' : 'none'} onChange={() => onToggle?.(at)} />
        </div>
      )}
      {columns.map(({ id, cell, title, isRowHeader, isNumber }, place) => (
        <div
          key={id}
          role={isRowHeader ? 'rowheader' : 'gridcell'}
          aria-colindex={place + before}
          className={isNumber ? `${CELL} justify-end tabular-nums` : CELL}
        >
          <span className="truncate" title={title?.(item)}>
            {cell(item)}
          </span>
        </div>
      ))}
    </div>
  )
}) as <T>(props: RowProps<T>) => React.ReactNode

/** A check box that a table has in each row: looks as `Checkbox` does, and is reached by arrow keys alone. */
function Tick({
  label,
  state,
  onChange,
}: {
  readonly label: string
  readonly state: Selecting['state']
  readonly onChange: () => void
}) {
  const Icon = state === 'some' ? Minus : Check
  return (
    <label className="flex h-full grow items-center pl-1">
      <input
        type="checkbox"
        tabIndex={-1}
        aria-label={label}
        checked={state === 'all'}
        ref={(input) => {
          if (input !== null) input.indeterminate = state === 'some'
        }}
        onChange={onChange}
        className="peer sr-only"
      />
      <span
        className={`flex size-4 shrink-0 items-center justify-center rounded-mark border peer-focus-visible:outline-2 peer-focus-visible:outline-offset-1 peer-focus-visible:outline-accent ${state === 'none' ? 'border-control bg-surface' : 'border-accent bg-accent'}`}
      >
        {state !== 'none' && <Icon className="size-3 text-on-accent" strokeWidth={3} aria-hidden="true" />}
      </span>
    </label>
  )
}
