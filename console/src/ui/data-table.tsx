// biome-ignore-all lint/a11y/useSemanticElements: rows that are not in sight are not in the page, which the elements of a table cannot say
// biome-ignore-all lint/a11y/useFocusableInteractive: a row is one stop of the arrow keys, and `useTableKeys` makes cells focusable
// biome-ignore-all lint/a11y/useAriaPropsSupportedByRole: a role that depends on something is not read

import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, type ReactNode, useCallback, useEffect, useMemo, useRef } from 'react'
import { usePreferences } from '../text/preferences.ts'
import { useTexts } from '../text/texts.ts'
import { HeadRow, TableRow } from './table-row.tsx'
import { type Selecting, type TableSelection, useTableSelection } from './table-selection.ts'
import { uiTexts } from './texts.ts'
import { useTableKeys } from './use-table-keys.ts'

export type TableColumn<T> = {
  readonly id: string
  /** What stands in the head; `name` is its plain text. */
  readonly name: string
  readonly head?: ReactNode
  readonly cell: (item: T) => ReactNode
  /** The whole text of a cell that may be cut, shown as its title. */
  readonly title?: (item: T) => string | undefined
  /** CSS pixels, or a share of what is left, such as `2fr`. */
  readonly width: number | `${number}fr`
  readonly minWidth?: number
  readonly isRowHeader?: boolean
  /** Numbers stand at the right. */
  readonly isNumber?: boolean
}

type Props<T> = {
  readonly label: string
  /** A row is drawn again when its item or these change. Links in cells are out of the tab order: arrows reach them. */
  readonly columns: readonly TableColumn<T>[]
  readonly items: readonly T[]
  readonly idOf: (item: T) => string
  /** Words for a row, for typing ahead and for its check box. */
  readonly nameOf: (item: T) => string
  /** Enter or a click. */
  readonly onOpen?: ((item: T) => void) | undefined
  /** The row whose details are shown. */
  readonly openId?: string | undefined
  readonly selection?: {
    readonly selected: TableSelection
    readonly onChange: (selected: TableSelection) => void
  }
  /** Asks for the next page, when the end comes near. */
  readonly onLoadMore?: (() => void) | undefined
  readonly isLoadingMore?: boolean
  /** What stands in place of rows. */
  readonly empty?: ReactNode
}

const HEAD_PX = 32
const ROW_PX = { dense: 30, comfortable: 36 }
const BOX_PX = 40
const WIDTH_MIN_PX = 64
/** Rows above and below those in sight. */
const OVERSCAN = 8

/**
 * A table of any number of rows, of which only those in sight are in the page. Rows and cells are plain elements and the grid
 * handles their events: components of React Aria in each cell took most of the time from an answer to its rows.
 */
export function DataTable<T extends object>(props: Props<T>) {
  const { label, columns, items, idOf, nameOf, onOpen, empty, isLoadingMore = false } = props
  const texts = useTexts(uiTexts)
  const { density } = usePreferences()
  const rowPx = ROW_PX[density]
  const box = useRef<HTMLDivElement>(null)
  const ids = useMemo(() => items.map(idOf), [items, idOf])
  const selection = useTableSelection(ids, props.selection)
  const hasBoxes = selection !== undefined
  const { active, gridProps } = useTableKeys({
    box,
    ids,
    items,
    nameOf,
    onOpen,
    selection,
    columnCount: columns.length + (hasBoxes ? 1 : 0),
    rowPx,
    headPx: HEAD_PX,
  })
  const inSight = useRowsInSight(box, items.length, rowPx, active)
  useLoadMore(props, (inSight.at(-1) ?? -1) >= items.length - 1 - OVERSCAN, ids.at(-1))
  const { template, minWidth } = useMemo(() => widthsOf(columns, hasBoxes), [columns, hasBoxes])
  return (
    // A stacking context of its own, so that the z-index of the sticky head does not paint over a drawer.
    <div ref={box} data-results className="isolate min-h-0 grow overflow-auto bg-surface">
      <div
        {...gridProps}
        role="grid"
        aria-label={label}
        aria-rowcount={items.length + 1}
        aria-colcount={columns.length + (hasBoxes ? 1 : 0)}
        {...(hasBoxes && { 'aria-multiselectable': true })}
        style={{ '--columns': template, minWidth } as CSSProperties}
      >
        <HeadRow columns={columns} selection={selection} />
        {items.length > 0 && (
          <div role="rowgroup" className="relative" style={{ height: items.length * rowPx }}>
            {rowsOf(props, inSight, { ids, selection, rowPx, stop: active < 0 ? inSight[0] : active })}
          </div>
        )}
        {items.length === 0 && empty !== undefined && (
          <div role="rowgroup">
            <div role="row">
              <div role="gridcell">{empty}</div>
            </div>
          </div>
        )}
      </div>
      {isLoadingMore && items.length > 0 && (
        <p className="flex h-8 items-center px-4 text-small text-ink-3">{texts.loading}</p>
      )}
    </div>
  )
}

