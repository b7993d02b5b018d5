import { matches } from '../core/matches.ts'
import type { TagQuery } from '../core/tag-query.ts'
import { UNTAGGED } from './dictionary.ts'
import type { IndexStorage } from './index-state.ts'
import type { PageShape } from './json-page.ts'
import { JsonPageWriter } from './json-page-writer.ts'
import { KernelTables } from './kernel-tables.ts'
import { Scratch } from './memory/scratch.ts'
import { planQuery, type QueryPlan, sizeOf } from './query-plan.ts'
import type { JsonPage, Page, QueryRequest, SlotPage } from './query-request.ts'
import { ResourceView } from './resource-view.ts'
import type { KeyCounts, TagTally } from './slot-tally.ts'
import { compileSlotTest } from './slot-test.ts'
import { type PlannedPage, type StoredPage, TagSearch } from './tag-search.ts'
import { type TestedQuery, TestedSearch } from './tested-search.ts'

/** Values of a key that are counted by a program each. */
export const COUNTED_VALUES_MAX = 64
/** Keys that are counted by a program each. */
export const COUNTED_KEYS_MAX = 256
/** Terms that are collected for a count at once. */
const UNCOLLECTED_MAX = 10_000
const U32_MAX = 0xffff_ffff
const NO_BYTES = new Uint8Array(0)

/** A plan, and the state of the index that it is for. */
type Planned = {
  readonly changes: number
  readonly uncollected: number
  readonly plan: QueryPlan | undefined
}

/** Answers queries over the storage of an index. The results are those for which `matches` is true. */
export class QueryExecutor {
  readonly #storage: IndexStorage
  readonly #tables: KernelTables
  readonly #tagSearch: TagSearch
  readonly #testedSearch: TestedSearch
  readonly #pages: JsonPageWriter
  /** Slots of the current query. */
  readonly #slots: Scratch
  /** Slots of all queries of a batch. */
  readonly #batchSlots: Scratch
  readonly #plans = new WeakMap<TagQuery, Planned>()

  constructor(storage: IndexStorage) {
    this.#storage = storage
    this.#tables = new KernelTables(storage)
    this.#tagSearch = new TagSearch(storage, this.#tables)
    this.#testedSearch = new TestedSearch(storage, this.#tables, this.#tagSearch)
    this.#pages = new JsonPageWriter(storage, this.#tables)
    this.#slots = new Scratch(storage.arena)
    this.#batchSlots = new Scratch(storage.arena)
  }

  find(query: TagQuery, offset: number, limit: number): SlotPage {
    const { total, count } = this.#searchPage(query, offset, limit)
    const start = this.#slots.address >>> 2
    const slots = count === 0 ? new Uint32Array(0) : this.#storage.arena.u32.slice(start, start + count)
    this.#slots.shrink()
    return { total, slots }
  }

  count(query: TagQuery): number {
    const total = this.#search(query, { offset: 0, limit: 0 })
    this.#slots.shrink()
    return total
  }

  findJson(query: TagQuery, offset: number, limit: number, shape: PageShape): JsonPage {
    const { total, count } = this.#searchPage(query, offset, limit)
    const json = this.#pages.write(this.#slots.address, count, shape)
    this.#slots.shrink()
    return { total, json }
  }

  /** Writes the resource of a live slot as JSON: a view that the next call overwrites. */
  writeOne(slot: number, shape: PageShape): Uint8Array {
    const slots = this.#slots.reserve(4)
    this.#storage.arena.u32[slots >>> 2] = slot
    return this.#pages.write(slots, 1, shape)
  }

  /** Writes the resources of live slots as JSON: a view that the next call overwrites. */
  writeSlots(slots: Uint32Array, shape: PageShape): Uint8Array {
    const address = this.#slots.reserve(slots.length * 4)
    this.#storage.arena.u32.set(slots, address >>> 2)
    return this.#pages.write(address, slots.length, shape)
  }

