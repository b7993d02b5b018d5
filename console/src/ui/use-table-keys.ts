import {
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { flushSync } from 'react-dom'
import type { Selecting } from './table-selection.ts'

type Table<T> = {
  /** What scrolls. */
  readonly box: RefObject<HTMLDivElement | null>
  readonly ids: readonly string[]
  readonly items: readonly T[]
  readonly nameOf: (item: T) => string
  readonly onOpen: ((item: T) => void) | undefined
  readonly selection: Selecting | undefined
  readonly columnCount: number
  readonly rowPx: number
  readonly headPx: number
}

/** Where the focus is: the head is row -1, and a row as a whole is column -1. */
type Place = { readonly row: number; readonly column: number }

const HEAD = -1
const WHOLE = -1
/** What acts on a click or on Enter by itself. */
const CONTROLS = 'a, button, input, label'
const TYPING_MS = 1000

/**
 * The keys of a grid: arrows go from row to row, and to the right into its cells and the controls in them; Home, End and the
 * keys for pages go further, letters to the next row that begins with them. Space selects, with Shift arrows select too,
 * Ctrl A selects all and Escape nothing; Enter and a click open, or select where something is selected already.
 */
export function useTableKeys<T>(table: Table<T>) {
  const { ids, items, onOpen, selection } = table
  const [activeId, setActiveId] = useState<string>()
  const active = activeId === undefined ? HEAD : ids.indexOf(activeId)
  const moves = useMoves(table, setActiveId)
  const typed = useTypeAhead(table)
  const hasFocus = useFocusKept(table, active, moves.go)
  const act = (row: number) => {
    const item = items[row]
    if (item === undefined) return
    if (selection !== undefined && (onOpen === undefined || selection.state !== 'none')) selection.toggle(row)
    else onOpen?.(item)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as Element
    const from = placeOf(target)
    if (from === undefined || event.altKey || event.nativeEvent.isComposing) return
    const isControl = target.matches(CONTROLS)
    const to = moves.targetOf(event, from)
    if (to !== undefined) {
      moves.go(to)
      if (event.shiftKey && from.row !== HEAD && to.row !== from.row) selection?.extend(to.row, from.row)
    } else if (event.key === 'a' && (event.ctrlKey || event.metaKey) && selection !== undefined) selection.selectAll()
    else if (event.key === 'Escape' && selection !== undefined && selection.state !== 'none') {
      // What else closes on Escape stays open.
      event.stopPropagation()
      selection.clear()
    } else if (isControl || event.ctrlKey || event.metaKey) return
    else if (typed(event, from.row, (row) => moves.go({ row, column: WHOLE }))) event.preventDefault()
    else if (event.key === ' ' && from.row !== HEAD) selection?.toggle(from.row)
    else if (event.key === 'Enter') act(from.row)
    else return
    event.preventDefault()
  }
  const onClick = (event: MouseEvent) => {
    const target = event.target as Element
    const place = placeOf(target)
    if (place === undefined || target.closest(CONTROLS) !== null) return
    if (event.shiftKey && selection !== undefined) selection.extend(place.row)
    else act(place.row)
  }
  const onFocus = (event: FocusEvent) => {
    hasFocus.current = true
    const place = placeOf(event.target)
    if (place !== undefined && place.row !== HEAD) setActiveId(ids[place.row])
  }
  const onBlur = () => {
    hasFocus.current = false
  }
  return { active, gridProps: { onKeyDown, onClick, onFocus, onBlur } }
}

/** Where the arrow keys and their like lead, and the way there. */
function useMoves<T>({ box, ids, columnCount, rowPx, headPx }: Table<T>, setActiveId: (id: string) => void) {
  const lastRow = ids.length - 1
  const lastColumn = columnCount - 1
  const rowsInSight = () => Math.max(1, Math.floor(((box.current?.clientHeight ?? 0) - headPx) / rowPx) - 1)
  const targetOf = (event: KeyboardEvent, { row, column }: Place): Place | undefined => {
    const isInRow = column !== WHOLE && !event.ctrlKey
    const down = (rows: number) => ({
      row: Math.max(0, Math.min(lastRow, row + rows)),
      column: row === HEAD ? WHOLE : column,
    })
    const across = (to: number): Place => {
      const first = row === HEAD ? 0 : WHOLE
      return { row, column: to < first ? lastColumn : to > lastColumn ? first : to }
    }
    switch (event.key) {
      case 'ArrowDown':
        return down(1)
      case 'ArrowUp':
        return row <= 0 && !event.shiftKey ? { row: HEAD, column: Math.max(0, column) } : down(-1)
      case 'PageDown':
        return down(rowsInSight())
      case 'PageUp':
        return down(-rowsInSight())
      case 'ArrowRight':
        return across(column + 1)
      case 'ArrowLeft':
        return across(column - 1)
      case 'Home':
        return isInRow ? { row, column: 0 } : { row: 0, column }
      case 'End':
        return isInRow ? { row, column: lastColumn } : { row: lastRow, column }
      default:
        return undefined
    }
  }
  const go = ({ row, column }: Place) => {
    const id = ids[row]
    // The row is put into the page before it gets the focus.
    if (id !== undefined) flushSync(() => setActiveId(id))
    const scrolled = box.current
    if (scrolled === null) return
    if (row !== HEAD) {
      const top = row * rowPx
      const seen = scrolled.clientHeight - headPx
      if (top < scrolled.scrollTop) scrolled.scrollTop = top
      else if (top + rowPx > scrolled.scrollTop + seen) scrolled.scrollTop = top + rowPx - seen
    }
    focusOn(scrolled, { row, column })
  }
  return { targetOf, go }
}

/** Letters in a row lead to the next row whose name begins with them. */
function useTypeAhead<T>({ items, nameOf }: Table<T>) {
  const state = useRef({ text: '', atMs: 0 })
  return ({ key, timeStamp }: KeyboardEvent, row: number, go: (row: number) => void): boolean => {
    const { text, atMs } = state.current
    const isOn = text !== '' && timeStamp - atMs < TYPING_MS
    if (key.length !== 1 || (key === ' ' && !isOn)) return false
    const wanted = ((isOn ? text : '') + key).toLowerCase()
    state.current = { text: wanted, atMs: timeStamp }
    const from = Math.max(0, row) + (isOn ? 0 : 1)
    for (let step = 0; step < items.length; step++) {
      const at = (from + step) % items.length
      if (
        nameOf(items[at] as T)
          .toLowerCase()
          .startsWith(wanted)
      ) {
        go(at)
        return true
      }
    }
    // A space is part of the typed text, so it does not select the row.
    return key === ' '
  }
}

/** When the row that had the focus is gone, the one in its place gets it. */
function useFocusKept<T>({ box, ids }: Table<T>, active: number, go: (place: Place) => void) {
  const hasFocus = useRef(false)
  const former = useRef(active)
  const goNow = useRef(go)
  goNow.current = go
  useLayoutEffect(() => {
    if (active >= 0) former.current = active
    else if (hasFocus.current && ids.length > 0 && document.activeElement === document.body) {
      const row = Math.min(former.current, ids.length - 1)
      // Not in this effect itself, which may not draw anything at once.
      if (row >= 0) queueMicrotask(() => box.current !== null && goNow.current({ row, column: WHOLE }))
    }
  }, [box, active, ids])
  return hasFocus
}

function placeOf(element: Element): Place | undefined {
  const row = numberOf(element.closest('[role=row]'), 'aria-rowindex')
  const column = numberOf(element.closest('[aria-colindex]'), 'aria-colindex')
  return row === undefined ? undefined : { row: row - 2, column: column === undefined ? WHOLE : column - 1 }
}

function numberOf(element: Element | null, name: string): number | undefined {
  const text = element?.getAttribute(name)
  return text == null ? undefined : Number(text)
}

/** Focuses a row; or a control in a cell; or the cell if it has no control. */
function focusOn(box: HTMLElement, { row, column }: Place): void {
  const line = box.querySelector<HTMLElement>(`[aria-rowindex="${row + 2}"]`)
  if (column === WHOLE) {
    line?.focus({ preventScroll: true })
    return
  }
  const cell = line?.querySelector<HTMLElement>(`[aria-colindex="${column + 1}"]`)
  const target = cell?.querySelector<HTMLElement>('a[href], button, input') ?? cell
  // A click focuses a row, not a cell: so a cell can have the focus only from here.
  if (target === cell && cell != null) cell.tabIndex = -1
  target?.focus({ preventScroll: true })
  cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}
