// What the dialog for tagging holds, and what becomes of it.

/** A tag to be set. */
export type SetRow = { readonly key: string; readonly value: string }

export type TagEdits = {
  readonly set: readonly SetRow[]
  readonly remove: readonly string[]
  /** Resources that have a key keep its value. */
  readonly isOnlyIfAbsent: boolean
  readonly note: string
}

export const NO_EDITS: TagEdits = { set: [{ key: '', value: '' }], remove: [''], isOnlyIfAbsent: false, note: '' }

/** What is wrong with edits; undefined if nothing is. */
export type EditFault =
  | { readonly kind: 'empty' }
  | { readonly kind: 'key-missing' }
  | { readonly kind: 'key-twice'; readonly key: string }

export function faultOf(edits: TagEdits): EditFault | undefined {
  if (edits.set.some(({ key, value }) => key === '' && value !== '')) return { kind: 'key-missing' }
  const { set, remove } = filled(edits)
  const keys = [...set.map(({ key }) => key), ...remove]
  const twice = keys.find((key, at) => keys.indexOf(key) !== at)
  if (twice !== undefined) return { kind: 'key-twice', key: twice }
  return keys.length === 0 ? { kind: 'empty' } : undefined
}

/** The edits without empty rows. */
export function filled({ set, remove }: TagEdits): Pick<TagEdits, 'set' | 'remove'> {
  return { set: set.filter(({ key }) => key !== ''), remove: remove.filter((key) => key !== '') }
}

/** An action of a plan. */
export type PlanAction = {
  set?: Record<string, string>
  only_if_absent?: boolean
  remove?: { keys: string[] }
}

/** The edits as actions of a plan. */
export function actionsOf(edits: TagEdits): PlanAction[] {
  const { set, remove } = filled(edits)
  const actions: PlanAction[] = []
  if (set.length > 0) {
    const tags = Object.fromEntries(set.map(({ key, value }) => [key, value]))
    actions.push({ set: tags, ...(edits.isOnlyIfAbsent ? { only_if_absent: true } : {}) })
  }
  if (remove.length > 0) actions.push({ remove: { keys: [...remove] } })
  return actions
}
