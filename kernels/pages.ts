import {
  ID_KIND_IN07, ID_KIND_TEXT, PIECE_ADDRESS, PIECE_BYTES, PIECE_KIND, PIECE_KIND_DETAIL, PIECE_KIND_ID,
  PIECE_KIND_LITERAL, PIECE_KIND_NAME, PIECE_KIND_TAGS, PIECE_LENGTH, SPECIAL_TEXT, TABLES_DETAIL_OF, TABLES_ID_BYTES,
  TABLES_ID_KINDS, TABLES_NAMES, TABLES_PARENTS, TABLES_REGISTERS, TABLES_RENDERED_DETAILS, TABLES_TAG_COUNTS,
  TABLES_TAG_LISTS, TABLES_TERM_TEXTS, TAG_JSON_AFTER_VALUE, TAG_JSON_AFTER_VALUE_BYTES, TAG_JSON_BEFORE_KEY,
  TAG_JSON_BEFORE_KEY_BYTES, TAG_JSON_BEFORE_VALUE, TAG_JSON_BEFORE_VALUE_BYTES, TEXT_HEADER_BYTES,
} from './abi'
import { idAt, u32At, u8At } from './columns'

// Pages of JSON. Each function writes at `into` and returns the address after the last byte, or 0 when it would pass `end`.

const COMMA: u32 = 0x2c
const DASH: u32 = 0x2d
/** `in07` as a little-endian word. */
const IN07: u32 = 0x37306e69
/** Bytes of an id that is a UUID, or 32 digits and `in07`. */
const ID_TEXT_BYTES: usize = 36
/** JSON bytes per tag, in addition to its key and value. */
const TAG_JSON_BYTES: usize = TAG_JSON_BEFORE_KEY_BYTES + TAG_JSON_BEFORE_VALUE_BYTES + TAG_JSON_AFTER_VALUE_BYTES

/** Copies in steps of 16 bytes. Reads and writes up to 15 bytes past the end; the next write overwrites those. */
@inline function copy(into: usize, from: usize, length: usize): usize {
  let i: usize = 0
  do {
    v128.store(into + i, v128.load(from + i))
    i += 16
  } while (i < length)
  return into + length
}

@inline function hexDigits(nibbles: v128): v128 {
  const letters = v128.and(i8x16.gt_u(nibbles, i8x16.splat(9)), i8x16.splat(39))
  return i8x16.add(i8x16.add(nibbles, i8x16.splat(0x30)), letters)
}

/** Writes the 16 bytes of an id as 32 hexadecimal digits. */
@inline function writeHex(into: usize, id: usize): void {
  const bytes = v128.load(id)
  const high = hexDigits(i8x16.shr_u(bytes, 4))
  const low = hexDigits(v128.and(bytes, i8x16.splat(15)))
  v128.store(into, v128.shuffle<u8>(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23))
  v128.store(into, v128.shuffle<u8>(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), 16)
}

function writeId(tables: usize, slot: u32, into: usize, end: usize): usize {
  const id = idAt(load<u32>(tables, TABLES_ID_BYTES), slot)
  const kind = u8At(load<u32>(tables, TABLES_ID_KINDS), slot)
  if (kind == ID_KIND_TEXT) {
    const text = <usize>load<u32>(id)
    const length = <usize>load<u32>(text)
    return into + length > end ? 0 : copy(into, text + TEXT_HEADER_BYTES, length)
  }
  if (into + ID_TEXT_BYTES > end) return 0
  if (kind == ID_KIND_IN07) {
    writeHex(into, id)
    store<u32>(into, IN07, 32)
    return into + ID_TEXT_BYTES
  }
  const digits = <usize>load<u32>(tables, TABLES_REGISTERS)
  writeHex(digits, id)
  store<u64>(into, load<u64>(digits))
  store<u8>(into, DASH, 8)
  store<u32>(into, load<u32>(digits, 8), 9)
  store<u8>(into, DASH, 13)
  store<u32>(into, load<u32>(digits, 12), 14)
  store<u8>(into, DASH, 18)
  store<u32>(into, load<u32>(digits, 16), 19)
  store<u8>(into, DASH, 23)
  store<u64>(into, load<u64>(digits, 20), 24)
  store<u32>(into, load<u32>(digits, 28), 32)
  return into + ID_TEXT_BYTES
}

