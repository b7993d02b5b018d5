import type { KeyChange } from '../changes/key-change.ts'
import type { Difference } from './difference.ts'

/** The keys whose tags differ, in alphabetical order. */
export function keyChangesOf({ from, to }: Pick<Difference, 'from' | 'to'>): readonly KeyChange[] {
  const before = new Map((from?.tags ?? []).map(({ key, value }) => [key, value]))
  const after = new Map((to?.tags ?? []).map(({ key, value }) => [key, value]))
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort()
  return keys.flatMap((key): KeyChange[] => {
    const [old, next] = [before.get(key), after.get(key)]
    if (old === next) return []
    return [{ key, ...(old !== undefined && { before: old }), ...(next !== undefined && { after: next }) }]
  })
}
