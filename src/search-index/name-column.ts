import { BLOCK_BYTES, BLOCK_SLOTS, BLOCKED_OPERAND, CONTAINER_BYTES } from './kernels/abi.ts'
import type { Arena } from './memory/arena.ts'
import { type ColumnState, U32Column } from './memory/column.ts'
import { foldedSpan, freeText, readText, storeName } from './memory/encoded-text.ts'
import type { Operand } from './postings.ts'

const TRIGRAM_BYTES = 3
/** Rows of a filter. 13 bits of a trigram's hash select the row. */
const ROWS = 8192
const ROW_SHIFT = 19
/** A group of 64 slots shares one bit per row. */
const GROUP_SHIFT = 6
/** A filter covers 32 groups, so that a row is one word. */
const FILTER_SHIFT = 11
const FILTER_SLOTS = 2 ** FILTER_SHIFT
const FILTER_BYTES = ROWS * 4
const FILTERS_PER_BLOCK = BLOCK_SLOTS / FILTER_SLOTS

/** Addresses, for a snapshot. `sketches` are the trigram filters. */
export type NameColumnState = { readonly texts: ColumnState; readonly sketches: ColumnState; readonly empty: number }

/**
 * The names of slots, with trigram filters for substring search. A filter tells for each group of 64 slots which trigrams
 * (three bytes of a case-folded name) may occur in it. It has false positives but no false negatives, so that candidates must
 * be verified. An index with fewer than 2048 slots has no filter.
 */
export class NameColumn {
  /** Addresses of the names. */
  readonly texts: U32Column
  readonly #arena: Arena
  readonly #filters: U32Column
  /** Address of the empty name that removed slots share. */
  #empty = 0

  constructor(arena: Arena) {
    this.#arena = arena
    this.texts = new U32Column(arena)
    this.#filters = new U32Column(arena)
  }

  /** Appends a slot with a name. */
  push(name: string): void {
    const slot = this.texts.length
    this.texts.push(storeName(this.#arena, name))
    if (slot >= FILTER_SLOTS) this.#addToFilter(slot)
  }

  /** Replaces the name of a slot. Its filter keeps the trigrams of the old name. */
  replace(slot: number, name: string): void {
    this.#free(slot)
    this.texts.set(slot, storeName(this.#arena, name))
    if (this.#filters.length > 0) this.#addToFilter(slot)
  }

  /** Removes the name of a slot. */
  clear(slot: number): void {
    if (this.#empty === 0) this.#empty = storeName(this.#arena, '')
    this.#free(slot)
    this.texts.set(slot, this.#empty)
  }

  read(slot: number): string {
    return readText(this.#arena, this.texts.get(slot))
  }

  /**
   * Builds a set of candidates: the groups of slots that may contain a folded text. Undefined when the filters exclude
   * nothing. `reserve` allocates the buffer of the set.
   */
  mayContain(folded: Uint8Array, length: number, reserve: (bytes: number) => number): Operand | undefined {
    if (length < TRIGRAM_BYTES || this.#filters.length === 0) return undefined
    const rows = rowsOf(folded, 0, length)
    const blocks = Math.ceil(this.#filters.length / FILTERS_PER_BLOCK)
    const table = reserve(blocks * (CONTAINER_BYTES + BLOCK_BYTES))
    const { u32 } = this.#arena
    for (let block = 0; block < blocks; block++) {
      const bitmap = table + blocks * CONTAINER_BYTES + block * BLOCK_BYTES
      const hasCandidates = this.#fillBlock(rows, block, bitmap)
      // Kernels do not read the count of a bitmap.
      const container = (table + block * CONTAINER_BYTES) >>> 2
      u32[container] = hasCandidates ? bitmap : 0
      u32[container + 1] = 0
    }
    return { kind: BLOCKED_OPERAND, address: table, length: blocks }
  }

  state(): NameColumnState {
    return { texts: this.texts.state(), sketches: this.#filters.state(), empty: this.#empty }
  }

  restore({ texts, sketches, empty }: NameColumnState): void {
    this.texts.restore(texts)
    this.#filters.restore(sketches)
    this.#empty = empty
  }

  #free(slot: number): void {
    const text = this.texts.get(slot)
    if (text !== this.#empty) freeText(this.#arena, text)
  }

  /** Writes the bitmap of one block. Returns whether it has members. */
  #fillBlock(rows: readonly number[], block: number, bitmap: number): boolean {
    const { u32 } = this.#arena
    let allGroups = 0
    let word = bitmap >>> 2
    for (let i = 0; i < FILTERS_PER_BLOCK; i++) {
      const groups = this.#groupsOf(rows, block * FILTERS_PER_BLOCK + i)
      allGroups |= groups
      for (let group = 0; group < 32; group++) {
        const bits = -((groups >>> group) & 1)
        u32[word++] = bits
        u32[word++] = bits
      }
    }
    return allGroups !== 0
  }

  #groupsOf(rows: readonly number[], filter: number): number {
    if (filter >= this.#filters.length) return 0
    const { u32 } = this.#arena
    const start = this.#filters.get(filter) >>> 2
    let groups = -1
    for (const row of rows) groups &= u32[start + row]!
    return groups
  }

  #addToFilter(slot: number): void {
    // The first filter is created together with the second.
    while (this.#filters.length <= slot >>> FILTER_SHIFT) this.#createFilter()
    this.#addTrigrams(slot)
  }

  #createFilter(): void {
    this.#filters.push(this.#arena.allocZeroed(FILTER_BYTES))
    const first = (this.#filters.length - 1) << FILTER_SHIFT
    for (let slot = first; slot < first + FILTER_SLOTS && slot < this.texts.length; slot++) this.#addTrigrams(slot)
  }

  #addTrigrams(slot: number): void {
    const { u8, u32 } = this.#arena
    const filter = this.#filters.get(slot >>> FILTER_SHIFT) >>> 2
    const bit = 1 << ((slot >>> GROUP_SHIFT) & 31)
    const { start, length, isFolded } = foldedSpan(this.#arena, this.texts.get(slot))
    let trigram = 0
    for (let i = 0; i < length; i++) {
      const byte = u8[start + i]!
      trigram = ((trigram << 8) | (isFolded || byte < 0x61 || byte > 0x7a ? byte : byte - 0x20)) & 0xff_ffff
      if (i >= TRIGRAM_BYTES - 1) u32[filter + rowOf(trigram)]! |= bit
    }
  }
}

function rowOf(trigram: number): number {
  return Math.imul(trigram, 0x9e37_79b1) >>> ROW_SHIFT
}

/** The distinct rows of the trigrams of a folded text. */
function rowsOf(bytes: Uint8Array, start: number, length: number): number[] {
  const rows = new Set<number>()
  for (let i = start; i + TRIGRAM_BYTES <= start + length; i++) {
    rows.add(rowOf((bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!))
  }
  return [...rows]
}