function rowsOf<T>(
  { items, nameOf, columns, openId, onOpen }: Props<T>,
  inSight: readonly number[],
  of: {
    readonly ids: readonly string[]
    readonly selection: Selecting | undefined
    readonly rowPx: number
    /** The row that Tab leads to. */
    readonly stop: number | undefined
  },
) {
  return inSight.map((at) => {
    const [item, id] = [items[at] as T, of.ids[at] as string]
    return (
      <TableRow
        key={id}
        at={at}
        item={item}
        name={nameOf(item)}
        columns={columns}
        heightPx={of.rowPx}
        isStop={at === of.stop}
        isOpen={id === openId}
        isClickable={onOpen !== undefined}
        isSelected={of.selection?.has(id)}
        onToggle={of.selection?.toggle}
      />
    )
  })
}

/** The virtual rows in the viewport, and the focused row, which would lose the focus if it were unmounted. */
function useRowsInSight(
  box: { readonly current: HTMLDivElement | null },
  count: number,
  rowPx: number,
  active: number,
) {
  const rangeExtractor = useCallback(
    (range: Range) => {
      const inSight = defaultRangeExtractor(range)
      if (active < 0 || active >= count || inSight.includes(active)) return inSight
      return [...inSight, active].sort((one, other) => one - other)
    },
    [active, count],
  )
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
    scrollMargin: HEAD_PX,
    rangeExtractor,
    // What the first rows are drawn for, before anything is measured.
    initialRect: { width: 0, height: window.innerHeight },
  })
  const measuredPx = useRef(rowPx)
  useEffect(() => {
    // Sizes are kept until they are measured again.
    if (measuredPx.current !== rowPx) virtualizer.measure()
    measuredPx.current = rowPx
  }, [virtualizer, rowPx])
  return virtualizer.getVirtualItems().map(({ index }) => index)
}

/** Asks for the next page once for each end that comes near, so that a page that fails is not asked for without end. */
function useLoadMore<T>({ onLoadMore, isLoadingMore }: Props<T>, isNear: boolean, lastId: string | undefined): void {
  const asked = useRef<string>(undefined)
  useEffect(() => {
    if (!isNear || onLoadMore === undefined) asked.current = undefined
    else if (isLoadingMore !== true && asked.current !== lastId) {
      asked.current = lastId
      onLoadMore()
    }
  }, [isNear, lastId, onLoadMore, isLoadingMore])
}

/** The tracks of a row: head and rows are grids of their own with the same ones. */
function widthsOf<T>(columns: readonly TableColumn<T>[], hasBoxes: boolean) {
  const tracks = columns.map(({ width, minWidth = WIDTH_MIN_PX }) =>
    typeof width === 'number' ? `${width}px` : `minmax(${minWidth}px, ${width})`,
  )
  const least = columns.map(({ width, minWidth = WIDTH_MIN_PX }) => (typeof width === 'number' ? width : minWidth))
  if (hasBoxes) {
    tracks.unshift(`${BOX_PX}px`)
    least.push(BOX_PX)
  }
  return { template: tracks.join(' '), minWidth: least.reduce((sum, each) => sum + each, 0) }
}
