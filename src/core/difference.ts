import type { ChangeEffect } from './change-effect.ts'
import type { ResourceState } from './resource.ts'
import { sameState } from './tag-change.ts'

/** How a resource differs at two moments, among those that match a condition. */
export type Movement = 'entered' | 'left' | 'changed'

/**
 * Gives how a resource differs: `entered` when it matches only after, `left` when it matches only before, `changed` when it
 * matches at both moments and is another. Undefined when it is the same, or matches at neither.
 */
export function movementOf<State extends ResourceState>(
  before: State | undefined,
  after: State | undefined,
  matches: (state: State) => boolean,
): Movement | undefined {
  const was = before !== undefined && matches(before)
  const is = after !== undefined && matches(after)
  if (!was || !is) return was ? 'left' : is ? 'entered' : undefined
  return sameState(before, after) ? undefined : 'changed'
}

/** How often a tag was added, changed and removed. */
export type KeyCounts = { added: number; changed: number; removed: number }

/** Limit on the keys that a summary names; the others are counted together. */
const KEYS_MAX = 1000

/** Numbers of the resources that differ, and of their tags by key. */
export class DifferenceSummary {
  readonly movements: Record<Movement, number> = { entered: 0, left: 0, changed: 0 }
  readonly #keys = new Map<string, KeyCounts>()
  readonly #others: KeyCounts = { added: 0, changed: 0, removed: 0 }
  #otherKeys = false

  /** Adds a resource that differs. */
  add(movement: Movement, { tagsAdded, tagsChanged, tagsRemoved }: ChangeEffect): void {
    this.movements[movement]++
    for (const { key } of tagsAdded) this.#of(key).added++
    for (const { key } of tagsChanged) this.#of(key).changed++
    for (const { key } of tagsRemoved) this.#of(key).removed++
  }

  /** The keys whose tags differ, in the order in which they were found. */
  get keys(): ReadonlyMap<string, KeyCounts> {
    return this.#keys
  }

  /** The counts of all keys that are not named; undefined when all are. */
  get otherKeys(): KeyCounts | undefined {
    return this.#otherKeys ? this.#others : undefined
  }

  #of(key: string): KeyCounts {
    const known = this.#keys.get(key)
    if (known !== undefined) return known
    if (this.#keys.size >= KEYS_MAX) {
      this.#otherKeys = true
      return this.#others
    }
    const counts = { added: 0, changed: 0, removed: 0 }
    this.#keys.set(key, counts)
    return counts
  }
}
