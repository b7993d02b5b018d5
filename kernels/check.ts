import { BLOCK_BYTES, BLOCK_SHIFT, TABLES_MARKS, TABLES_PARENTS, TABLES_TAG_COUNTS, TABLES_TAG_LISTS } from './abi'
import { u32At, u8At } from './columns'

// Tests of single resources against the masks of a query.

@inline function matches(tables: usize, slot: u32, required: u32, excluded: u32, notAll: u32, includeKeys: u32): bool {
  let item = <usize>u32At(load<u32>(tables, TABLES_TAG_LISTS), slot)
  const length = u8At(load<u32>(tables, TABLES_TAG_COUNTS), slot)
  const marks = <usize>load<u32>(tables, TABLES_MARKS)
  let bits: u32 = 0
  for (let i: u32 = 0; i < length; i++, item += 4) {
    const term = load<u32>(item)
    bits |= u32At(marks, term)
    if (includeKeys != 0) bits |= u32At(marks, u32At(load<u32>(tables, TABLES_PARENTS), term))
  }
  return (bits & required) == required && (bits & excluded) == 0 && (notAll == 0 || (bits & notAll) != notAll)
}

export function check(
  tables: usize, list: usize, count: u32,
  required: u32, excluded: u32, notAll: u32, includeKeys: u32,
  offset: u32, limit: u32, out: usize,
): u32 {
  let total: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    const slot = load<u32>(list + (<usize>i << 2))
    if (!matches(tables, slot, required, excluded, notAll, includeKeys)) continue
    const position = total - offset
    if (total >= offset && position < limit) store<u32>(out + (<usize>position << 2), slot)
    total++
  }
  return total
}

/** Clears the members of a bitmap that do not match. Returns how many remain. */
export function checkBlock(
  tables: usize, block: u32, into: usize, required: u32, excluded: u32, notAll: u32, includeKeys: u32,
): u32 {
  let count: u32 = 0
  for (let i: usize = 0; i < BLOCK_BYTES; i += 8) {
    let word = load<u64>(into + i)
    if (word == 0) continue
    let matching: u64 = 0
    const firstSlot = (block << BLOCK_SHIFT) + (<u32>i << 3)
    while (word != 0) {
      const bit = ctz(word)
      if (matches(tables, firstSlot + <u32>bit, required, excluded, notAll, includeKeys)) matching |= <u64>1 << bit
      word &= word - 1
    }
    store<u64>(into + i, matching)
    count += <u32>popcnt(matching)
  }
  return count
}
