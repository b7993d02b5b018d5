import type { Tag } from './tag.ts'

/** One step of what a plan does to the tags of each resource. */
export type PlanAction =
  /** Gives a tag another key; it keeps its position. `ifBoth`: what happens to a resource that has both keys. */
  | {
      readonly kind: 'rename-key'
      readonly from: string
      readonly to: string
      readonly ifBoth: IfBoth
    }
  /** Replaces some values of a key by one. */
  | { readonly kind: 'map-value'; readonly key: string; readonly from: readonly string[]; readonly to: string }
  /** Adds tags; a key that the resource has gets the new value, or keeps its own with `onlyIfAbsent`. */
  | { readonly kind: 'set'; readonly tags: readonly Tag[]; readonly onlyIfAbsent: boolean }
  /** Removes tags: with a value only that tag, without one any tag with the key. */
  | { readonly kind: 'remove'; readonly tags: readonly Removal[] }
  /** Changes the case of the value of a key. */
  | { readonly kind: 'change-case'; readonly key: string; readonly to: LetterCase }

export type Removal = { readonly key: string; readonly value: string | undefined }

/** `keep-to`: the tag with the new key stays, the other goes; `keep-from`: the new key gets the value of the other. */
export type IfBoth = 'keep-to' | 'keep-from' | 'refuse'
export const IF_BOTH: readonly IfBoth[] = ['keep-to', 'keep-from', 'refuse']

export type LetterCase = 'lower' | 'upper'
export const LETTER_CASES: readonly LetterCase[] = ['lower', 'upper']

/** Applies actions in order. Gives undefined when a resource has both keys of a renaming that then refuses. */
export function applyActions(tags: readonly Tag[], actions: readonly PlanAction[]): readonly Tag[] | undefined {
  let current: readonly Tag[] | undefined = tags
  for (const action of actions) {
    current = applyAction(current, action)
    if (current === undefined) return undefined
  }
  return current
}

function applyAction(tags: readonly Tag[], action: PlanAction): readonly Tag[] | undefined {
  switch (action.kind) {
    case 'rename-key':
      return renameKey(tags, action)
    case 'map-value': {
      const { key, from, to } = action
      return withValue(tags, key, (value) => (from.includes(value) ? to : value))
    }
    case 'set':
      return action.tags.reduce((set, tag) => setTag(set, tag, action.onlyIfAbsent), tags)
    case 'remove':
      return tags.filter((tag) => !action.tags.some((removal) => isRemovedBy(tag, removal)))
    case 'change-case': {
      const { key, to } = action
      return withValue(tags, key, (value) => (to === 'lower' ? value.toLowerCase() : value.toUpperCase()))
    }
  }
}

function renameKey(
  tags: readonly Tag[],
  { from, to, ifBoth }: Extract<PlanAction, { kind: 'rename-key' }>,
): readonly Tag[] | undefined {
  const renamed = tags.find(({ key }) => key === from)
  if (renamed === undefined) return tags
  if (!tags.some(({ key }) => key === to)) return tags.map((tag) => (tag === renamed ? { ...tag, key: to } : tag))
  if (ifBoth === 'refuse') return undefined
  const others = tags.filter((tag) => tag !== renamed)
  return ifBoth === 'keep-to' ? others : withValue(others, to, () => renamed.value)
}

function isRemovedBy(tag: Tag, { key, value }: Removal): boolean {
  return tag.key === key && (value === undefined || tag.value === value)
}

function withValue(tags: readonly Tag[], key: string, change: (value: string) => string): readonly Tag[] {
  return tags.map((tag) => (tag.key === key ? { key, value: change(tag.value) } : tag))
}

function setTag(tags: readonly Tag[], tag: Tag, onlyIfAbsent: boolean): readonly Tag[] {
  if (!tags.some(({ key }) => key === tag.key)) return [...tags, tag]
  return onlyIfAbsent ? tags : withValue(tags, tag.key, () => tag.value)
}
