import { SPECIAL_TEXT, TABLES_NAMES, TABLES_REGISTERS, TEXT_HEADER_BYTES } from './abi'
import { u32At } from './columns'

// Substring search in case-folded names. Folding maps ASCII letters to upper case; other names store their folded form.

@inline function fold(bytes: v128): v128 {
  const isLowerCase = v128.and(i8x16.ge_u(bytes, i8x16.splat(0x61)), i8x16.le_u(bytes, i8x16.splat(0x7a)))
  return i8x16.sub(bytes, v128.and(isLowerCase, i8x16.splat(0x20)))
}

@inline function foldByte(byte: u32): u32 {
  return byte - 0x61 <= 25 ? byte - 32 : byte
}

function containsFolded(text: usize, length: u32, needle: usize, needleLength: u32): bool {
  if (needleLength > length) return false
  const first = i8x16.splat(load<u8>(needle))
  const last = length - needleLength
  for (let from: u32 = 0; from <= last; from += 16) {
    let hits = i8x16.bitmask(i8x16.eq(fold(v128.load(text + <usize>from)), first))
    while (hits != 0) {
      const at = from + ctz(hits)
      if (at > last) return false
      let same: u32 = 1
      while (same < needleLength && foldByte(load<u8>(text + <usize>(at + same))) == <u32>load<u8>(needle + <usize>same)) same++
      if (same >= needleLength) return true
      hits &= hits - 1
    }
  }
  return false
}

@inline function equalBytes(a: usize, b: usize, length: u32): bool {
  for (let i: usize = 0; i < <usize>length; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false
  return true
}

@inline function nameMatches(name: usize, needle: usize, needleLength: u32, isWhole: u32): bool {
  const header = load<u32>(name)
  const length = header & ~SPECIAL_TEXT
  const text = name + TEXT_HEADER_BYTES
  if (isWhole != 0) return length == needleLength && equalBytes(text, needle, length)
  if ((header & SPECIAL_TEXT) == 0) return containsFolded(text, length, needle, needleLength)
  const folded = text + ((<usize>length + 3) & ~3)
  return containsFolded(folded + TEXT_HEADER_BYTES, load<u32>(folded), needle, needleLength)
}

/** Names that are prefetched together. */
const BATCH: u32 = 64

export function filterNames(
  tables: usize, list: usize, count: u32, needle: usize, needleLength: u32, isWhole: u32, out: usize,
): u32 {
  const names = <usize>load<u32>(tables, TABLES_NAMES)
  const addresses = <usize>load<u32>(tables, TABLES_REGISTERS)
  let kept: u32 = 0
  for (let from: u32 = 0; from < count; from += BATCH) {
    const batch = min(BATCH, count - from)
    // Loads the first bytes of all names of the batch, so that the cache misses overlap. The store keeps the loads alive.
    let prefetched: u32 = 0
    for (let i: u32 = 0; i < batch; i++) {
      const name = u32At(names, load<u32>(list + (<usize>(from + i) << 2)))
      prefetched ^= load<u32>(<usize>name)
      store<u32>(addresses + (<usize>i << 2), name)
    }
    store<u32>(addresses + (<usize>BATCH << 2), prefetched)
    for (let i: u32 = 0; i < batch; i++) {
      if (!nameMatches(<usize>load<u32>(addresses + (<usize>i << 2)), needle, needleLength, isWhole)) continue
      store<u32>(out + (<usize>kept << 2), load<u32>(list + (<usize>(from + i) << 2)))
      kept++
    }
  }
  return kept
}
