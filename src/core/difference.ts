import type { ResourceState } from './resource.ts'
import { sameState } from './tag-change.ts'

/** How a resource differs at two moments, among those that match a condition. */
export type Movement = 'entered' | 'left' | 'changed'

/**
 * Gives how a resource differs: `entered` when it matches only after, `left` when it matches only before, `changed` when it
 * matches at both moments and is another. Undefined when it is the same, or matches at neither.
 */
export function movementOf(
  before: ResourceState | undefined,
  after: ResourceState | undefined,
  matches: (state: ResourceState) => boolean,
): Movement | undefined {
  const was = before !== undefined && matches(before)
  const is = after !== undefined && matches(after)
  if (!was || !is) return was ? 'left' : is ? 'entered' : undefined
  return sameState(before, after) ? undefined : 'changed'
}