@inline function writeText(text: usize, into: usize, end: usize): usize {
  const length = <usize>(load<u32>(text) & ~SPECIAL_TEXT)
  return into + length > end ? 0 : copy(into, text + TEXT_HEADER_BYTES, length)
}

function writeTags(tables: usize, slot: u32, piece: usize, into: usize, end: usize): usize {
  const json = <usize>load<u32>(piece, PIECE_ADDRESS)
  const list = <usize>u32At(load<u32>(tables, TABLES_TAG_LISTS), slot)
  const length = u8At(load<u32>(tables, TABLES_TAG_COUNTS), slot)
  const parents = <usize>load<u32>(tables, TABLES_PARENTS)
  const texts = <usize>load<u32>(tables, TABLES_TERM_TEXTS)
  const addresses = <usize>load<u32>(tables, TABLES_REGISTERS)
  if (length == 0) return into
  // Loads the lengths of all texts first, so that the cache misses overlap, and checks the space once.
  let bytes: usize = 0
  for (let i: u32 = 0; i < length; i++) {
    const term = load<u32>(list + (<usize>i << 2))
    const key = u32At(texts, u32At(parents, term))
    const value = u32At(texts, term)
    bytes += <usize>load<u32>(<usize>key) + <usize>load<u32>(<usize>value) + TAG_JSON_BYTES
    store<u32>(addresses + (<usize>i << 3), key)
    store<u32>(addresses + (<usize>i << 3), value, 4)
  }
  if (into + bytes - 1 > end) return 0
  let at = into
  for (let i: u32 = 0; i < length; i++) {
    const key = <usize>load<u32>(addresses + (<usize>i << 3))
    const value = <usize>load<u32>(addresses + (<usize>i << 3), 4)
    // The first tag omits the comma.
    at =
      i == 0
        ? copy(at, json + TAG_JSON_BEFORE_KEY + 1, TAG_JSON_BEFORE_KEY_BYTES - 1)
        : copy(at, json + TAG_JSON_BEFORE_KEY, TAG_JSON_BEFORE_KEY_BYTES)
    at = copy(at, key + TEXT_HEADER_BYTES, <usize>load<u32>(key))
    at = copy(at, json + TAG_JSON_BEFORE_VALUE, TAG_JSON_BEFORE_VALUE_BYTES)
    at = copy(at, value + TEXT_HEADER_BYTES, <usize>load<u32>(value))
    at = copy(at, json + TAG_JSON_AFTER_VALUE, TAG_JSON_AFTER_VALUE_BYTES)
  }
  return at
}

export function writePage(
  tables: usize, slots: usize, count: u32, pieces: usize, pieceCount: u32, out: usize, end: usize,
): usize {
  let at = out
  for (let i: u32 = 0; i < count; i++) {
    const slot = load<u32>(slots + (<usize>i << 2))
    if (i > 0) {
      if (at >= end) return 0
      store<u8>(at, COMMA)
      at++
    }
    for (let p: u32 = 0; p < pieceCount; p++) {
      const piece = pieces + <usize>p * PIECE_BYTES
      switch (load<u32>(piece, PIECE_KIND)) {
        case PIECE_KIND_LITERAL: {
          const length = <usize>load<u32>(piece, PIECE_LENGTH)
          at = at + length > end ? 0 : copy(at, <usize>load<u32>(piece, PIECE_ADDRESS), length)
          break
        }
        case PIECE_KIND_ID:
          at = writeId(tables, slot, at, end)
          break
        case PIECE_KIND_NAME:
          at = writeText(<usize>u32At(load<u32>(tables, TABLES_NAMES), slot), at, end)
          break
        case PIECE_KIND_DETAIL:
          at = writeText(<usize>u32At(load<u32>(tables, TABLES_RENDERED_DETAILS), u32At(load<u32>(tables, TABLES_DETAIL_OF), slot)), at, end)
          break
        case PIECE_KIND_TAGS:
          at = writeTags(tables, slot, piece, at, end)
          break
      }
      if (at == 0) return 0
    }
  }
  return at
}
