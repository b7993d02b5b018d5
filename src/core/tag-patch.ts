import type { Tag } from './tag.ts'

/** What happens to one key of a resource. `undefined` is an absent key, before or after. */
export type KeyPatch = {
  readonly key: string
  /** The value that the key has to have. */
  readonly expect: string | undefined
  /** The value that it gets. */
  readonly value: string | undefined
}

/**
 * A concrete change of the tags of one resource: a JSON Merge Patch over the map of its tags, which applies only while each
 * of its keys is as expected. Other keys do not matter.
 */
export type TagPatch = {
  readonly keys: readonly KeyPatch[]
  /**
   * The order of the keys afterwards; keys that are not listed come after them. Without it a key that stays keeps its
   * position, and a new one is appended.
   */
  readonly order?: readonly string[] | undefined
}

/** A key that is not as a patch expects it, with the value that it has. */
export type KeyConflict = { readonly key: string; readonly actual: string | undefined }

/** Gives the first key that is not as the patch expects it; undefined when all are. */
export function conflictOf(tags: readonly Tag[], { keys }: TagPatch): KeyConflict | undefined {
  for (const { key, expect } of keys) {
    const actual = valueIn(tags, key)
    if (actual !== expect) return { key, actual }
  }
  return undefined
}

/** Applies a patch, whatever it expects. */
export function applyPatch(tags: readonly Tag[], { keys, order }: TagPatch): readonly Tag[] {
  const values = new Map(tags.map(({ key, value }) => [key, value]))
  for (const { key, value } of keys) {
    if (value === undefined) values.delete(key)
    else values.set(key, value)
  }
  const patched = Array.from(values, ([key, value]) => ({ key, value }))
  return order === undefined ? patched : inOrder(patched, order)
}

/** Gives the patch that makes one list of tags another one, in its order. */
export function patchBetween(before: readonly Tag[], after: readonly Tag[]): TagPatch {
  const keys: KeyPatch[] = []
  for (const { key, value: expect } of before) {
    const value = valueIn(after, key)
    if (value !== expect) keys.push({ key, expect, value })
  }
  for (const { key, value } of after) {
    if (valueIn(before, key) === undefined) keys.push({ key, expect: undefined, value })
  }
  // A key that replaces another one keeps its position also where further keys have been added since.
  const replaces = keys.some(({ expect }) => expect === undefined) && keys.some(({ value }) => value === undefined)
  const isInOrder = applyPatch(before, { keys }).every(({ key }, i) => key === after[i]?.key)
  return isInOrder && !replaces ? { keys } : { keys, order: after.map(({ key }) => key) }
}

/** What is left to take back of a patch that was applied. */
export type Inverse = {
  readonly keys: readonly KeyPatch[]
  /** Keys that have got another value since, and so are left alone. */
  readonly left: readonly string[]
}

/** Gives the keys to take back: those that still have the value of the patch, and do not have the one from before. */
export function inverseOn(tags: readonly Tag[], { keys }: TagPatch): Inverse {
  const inverse: KeyPatch[] = []
  const left: string[] = []
  for (const { key, expect, value } of keys) {
    const actual = valueIn(tags, key)
    if (actual === expect) continue
    if (actual === value) inverse.push({ key, expect: value, value: expect })
    else left.push(key)
  }
  return { keys: inverse, left }
}

function valueIn(tags: readonly Tag[], key: string): string | undefined {
  return tags.find((tag) => tag.key === key)?.value
}

function inOrder(tags: readonly Tag[], order: readonly string[]): readonly Tag[] {
  const positions = new Map(order.map((key, i) => [key, i]))
  const position = ({ key }: Tag) => positions.get(key) ?? order.length
  return tags.toSorted((a, b) => position(a) - position(b))
}
