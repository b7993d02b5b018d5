import {
  ID_BYTES,
  ID_KIND,
  PIECE,
  PIECE_KIND,
  PIECE_WORDS,
  SPECIAL_TEXT,
  TABLES,
  TAG_JSON,
  TAG_JSON_STRIDE,
  TEXT_HEADER_BYTES,
} from './abi.ts'
import type { ArenaViews, Kernels } from './kernels.ts'
import { idAt, u8At, u32At } from './plain-columns.ts'

const HEX = Uint8Array.from('0123456789abcdef', (char) => char.charCodeAt(0))
const IN07 = Uint8Array.from('in07', (char) => char.charCodeAt(0))
const KEY_BYTES = TAG_JSON.beforeKey.length
const DASH = 0x2d
const COMMA = 0x2c
/** The bytes of a UUID that follow a dash. */
const DASHES = new Set([4, 6, 8, 10])

/** Bytes of an id that is a UUID, or 32 digits and `in07`. */
const ID_TEXT_BYTES = 36

/** Writes the parts of a resource. Each method returns the address after the last byte, or 0 when it would pass the end. */
class PageWriter {
  readonly #arena: ArenaViews
  readonly #tables: number
  readonly #end: number

  constructor(arena: ArenaViews, tables: number, end: number) {
    this.#arena = arena
    this.#tables = tables
    this.#end = end
  }

  #table(name: keyof typeof TABLES): number {
    return this.#arena.u32[(this.#tables >>> 2) + TABLES[name]]!
  }

  copy(from: number, length: number, at: number): number {
    if (at === 0 || at + length > this.#end) return 0
    this.#arena.u8.copyWithin(at, from, from + length)
    return at + length
  }

  text(address: number, at: number): number {
    return this.copy(address + TEXT_HEADER_BYTES, (this.#arena.u32[address >>> 2]! & ~SPECIAL_TEXT) >>> 0, at)
  }

  id(slot: number, into: number): number {
    const { u8, u32 } = this.#arena
    const id = idAt(this.#arena, this.#table('idBytes'), slot)
    const kind = u8At(this.#arena, this.#table('idKinds'), slot)
    if (kind === ID_KIND.text) return this.text(u32[id >>> 2]!, into)
    if (into + ID_TEXT_BYTES > this.#end) return 0
    let at = into
    for (let i = 0; i < ID_BYTES; i++) {
      if (kind === ID_KIND.uuid && DASHES.has(i)) u8[at++] = DASH
      u8[at++] = HEX[u8[id + i]! >>> 4]!
      u8[at++] = HEX[u8[id + i]! & 15]!
    }
    if (kind === ID_KIND.in07) u8.set(IN07, at)
    return into + ID_TEXT_BYTES
  }

  name(slot: number, at: number): number {
    return this.text(u32At(this.#arena, this.#table('names'), slot), at)
  }

  detail(slot: number, at: number): number {
    const detail = u32At(this.#arena, this.#table('detailOf'), slot)
    return this.text(u32At(this.#arena, this.#table('renderedDetails'), detail), at)
  }

  /** `json`: address of the texts of `TAG_JSON`. */
  tags(slot: number, json: number, into: number): number {
    const arena = this.#arena
    const list = u32At(arena, this.#table('tagLists'), slot) >>> 2
    const length = u8At(arena, this.#table('tagCounts'), slot)
    let at = into
    for (let i = 0; i < length; i++) {
      const term = arena.u32[list + i]!
      // The first tag omits the comma.
      at = i === 0 ? this.copy(json + 1, KEY_BYTES - 1, at) : this.copy(json, KEY_BYTES, at)
      at = this.text(u32At(arena, this.#table('termTexts'), u32At(arena, this.#table('parents'), term)), at)
      at = this.copy(json + TAG_JSON_STRIDE, TAG_JSON.beforeValue.length, at)
      at = this.text(u32At(arena, this.#table('termTexts'), term), at)
      at = this.copy(json + 2 * TAG_JSON_STRIDE, TAG_JSON.afterValue.length, at)
      if (at === 0) return 0
    }
    return at
  }
}

export function writePage(arena: ArenaViews, ...args: Parameters<Kernels['writePage']>): number {
  const [tables, slots, count, pieces, pieceCount, out, end] = args
  const { u8, u32 } = arena
  const writer = new PageWriter(arena, tables, end)
  const write = (piece: number, slot: number, at: number): number => {
    switch (u32[piece + PIECE.kind]) {
      case PIECE_KIND.literal:
        return writer.copy(u32[piece + PIECE.address]!, u32[piece + PIECE.length]!, at)
      case PIECE_KIND.id:
        return writer.id(slot, at)
      case PIECE_KIND.name:
        return writer.name(slot, at)
      case PIECE_KIND.detail:
        return writer.detail(slot, at)
      default:
        return writer.tags(slot, u32[piece + PIECE.address]!, at)
    }
  }
  let at = out
  for (let i = 0; i < count; i++) {
    if (i > 0) {
      if (at >= end) return 0
      u8[at++] = COMMA
    }
    for (let p = 0; p < pieceCount; p++) {
      at = write((pieces >>> 2) + p * PIECE_WORDS, u32[(slots >>> 2) + i]!, at)
      if (at === 0) return 0
    }
  }
  return at
}
