import { BLOCK_BYTES, BLOCK_SHIFT, BLOCK_SLOTS, BLOCKED_OPERAND } from './kernels/abi.ts'
import type { Arena } from './memory/arena.ts'
import { type ColumnState, U32Column } from './memory/column.ts'
import { foldedSpan, freeText, readText, storeName } from './memory/encoded-text.ts'
import type { Operand } from './postings.ts'

/** How many bytes make one gram. */
const GRAM_BYTES = 3
/** Rows of a sketch. A gram leads to one of them by 13 bits of its hash. */
const ROWS = 8192
const ROW_SHIFT = 19
/** Slots that share one bit of a row. */
const GROUP_SHIFT = 6
/** Slots of one sketch: 32 groups, so that a row is a word. */
const SKETCH_SHIFT = 11
const SKETCH_SLOTS = 2 ** SKETCH_SHIFT
const SKETCH_BYTES = ROWS * 4
const SKETCHES_PER_BLOCK = BLOCK_SLOTS / SKETCH_SLOTS

/** Where everything lies, for a snapshot. */
export type NameColumnState = { readonly texts: ColumnState; readonly sketches: ColumnState; readonly empty: number }

/**
 * The names of slots, and where names with a part of text may be found. A sketch says of 2048 slots, 64 at a time, which
 * grams (runs of three bytes of a folded name) occur there: it may say too much, never too little, so what it lets
 * through is looked at. Small indexes have none; all their names are looked at.
 */
export class NameColumn {
  /** Addresses of the names. */
  readonly texts: U32Column
  readonly #arena: Arena
  /** Addresses of the sketches. */
  readonly #sketches: U32Column
  /** Address of the empty name, which closed slots have. */
  #empty = 0

  constructor(arena: Arena) {
    this.#arena = arena
    this.texts = new U32Column(arena)
    this.#sketches = new U32Column(arena)
  }

  /** Gives the next slot a name. */
  open(name: string): void {
    const slot = this.texts.length
    this.texts.push(storeName(this.#arena, name))
    if (slot >= SKETCH_SLOTS) this.#sketch(slot)
  }

  /** Gives a slot another name. What its sketch says of the old one stays. */
  replace(slot: number, name: string): void {
    this.#free(slot)
    this.texts.set(slot, storeName(this.#arena, name))
    if (this.#sketches.length > 0) this.#sketch(slot)
  }

  close(slot: number): void {
    if (this.#empty === 0) this.#empty = storeName(this.#arena, '')
    this.#free(slot)
    this.texts.set(slot, this.#empty)
  }

  read(slot: number): string {
    return readText(this.#arena, this.texts.get(slot))
  }

  /**
   * Gives a set that holds every slot whose name has a folded text in it, and others; undefined when it would hold all.
   * `scratch` gives room for so many bytes, until the next question.
   */
  mayContain(folded: Uint8Array, length: number, scratch: (bytes: number) => number): Operand | undefined {
    if (length < GRAM_BYTES || this.#sketches.length === 0) return undefined
    const rows = rowsOf(folded, 0, length)
    const blocks = Math.ceil(this.#sketches.length / SKETCHES_PER_BLOCK)
    const table = scratch(blocks * (8 + BLOCK_BYTES))
    const { u32 } = this.#arena
    for (let block = 0; block < blocks; block++) {
      const bitmap = table + blocks * 8 + block * BLOCK_BYTES
      const isEmpty = !this.#fillBlock(rows, block, bitmap)
      u32[(table >>> 2) + block * 2] = isEmpty ? 0 : bitmap
      u32[(table >>> 2) + block * 2 + 1] = 0
    }
    return { kind: BLOCKED_OPERAND, address: table, length: blocks }
  }

  state(): NameColumnState {
    return { texts: this.texts.state(), sketches: this.#sketches.state(), empty: this.#empty }
  }

  restore({ texts, sketches, empty }: NameColumnState): void {
    this.texts.restore(texts)
    this.#sketches.restore(sketches)
    this.#empty = empty
  }

  #free(slot: number): void {
    const text = this.texts.get(slot)
    if (text !== this.#empty) freeText(this.#arena, text)
  }

  /** Writes one block's slots, 64 for each group in question; gives whether there are any. */
  #fillBlock(rows: readonly number[], block: number, bitmap: number): boolean {
    const { u32 } = this.#arena
    let any = 0
    let word = bitmap >>> 2
    for (let i = 0; i < SKETCHES_PER_BLOCK; i++) {
      const groups = this.#groupsOf(rows, block * SKETCHES_PER_BLOCK + i)
      any |= groups
      for (let group = 0; group < 32; group++) {
        const bits = -((groups >>> group) & 1)
        u32[word++] = bits
        u32[word++] = bits
      }
    }
    return any !== 0
  }

  #groupsOf(rows: readonly number[], sketch: number): number {
    if (sketch >= this.#sketches.length) return 0
    const { u32 } = this.#arena
    const start = this.#sketches.get(sketch) >>> 2
    let groups = -1
    for (const row of rows) groups &= u32[start + row]!
    return groups
  }

  #sketch(slot: number): void {
    // The first sketch is made when the second is needed.
    while (this.#sketches.length <= slot >>> SKETCH_SHIFT) this.#openSketch()
    this.#note(slot)
  }

  #openSketch(): void {
    const sketch = this.#arena.allocZeroed(SKETCH_BYTES)
    this.#sketches.push(sketch)
    const first = (this.#sketches.length - 1) << SKETCH_SHIFT
    for (let slot = first; slot < first + SKETCH_SLOTS && slot < this.texts.length; slot++) this.#note(slot)
  }

  #note(slot: number): void {
    const { u8, u32 } = this.#arena
    const sketch = this.#sketches.get(slot >>> SKETCH_SHIFT) >>> 2
    const bit = 1 << ((slot >>> GROUP_SHIFT) & 31)
    const { start, length, isFolded } = foldedSpan(this.#arena, this.texts.get(slot))
    let gram = 0
    for (let i = 0; i < length; i++) {
      const byte = u8[start + i]!
      gram = ((gram << 8) | (isFolded || byte < 0x61 || byte > 0x7a ? byte : byte - 0x20)) & 0xff_ffff
      if (i >= GRAM_BYTES - 1) u32[sketch + rowOf(gram)]! |= bit
    }
  }
}

function rowOf(gram: number): number {
  return Math.imul(gram, 0x9e37_79b1) >>> ROW_SHIFT
}

/** The rows of all grams of a folded text, each once. */
function rowsOf(bytes: Uint8Array, start: number, length: number): number[] {
  const rows = new Set<number>()
  for (let i = start; i + GRAM_BYTES <= start + length; i++) {
    rows.add(rowOf((bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!))
  }
  return [...rows]
}

/** Blocks of a set that reaches a slot. */
export function blocksUpTo(slots: number): number {
  return (slots + BLOCK_SLOTS - 1) >>> BLOCK_SHIFT
}
