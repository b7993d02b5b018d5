import type { ChangeEffect } from '../core/change-effect.ts'

/** How often the tag with a key was added, changed and removed. */
export type KeyEffects = { added: number; changed: number; removed: number }

/** Adds what a change did to the numbers of each key. */
export function addToKeys(keys: Map<string, KeyEffects>, { tagsAdded, tagsChanged, tagsRemoved }: ChangeEffect): void {
  for (const { key } of tagsAdded) numbersOf(keys, key).added++
  for (const { key } of tagsChanged) numbersOf(keys, key).changed++
  for (const { key } of tagsRemoved) numbersOf(keys, key).removed++
}

function numbersOf(keys: Map<string, KeyEffects>, key: string): KeyEffects {
  const known = keys.get(key)
  if (known !== undefined) return known
  const numbers = { added: 0, changed: 0, removed: 0 }
  keys.set(key, numbers)
  return numbers
}
