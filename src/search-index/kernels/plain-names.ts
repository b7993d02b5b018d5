import { SPECIAL_TEXT, TABLES, TEXT_HEADER_BYTES } from './abi.ts'
import type { ArenaViews, Kernels } from './kernels.ts'
import { u32At } from './plain-columns.ts'

/** Case folding maps ASCII letters to upper case; names with other characters store their folded form. */
function foldByte(byte: number): number {
  return byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte
}

function containsFolded(u8: Uint8Array, text: number, length: number, needle: number, needleLength: number): boolean {
  for (let from = 0; from + needleLength <= length; from++) {
    let same = 0
    while (same < needleLength && foldByte(u8[text + from + same]!) === u8[needle + same]) same++
    if (same === needleLength) return true
  }
  return false
}

export function filterNames(arena: ArenaViews, ...args: Parameters<Kernels['filterNames']>): number {
  const [tables, list, count, needle, needleLength, isWhole, out] = args
  const { u8, u32 } = arena
  const matches = (name: number) => {
    const header = u32[name >>> 2]!
    const length = (header & ~SPECIAL_TEXT) >>> 0
    const text = name + TEXT_HEADER_BYTES
    if (isWhole) {
      if (length !== needleLength) return false
      for (let i = 0; i < length; i++) if (u8[text + i] !== u8[needle + i]) return false
      return true
    }
    if ((header & SPECIAL_TEXT) === 0) return containsFolded(u8, text, length, needle, needleLength)
    const folded = text + ((length + 3) & ~3)
    return containsFolded(u8, folded + TEXT_HEADER_BYTES, u32[folded >>> 2]!, needle, needleLength)
  }
  let matching = 0
  for (let i = 0; i < count; i++) {
    const slot = u32[(list >>> 2) + i]!
    if (!matches(u32At(arena, u32[(tables >>> 2) + TABLES.names]!, slot))) continue
    u32[(out >>> 2) + matching++] = slot
  }
  return matching
}
