import type { TagQuery } from '../core/tag-query.ts'
import { foldCase } from '../core/text.ts'
import type { IndexStorage } from './index-state.ts'
import type { KernelTables } from './kernel-tables.ts'
import { encodeFolded, encodeText } from './memory/encoded-text.ts'
import { Scratch } from './memory/scratch.ts'
import { type QueryPlan, sizeOf } from './query-plan.ts'
import type { Page } from './query-request.ts'
import type { SlotTest } from './slot-test.ts'
import type { TagSearch } from './tag-search.ts'

/** Kernels read in steps of 16 bytes, past the end of the needle. */
const MARGIN_BYTES = 64

/** A search that tests single resources: of those in the plan, the ones whose names match and that pass the test. */
export type TestedQuery = { readonly plan: QueryPlan; readonly query: TagQuery; readonly test: SlotTest | undefined }

/** Finds the slots that match a plan and the conditions of a query on single resources. */
export class TestedSearch {
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
   * trigram filters, then tests each.
   */
  search(tested: TestedQuery, { offset, limit }: Page, slots: Scratch): number {
    const { arena } = this.#storage
    // First, because it may move the buffer.
    const candidates = this.#collect(tested, slots)
    const count = this.#verify(slots.address, candidates, tested)
    const start = slots.address >>> 2
    if (offset > 0 && limit > 0) arena.u32.copyWithin(start, start + offset, start + Math.min(count, offset + limit))
    return count
  }

  /** The slots that match the plan and the trigram filters, ascending. `buffer` is used meanwhile. */
  candidates(tested: TestedQuery, buffer: Scratch): Uint32Array {
    const count = this.#collect(tested, buffer)
    return this.#copyOf(buffer, count)
  }

  /** Those of some candidates that match. `buffer` is used meanwhile. */
  verify(candidates: Uint32Array, tested: TestedQuery, buffer: Scratch): Uint32Array {
    const address = buffer.reserve(candidates.length * 4)
    this.#storage.arena.u32.set(candidates, address >>> 2)
    return this.#copyOf(buffer, this.#verify(address, candidates.length, tested))
  }

  free(): void {
    this.#candidates.free()
    this.#needle.free()
  }

  #copyOf({ address }: Scratch, count: number): Uint32Array {
    return this.#storage.arena.u32.slice(address >>> 2, (address >>> 2) + count)
  }

  /** Stores the candidates in a buffer. Returns their number. */
  #collect({ plan, query }: TestedQuery, slots: Scratch): number {
    const { dictionary, size } = this.#storage
    const all = { offset: 0, limit: Math.min(sizeOf(dictionary, plan.required[0]), size) }
    const candidates = this.#candidatesOf(partOfName(query))
    slots.reserve(all.limit * 4)
    const count =
      candidates === undefined
        ? this.#tagSearch.search(plan, all, slots)
        : this.#tagSearch.evaluate(plan, candidates, all, slots.address)
    this.#candidates.shrink()
    return count
  }

  /** Filters a list of slots in place. Returns how many remain. */
  #verify(slots: number, candidates: number, { query, test }: TestedQuery): number {
    const { nameContains = '', nameEquals } = query
    let count = test === undefined ? candidates : this.#filterTested(slots, candidates, test)
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

  #filterTested(slots: number, count: number, test: SlotTest): number {
    const { u32 } = this.#storage.arena
    const start = slots >>> 2
    let matching = 0
    for (let i = 0; i < count; i++) {
      const slot = u32[start + i]!
      if (test(slot)) u32[start + matching++] = slot
    }
    return matching
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

/** A text that every matching name contains, ignoring case: the longest that the query tells of. */
function partOfName({ nameContains = '', nameEquals = '', filter }: TagQuery): string {
  const operands = filter?.kind === 'and' ? filter.operands : filter === undefined ? [] : [filter]
  const parts = operands.map((operand) => {
    if (operand.kind === 'name-text') return operand.text
    const isName = operand.kind === 'member-in' && operand.member === 'name' && operand.values.length === 1
    return isName ? (operand.values[0] as string) : ''
  })
  return [nameEquals, nameContains, ...parts].reduce((longest, part) => (part.length > longest.length ? part : longest))
}

/**
 * True when the encoded bytes of a text can be searched for. A lone surrogate is encoded as U+FFFD, so that a search for
 * either would also find the other.
 */
function isComparable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\ufffd')
}
