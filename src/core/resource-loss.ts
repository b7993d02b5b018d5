import type { ResourceState } from './resource.ts'

/** What a change took away from a resource that stays. */
export type Loss = {
  /** True: it had a name, and has none now. */
  readonly name: boolean
  /** True: its detail said more than a status, and says no more than that now. */
  readonly detail: boolean
  /** Number of keys that it no longer has. */
  readonly tags: number
}

/** A detail with no member but the status, which every image and instance has. */
const BARE_DETAIL = /^(?:\{(?:"status":"[^"\\]*")?\})?$/

/** Gives what a resource loses from one state to the next; undefined for nothing. */
export function lossOf(before: ResourceState, after: ResourceState): Loss | undefined {
  const name = before.name !== '' && after.name === ''
  const detail = before.detail !== after.detail && BARE_DETAIL.test(after.detail) && !BARE_DETAIL.test(before.detail)
  const tags = before.tags.reduce((sum, { key }) => sum + (after.tags.some((tag) => tag.key === key) ? 0 : 1), 0)
  return name || detail || tags > 0 ? { name, detail, tags } : undefined
}
