import type { ErrorCode, Facts } from './errors.ts'
import type { ResourceState } from './resource.ts'
import type { Tag } from './tag.ts'

/** What a write asks for. Texts have passed the service's rules before a change is built. */
export type TagChange =
  /** Makes the resource, or replaces its name, detail and all its tags. */
  | { readonly kind: 'register'; readonly state: ResourceState }
  /** Adds tags to a resource that exists; a key that is there keeps its place and gets the new value. */
  | { readonly kind: 'set-tags'; readonly tags: readonly Tag[] }
  /** Removes tags by key, or by exact pair where a value is given. An absent tag counts as removed. */
  | { readonly kind: 'remove-tags'; readonly tags: readonly { readonly key: string; readonly value?: string }[] }
  /** Forgets a resource that exists. */
  | { readonly kind: 'delete' }

export type Decision =
  | { readonly outcome: 'changed'; readonly next: ResourceState | undefined }
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'refused'; readonly code: ErrorCode; readonly facts: Facts }

/**
 * Decides one change on the current state of one resource: pure, total, all or nothing. `undefined` stands for a
 * resource that does not exist, before and after. A refusal is `resource-not-found` or `tag-quota-exceeded`.
 */
export function decide(current: ResourceState | undefined, change: TagChange, tagsPerResourceMax: number): Decision {
  if (change.kind === 'register') return decideRegister(current, change.state, tagsPerResourceMax)
  if (current === undefined) return { outcome: 'refused', code: 'resource-not-found', facts: {} }
  switch (change.kind) {
    case 'delete':
      return { outcome: 'changed', next: undefined }
    case 'set-tags':
      return decideTags(current, setTags(current.tags, change.tags), tagsPerResourceMax)
    case 'remove-tags':
      return decideTags(current, removeTags(current.tags, change.tags), tagsPerResourceMax)
  }
}

function decideRegister(current: ResourceState | undefined, next: ResourceState, limit: number): Decision {
  const same =
    current !== undefined &&
    current.name === next.name &&
    current.detail === next.detail &&
    sameTags(current.tags, next.tags)
  if (same) return { outcome: 'unchanged' }
  return next.tags.length > limit ? quotaExceeded(next.tags.length, limit) : { outcome: 'changed', next }
}

function decideTags(current: ResourceState, tags: readonly Tag[], limit: number): Decision {
  if (sameTags(current.tags, tags)) return { outcome: 'unchanged' }
  // A resource that a wider quota of earlier days let grow may lose tags and change values, but not gain any.
  if (tags.length > limit && tags.length > current.tags.length) return quotaExceeded(tags.length, limit)
  return { outcome: 'changed', next: { ...current, tags } }
}

function quotaExceeded(actual: number, limit: number): Decision {
  const facts = { field: 'tags', rule: { name: 'items-max', limit }, value: actual } as const
  return { outcome: 'refused', code: 'tag-quota-exceeded', facts }
}

function setTags(tags: readonly Tag[], changes: readonly Tag[]): readonly Tag[] {
  const values = new Map(tags.map((tag) => [tag.key, tag.value]))
  for (const { key, value } of changes) values.set(key, value)
  return Array.from(values, ([key, value]) => ({ key, value }))
}

function removeTags(
  tags: readonly Tag[],
  removals: readonly { readonly key: string; readonly value?: string }[],
): readonly Tag[] {
  return tags.filter(
    (tag) => !removals.some(({ key, value }) => key === tag.key && (value === undefined || value === tag.value)),
  )
}

function sameTags(a: readonly Tag[], b: readonly Tag[]): boolean {
  return a.length === b.length && a.every((tag, i) => tag.key === b[i]?.key && tag.value === b[i].value)
}