  /** A search that tests many resources one by one; undefined for a query without such tests, or of at most `atOnce`. */
  testedQuery(query: TagQuery, atOnce: number): TestedQuery | undefined {
    if (this.#storage.size <= atOnce || idsOf(query) !== undefined) return undefined
    const plan = this.#plan(query)
    return plan === undefined ? undefined : this.#toTested(plan, query)
  }

  /** The slots to test, ascending. */
  candidates(tested: TestedQuery): Uint32Array {
    const candidates = this.#testedSearch.candidates(tested, this.#slots)
    this.#slots.shrink()
    return candidates
  }

  /** Those of some slots that match. */
  verify(slots: Uint32Array, tested: TestedQuery): Uint32Array {
    return this.#testedSearch.verify(slots, tested, this.#slots)
  }

  /** See `TagIndex.countValues`. */
  countValues(query: TagQuery, key: string): readonly TagTally[] | undefined {
    const { dictionary, size } = this.#storage
    const keyTerm = size === 0 ? -1 : dictionary.key(key)
    const plan = keyTerm === -1 ? undefined : this.#plan(query)
    if (plan === undefined) return []
    if (idsOf(query) !== undefined || this.#toTested(plan, query) !== undefined) return undefined
    if (dictionary.inUse.uncollected > UNCOLLECTED_MAX) return undefined
    const values: string[] = []
    for (const value of dictionary.inUse.valuesFrom(key, ''))
      if (values.push(value) > COUNTED_VALUES_MAX) return undefined
    const pairs = values.map((value) => dictionary.pair(keyTerm, value))
    const counts = this.#countEach(plan, pairs)
    return values.map((value, i) => ({ key, value, count: counts[i] as number }))
  }

  /** See `TagIndex.countKeys`. */
  countKeys(query: TagQuery): KeyCounts | undefined {
    const { dictionary, size } = this.#storage
    const plan = size === 0 ? undefined : this.#plan(query)
    if (plan === undefined) return { keys: new Map(), untagged: 0 }
    if (dictionary.keyCount > COUNTED_KEYS_MAX) return undefined
    if (idsOf(query) !== undefined || this.#toTested(plan, query) !== undefined) return undefined
    if (dictionary.inUse.uncollected > UNCOLLECTED_MAX) return undefined
    const keys = [...dictionary.inUse.keysFrom('')]
    const [untagged = 0, ...counts] = this.#countEach(plan, [UNTAGGED, ...keys.map((key) => dictionary.key(key))])
    return { keys: new Map(keys.map((key, i) => [key, counts[i] as number])), untagged }
  }

  /** Counts the slots of a plan that are also in the posting of each term. */
  #countEach(plan: QueryPlan, terms: readonly number[]): readonly number[] {
    const { dictionary } = this.#storage
    const [first, ...others] = plan.required
    const size = sizeOf(dictionary, first)
    const plans = terms.map((term): PlannedPage => {
      // The smallest is first, because its slots are checked one by one if they are few.
      const isFirst = dictionary.postings.count(term) <= size
      const required: QueryPlan['required'] = isFirst ? [[term], first, ...others] : [first, [term], ...others]
      return { plan: { ...plan, required }, offset: 0, limit: 0 }
    })
    const stored = this.#tagSearch.searchBatch(plans, this.#batchSlots)
    this.#batchSlots.shrink()
    return terms.map((_, i) => (stored[i] as StoredPage).total)
  }

  /** Answers requests in order. Those with expensive tag conditions run as one batch, before the first answer. */
  *answer(requests: readonly QueryRequest[]): Generator<JsonPage> {
    const batch = this.#searchBatch(requests)
    for (const [i, { query, offset, limit, shape }] of requests.entries()) {
      const stored = batch.get(i)
      if (stored === undefined) {
        if (shape === undefined) yield { total: this.count(query), json: NO_BYTES }
        else yield this.findJson(query, offset, limit, shape)
      } else {
        const { total, slots } = stored
        const count = Math.max(0, Math.min(total - offset, limit))
        yield { total, json: shape === undefined ? NO_BYTES : this.#pages.write(slots, count, shape) }
      }
    }
    this.#batchSlots.shrink()
  }

  /** See `JsonPageWriter.releaseDetail`. */
  releaseDetail(detail: number): void {
    this.#pages.releaseDetail(detail)
  }

  /** Frees all buffers and caches, so that only the index itself remains in the arena. */
  clear(): void {
    this.#tables.free()
    this.#tagSearch.free()
    this.#testedSearch.free()
    this.#pages.free()
    this.#slots.free()
    this.#batchSlots.free()
  }

  /** Runs the requests that benefit from a batch. Returns their results by position. */
  #searchBatch(requests: readonly QueryRequest[]): ReadonlyMap<number, StoredPage> {
    if (requests.length < 2) return new Map()
    const { dictionary, slotCount } = this.#storage
    const plans = new Map<number, PlannedPage>()
    for (const [i, { query, offset, limit }] of requests.entries()) {
      const mayPlan = offset < slotCount && !hasNameConditions(query) && idsOf(query) === undefined
      const plan = mayPlan ? planQuery(dictionary, query) : undefined
      if (plan === undefined || !plan.isExact || this.#tagSearch.isCheap(plan, { offset, limit })) continue
      plans.set(i, { plan, offset, limit })
    }
    if (plans.size < 2) return new Map()
    const stored = this.#tagSearch.searchBatch([...plans.values()], this.#batchSlots)
    return new Map(Array.from(plans.keys(), (i, position) => [i, stored[position] as StoredPage]))
  }

  /** Returns the total and how many slots of the page were stored in the buffer. */
  #searchPage(query: TagQuery, offset: number, limit: number): { readonly total: number; readonly count: number } {
    // Kernels take 32-bit offsets. Past the last slot only the total is needed.
    const isPast = offset >= this.#storage.slotCount
    const page = isPast ? { offset: 0, limit: 0 } : { offset, limit: Math.min(limit, U32_MAX) }
    const total = this.#search(query, page)
    return { total, count: isPast ? 0 : Math.max(0, Math.min(total - offset, limit)) }
  }

  /** Returns the total, and stores the slots of a page in the buffer. */
  #search(query: TagQuery, page: Page): number {
    if (this.#storage.size === 0) return 0
    const ids = idsOf(query)
    if (ids !== undefined) return this.#searchIds(query, ids, page)
    const plan = this.#plan(query)
    if (plan === undefined) return 0
    const tested = this.#toTested(plan, query)
    return tested === undefined
      ? this.#tagSearch.search(plan, page, this.#slots)
      : this.#testedSearch.search(tested, page, this.#slots)
  }

  /** The plan of a query. That of a filter is kept until the index changes, because it may compare many values. */
  #plan(query: TagQuery): QueryPlan | undefined {
    const { dictionary, changes } = this.#storage
    if (query.filter === undefined) return planQuery(dictionary, query)
    const { uncollected } = dictionary.inUse
    const known = this.#plans.get(query)
    if (known?.changes === changes && known.uncollected === uncollected) return known.plan
    const plan = planQuery(dictionary, query)
    this.#plans.set(query, { changes, uncollected, plan })
    return plan
  }

  /** Undefined when the plan has all conditions of the query. */
  #toTested(plan: QueryPlan, query: TagQuery): TestedQuery | undefined {
    const { filter } = query
    const test = plan.isExact || filter === undefined ? undefined : compileSlotTest(this.#storage, filter)
    return test === undefined && !hasNameConditions(query) ? undefined : { plan, query, test }
  }

  #searchIds(query: TagQuery, ids: readonly string[], { offset, limit }: Page): number {
    const { arena, ids: column } = this.#storage
    const known = new Set(ids.map((id) => column.find(id)).filter((slot) => slot !== -1))
    const slots = [...known]
      .filter((slot) => matches(new ResourceView(this.#storage, slot), query))
      .sort((a, b) => a - b)
    const page = slots.slice(offset, offset + limit)
    // First, because it may replace the view.
    const address = this.#slots.reserve(page.length * 4)
    arena.u32.set(page, address >>> 2)
    return slots.length
  }
}

/** The ids of which a matching resource has one, if the query names them. */
function idsOf({ id, filter }: TagQuery): readonly string[] | undefined {
  if (id !== undefined) return [id]
  const operands = filter?.kind === 'and' ? filter.operands : filter === undefined ? [] : [filter]
  for (const operand of operands) if (operand.kind === 'member-in' && operand.member === 'id') return operand.values
  return undefined
}

/** True when a query has conditions on names, other than in its filter. */
function hasNameConditions({ nameEquals, nameContains = '' }: TagQuery): boolean {
  return nameEquals !== undefined || nameContains !== ''
}
