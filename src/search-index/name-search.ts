import type { TagQuery } from '../core/tag-query.ts'
import { foldCase } from '../core/text.ts'
import type { IndexStorage } from './index-state.ts'
import type { KernelTables } from './kernel-tables.ts'
import { encodeFolded, encodeText } from './memory/encoded-text.ts'
import { Scratch } from './memory/scratch.ts'
import { type QueryPlan, sizeOf } from './query-plan.ts'
import type { Page } from './query-request.ts'
import type { TagSearch } from './tag-search.ts'

/** Kernels read in steps of 16 bytes, past the end of the needle. */
const MARGIN_BYTES = 64

/** Finds the slots that match a plan and the name conditions of a query. */
export class NameSearch {
  readonly #storage: IndexStorage
  readonly #tables: KernelTables
  readonly #tagSearch: TagSearch
  readonly #candidates: Scratch
  readonly #needle: Scratch

  constructor(storage: IndexStorage, tables: KernelTables, tagSearch: TagSearch) {
    this.#storage = storage
    this.#tables = tables
    this.#tagSearch = tagSearch
    this.#candidates = new Scratch(storage.arena)
    this.#needle = new Scratch(storage.arena)
  }

  /**
   * Returns the total, and stores the slots of a page in a buffer, ascending: collects all slots that match the plan and the
   * trigram filters, then verifies the name of each.
   */
  search(plan: QueryPlan, query: TagQuery, { offset, limit }: Page, slots: Scratch): number {
    const { arena } = this.#storage
    // First, because it may move the buffer.
    const candidates = this.#collect(plan, query, slots)
    const count = this.#verify(slots.address, candidates, query)
    const start = slots.address >>> 2
    if (offset > 0 && limit > 0) arena.u32.copyWithin(start, start + offset, start + Math.min(count, offset + limit))
    return count
  }

  /** The slots that match the plan and the trigram filters, ascending. `buffer` is used meanwhile. */
  candidates(plan: QueryPlan, query: TagQuery, buffer: Scratch): Uint32Array {
    const count = this.#collect(plan, query, buffer)
    return this.#copyOf(buffer, count)
  }

  /** Those of some candidates whose names match. `buffer` is used meanwhile. */
  verify(candidates: Uint32Array, query: TagQuery, buffer: Scratch): Uint32Array {
    const address = buffer.reserve(candidates.length * 4)
    this.#storage.arena.u32.set(candidates, address >>> 2)
    return this.#copyOf(buffer, this.#verify(address, candidates.length, query))
  }

  free(): void {
    this.#candidates.free()
    this.#needle.free()
  }

  #copyOf({ address }: Scratch, count: number): Uint32Array {
    return this.#storage.arena.u32.slice(address >>> 2, (address >>> 2) + count)
  }

  /** Stores the candidates in a buffer. Returns their number. */
  #collect(plan: QueryPlan, { nameContains = '', nameEquals }: TagQuery, slots: Scratch): number {
    const { dictionary, size } = this.#storage
    const all = { offset: 0, limit: Math.min(sizeOf(dictionary, plan.required[0]), size) }
    const candidates = this.#candidatesOf(nameEquals ?? nameContains)
    slots.reserve(all.limit * 4)
    const count =
      candidates === undefined
        ? this.#tagSearch.search(plan, all, slots)
        : this.#tagSearch.evaluate(plan, candidates, all, slots.address)
    this.#candidates.shrink()
    return count
  }

  /** Filters a list of slots in place by their names. Returns how many remain. */
  #verify(slots: number, candidates: number, { nameContains = '', nameEquals }: TagQuery): number {
    let count = candidates
    if (nameContains !== '') count = this.#filterContaining(slots, count, nameContains)
    if (nameEquals !== undefined) {
      const { bytes, length } = encodeText(nameEquals)
      count = this.#filter(slots, count, bytes.subarray(0, length), true)
    }
    return count
  }

  /** The slots whose names may contain a text, ignoring case. Undefined for all slots. */
  #candidatesOf(text: string) {
    if (!isComparable(text)) return undefined
    const { bytes, length } = encodeFolded(text)
    return this.#storage.names.mayContain(bytes, length, (size) => this.#candidates.reserve(size))
  }

  #filterContaining(slots: number, count: number, text: string): number {
    if (isComparable(text)) {
      const { bytes, length } = encodeFolded(text)
      return this.#filter(slots, count, bytes.subarray(0, length), false)
    }
    const { arena, names } = this.#storage
    const folded = foldCase(text)
    const start = slots >>> 2
    let matching = 0
    for (let i = 0; i < count; i++) {
      const slot = arena.u32[start + i]!
      if (foldCase(names.read(slot)).includes(folded)) arena.u32[start + matching++] = slot
    }
    return matching
  }

  /** Filters a list of slots in place. Returns how many remain. */
  #filter(slots: number, count: number, needle: Uint8Array, isWhole: boolean): number {
    const { arena } = this.#storage
    const { length } = needle
    const address = this.#needle.reserve(length + MARGIN_BYTES)
    arena.u8.set(needle, address)
    const tables = this.#tables.write()
    return arena.kernels.filterNames(tables, slots, count, address, length, isWhole ? 1 : 0, slots) >>> 0
  }
}

/**
 * True when the encoded bytes of a text can be searched for. A lone surrogate is encoded as U+FFFD, so that a search for
 * either would also find the other.
 */
function isComparable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\ufffd')
}
