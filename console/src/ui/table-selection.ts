import { useCallback, useRef } from 'react'

/** The rows that are selected by their ids; `all`: every row, also those that come. */
export type TableSelection = 'all' | ReadonlySet<string>

/** What the parts of a table do with its selection. */
export type Selecting = {
  readonly state: 'none' | 'some' | 'all'
  has(id: string): boolean
  /** The same function as long as the table is there. */
  readonly toggle: (at: number) => void
  /** From the row that was toggled last, or from `from`, to this one. */
  extend(at: number, from?: number): void
  selectAll(): void
  clear(): void
}

/** The selection of a table, changed as by the check boxes of a list: one more click takes a row out again. */
export function useTableSelection(
  ids: readonly string[],
  selection: { readonly selected: TableSelection; readonly onChange: (selected: TableSelection) => void } | undefined,
): Selecting | undefined {
  const reach = useRef<{ readonly anchor: string; readonly end: string }>(undefined)
  const toggleNow = useRef<(at: number) => void>(undefined)
  const toggle = useCallback((at: number) => toggleNow.current?.(at), [])
  if (selection === undefined) return undefined
  const { selected, onChange } = selection
  toggleNow.current = (at) => {
    const id = ids[at]
    if (id === undefined) return
    reach.current = { anchor: id, end: id }
    onChange(toggled(ids, selected, id))
  }
  const extend = (at: number, from = at) => {
    const end = ids[at]
    if (end === undefined) return
    const { anchor, end: former } = reach.current ?? { anchor: ids[from] ?? end, end }
    reach.current = { anchor, end }
    onChange(extended(ids, selected, anchor, former, end))
  }
  return {
    state: stateOf(ids, selected),
    has: (id) => selected === 'all' || selected.has(id),
    toggle,
    extend,
    selectAll: () => onChange('all'),
    clear: () => onChange(new Set()),
  }
}

export function stateOf(ids: readonly string[], selected: TableSelection): Selecting['state'] {
  if (selected === 'all') return 'all'
  if (selected.size === 0) return 'none'
  return ids.length > 0 && ids.every((id) => selected.has(id)) ? 'all' : 'some'
}

/** The selection with a row added, or taken out if it was there. */
export function toggled(ids: readonly string[], selected: TableSelection, id: string): ReadonlySet<string> {
  const next = new Set(selected === 'all' ? ids : selected)
  if (!next.delete(id)) next.add(id)
  return next
}

/** The selection whose reach from `anchor` ended at `former` and now ends at `end`. */
export function extended(
  ids: readonly string[],
  selected: TableSelection,
  anchor: string,
  former: string,
  end: string,
): ReadonlySet<string> {
  const next = new Set(selected === 'all' ? ids : selected)
  for (const id of between(ids, anchor, former)) next.delete(id)
  for (const id of between(ids, anchor, end)) next.add(id)
  return next
}

/** The ids from one to another, in either order; `one` may be gone. */
function between(ids: readonly string[], one: string, other: string): readonly string[] {
  const to = ids.indexOf(other)
  const from = ids.indexOf(one)
  if (to < 0) return []
  return ids.slice(from < 0 ? to : Math.min(from, to), Math.max(from, to) + 1)
}
