import { TABLES } from './abi.ts'
import type { ArenaViews, Kernels, Masks } from './kernels.ts'
import { u8At, u32At } from './plain-columns.ts'

function matches(arena: ArenaViews, tables: number, slot: number, masks: Masks): boolean {
  const { u32 } = arena
  const { required, excluded, notAll, includeKeys } = masks
  const at = tables >>> 2
  const list = u32At(arena, u32[at + TABLES.tagLists]!, slot) >>> 2
  const length = u8At(arena, u32[at + TABLES.tagCounts]!, slot)
  let bits = 0
  for (let i = 0; i < length; i++) {
    const term = u32[list + i]!
    bits |= u32At(arena, u32[at + TABLES.marks]!, term)
    if (includeKeys) bits |= u32At(arena, u32[at + TABLES.marks]!, u32At(arena, u32[at + TABLES.parents]!, term))
  }
  return (bits & required) === required && (bits & excluded) === 0 && (notAll === 0 || (bits & notAll) !== notAll)
}

export function check(arena: ArenaViews, ...args: Parameters<Kernels['check']>): number {
  const [tables, list, count, required, excluded, notAll, includeKeys, offset, limit, out] = args
  const { u32 } = arena
  const masks = { required, excluded, notAll, includeKeys }
  let total = 0
  for (let i = 0; i < count; i++) {
    const slot = u32[(list >>> 2) + i]!
    if (!matches(arena, tables, slot, masks)) continue
    if (total >= offset && total - offset < limit) u32[(out >>> 2) + total - offset] = slot
    total++
  }
  return total
}
