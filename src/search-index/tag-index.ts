import { countTests } from '../core/expression/expression.ts'
import { matches } from '../core/matches.ts'
import { copyOf, type IndexedResource } from '../core/resource.ts'
import type { Tag } from '../core/tag.ts'
import type { TagQuery } from '../core/tag-query.ts'
import { LIVE, UNTAGGED } from './dictionary.ts'
import { type IndexState, IndexStorage } from './index-state.ts'
import type { PageShape } from './json-page.ts'
import type { KernelMode } from './kernels/kernels.ts'
import { roomOf } from './memory/arena.ts'
import { QueryExecutor } from './query-executor.ts'
import type { JsonPage, QueryRequest, SlotPage } from './query-request.ts'
import { ResourceView } from './resource-view.ts'
import type { SlotList } from './slot-list.ts'
import { SlotScan } from './slot-scan.ts'
import { type KeyCounts, SlotTally, type TagTally } from './slot-tally.ts'
import { StepwiseSearch, type StepwiseSearchOptions } from './stepwise-search.ts'
import type { TagsInUse } from './tags-in-use.ts'

export type TagIndexOptions = {
  /** For tests. Default: `auto`. */
  readonly kernels?: KernelMode
  /** A secret seed of the hashes, so that clients cannot provoke collisions. */
  readonly seed?: number
  /** Resources that a search tests at once. For tests. */
  readonly testsAtOnce?: number
}

/** Verifying the names of a thousand resources takes about 20 us, a filter several times as long. */
const TESTS_AT_ONCE = 16_384
/** A filter of more tests has fewer resources tested at once. */
const TESTS_OF_A_FILTER = 4

/** With fewer slots of removed resources an index is never rebuilt. */
const WASTED_SLOTS_MIN = 1024
/** The tag count of a slot is stored in one byte. The services allow far fewer tags. */
const TAGS_MAX = 255

/**
 * An in-memory index of the resources of one type in one project, for tag queries. Each resource has a slot. Slots follow
 * the order of creation, so results are ordered by slot (contract D9). The index is a cache of the store: it can be
 * dropped and rebuilt at any time.
 */
export class TagIndex {
  readonly #storage: IndexStorage
  readonly #executor: QueryExecutor
  readonly #testsAtOnce: number
  /** Whoever has to know of a change before it happens. */
  readonly #scans = new Set<{ beforeChange(slot: number): void }>()

  constructor({ kernels = 'auto', seed = 0, testsAtOnce = TESTS_AT_ONCE }: TagIndexOptions = {}) {
    this.#testsAtOnce = testsAtOnce
    this.#storage = new IndexStorage(kernels, seed)
    this.#executor = new QueryExecutor(this.#storage)
  }

  /** The number of resources. */
  get size(): number {
    return this.#storage.size
  }

  /** The number of slots, including those of removed resources. */
  get slotCount(): number {
    return this.#storage.slotCount
  }

  /** Allocated bytes. */
  get bytes(): number {
    return this.#storage.arena.capacity
  }

  /** True while creation times ascend with the slots. An imported catalogue may be otherwise. */
  get isChronological(): boolean {
    return this.#storage.isChronological
  }

  /** True when most slots belong to removed resources: the index should be rebuilt. */
  get isWasteful(): boolean {
    return this.slotCount - this.size > Math.max(WASTED_SLOTS_MIN, this.size)
  }

  /** The number of keys in use. */
  get keyCount(): number {
    return this.#storage.dictionary.keyCount
  }

  get tagsInUse(): TagsInUse {
    return this.#storage.dictionary.inUse
  }

  get(id: string): IndexedResource | undefined {
    const slot = this.#storage.ids.find(id)
    return slot === -1 ? undefined : this.at(slot)
  }

  /** The resource of a live slot. */
  at(slot: number): IndexedResource {
    return copyOf(this.view(slot))
  }

  /** The resource of a live slot as a lazy view, valid until the index changes. `copyOf` makes it permanent. */
  view(slot: number): IndexedResource {
    return new ResourceView(this.#storage, slot)
  }

  /** A resource as JSON: a view that is valid until the next call of the index. */
  getJson(id: string, shape: PageShape): Uint8Array | undefined {
    const slot = this.#storage.ids.find(id)
    return slot === -1 ? undefined : this.#executor.writeOne(slot, shape)
  }

  /** The tags of a resource in the order in which they were first added. Undefined for an unknown id. */
  tagsOf(id: string): Tag[] | undefined {
    const slot = this.#storage.ids.find(id)
    return slot === -1 ? undefined : this.#storage.tagsOf(slot)
  }

  /** When the resource of a live slot was created, milliseconds since 1970 UTC. */
  createdAtMs(slot: number): number {
    return this.#storage.createdAtMs.get(slot)
  }

  /** Inserts or updates a resource. New resources must arrive in ascending order of their sequence. */
  put(resource: IndexedResource): void {
    if (resource.tags.length > TAGS_MAX) throw new RangeError(`a resource has more than ${TAGS_MAX} tags`)
    const { ids, names, details, detailOf, updatedAtMs } = this.#storage
    this.#storage.changes++
    const slot = ids.find(resource.id)
    if (slot === -1) {
      this.#insert(resource)
      return
    }
    for (const scan of this.#scans) scan.beforeChange(slot)
    if (names.read(slot) !== resource.name) names.replace(slot, resource.name)
    const before = detailOf.get(slot)
    detailOf.set(slot, details.acquire(resource.detail))
    this.#releaseDetail(before)
    updatedAtMs.set(slot, resource.updatedAtMs)
    this.#setTags(slot, resource.tags)
  }

  /** Removes a resource. No effect for an unknown id. */
  remove(id: string): void {
    const { ids, names, detailOf, dictionary } = this.#storage
    const slot = ids.find(id)
    if (slot === -1) return
    this.#storage.changes++
    for (const scan of this.#scans) scan.beforeChange(slot)
    this.#setTags(slot, [])
    dictionary.postings.remove(UNTAGGED, slot)
    dictionary.postings.remove(LIVE, slot)
    names.clear(slot)
    ids.clear(slot)
    this.#releaseDetail(detailOf.get(slot))
    this.#storage.size--
  }

  /** Finds the resources for which `matches` is true: the total, and the slots of one page. */
  find(query: TagQuery, offset: number, limit: number): SlotPage {
    return this.#executor.find(query, offset, limit)
  }

  /**
   * Starts a scan of the resources that match a query and a predicate, as they are now, oldest slot first or last. It must
   * be closed.
   */
  scan(query: TagQuery, accepts: (resource: IndexedResource) => boolean, isDescending: boolean): SlotScan {
    const tested = this.#executor.testedQuery(query, this.#atOnce(query))
    const slots = tested === undefined ? this.find(query, 0, this.slotCount).slots : this.#executor.candidates(tested)
    // Many tests are left to the scan, whose caller has time slices.
    const isFound = tested === undefined ? accepts : (one: IndexedResource) => matches(one, query) && accepts(one)
    return this.#scanOf(isDescending ? slots.reverse() : slots, isFound, isDescending)
  }

  /** Starts a scan of live slots that ascend. It must be closed. */
  scanSlots(slots: Uint32Array): SlotScan {
    return this.#scanOf(slots, () => true, false)
  }

  /**
   * Starts a search in steps; undefined when its query needs no tests of single resources, or there are few resources. It
   * must be closed.
   */
  searchInSteps(query: TagQuery): StepwiseSearch | undefined {
    const tested = this.#executor.testedQuery(query, this.#atOnce(query))
    if (tested === undefined) return undefined
    return this.#stepwiseSearch(query, {
      candidates: this.#executor.candidates(tested),
      verify: (slots) => this.#executor.verify(slots, tested),
      testsPerStep: tested.test === undefined ? this.#testsAtOnce : Math.max(1, this.#atOnce(query) >>> 3),
    })
  }

  /** Starts a search in steps of a query for which `searchInSteps` gives undefined: all matches as of its end. */
  listInSteps(query: TagQuery): StepwiseSearch {
    return this.#stepwiseSearch(query, {
      candidates: this.find(query, 0, this.slotCount).slots,
      verify: (slots) => slots,
      testsPerStep: this.#testsAtOnce,
    })
  }

  /** The resources that are tested at once: the fewer, the more tests the filter has. */
  #atOnce({ filter }: TagQuery): number {
    const tests = filter === undefined ? 1 : countTests(filter)
    return Math.max(1, Math.floor(this.#testsAtOnce / Math.max(1, tests / TESTS_OF_A_FILTER)))
  }

  /** Starts to count the tags of live slots. It must be closed. */
  tally(slots: SlotList | 'all'): SlotTally {
    const tally: SlotTally = new SlotTally({
      storage: this.#storage,
      slots,
      onClose: () => this.#scans.delete(tally),
    })
    this.#scans.add(tally)
    return tally
  }

  /**
   * Counts the values of a key among the resources that match: much cheaper than a tally for a key with few values. Undefined
   * for a key with many values, and for a query that tests single resources.
   */
  countValues(query: TagQuery, key: string): readonly TagTally[] | undefined {
    return this.#executor.countValues(query, key)
  }

  /**
   * Counts the keys among the resources that match: much cheaper than a tally of many resources. Undefined for an index with
   * many keys, and for a query that tests single resources.
   */
  countKeys(query: TagQuery): KeyCounts | undefined {
    return this.#executor.countKeys(query)
  }

  /** The first slot whose resource was created after a sequence. */
  slotAfter(sequence: number): number {
    const { sequences } = this.#storage
    let low = 0
    let high = this.slotCount
    while (low < high) {
      const middle = (low + high) >>> 1
      if (sequences.get(middle) <= sequence) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The resources of live slots as JSON: a view that is valid until the next call of the index. */
  slotsJson(slots: Uint32Array, shape: PageShape): Uint8Array {
    return this.#executor.writeSlots(slots, shape)
  }

  count(query: TagQuery): number {
    return this.#executor.count(query)
  }

  /** Finds one page as JSON, resources separated by commas: a view that is valid until the next call of the index. */
  findJson(query: TagQuery, offset: number, limit: number, shape: PageShape): JsonPage {
    return this.#executor.findJson(query, offset, limit, shape)
  }

  /** Gives how many resources have a key, or a tag, without a query. */
  countOf(key: string, value?: string): number {
    const { dictionary } = this.#storage
    const keyTerm = dictionary.key(key)
    const term = keyTerm === -1 || value === undefined ? keyTerm : dictionary.pair(keyTerm, value)
    return term === -1 ? 0 : dictionary.postings.count(term)
  }

  /**
   * Answers requests in order, as a batch that costs less than single calls. An answer is valid until the next is taken.
   * The index must not be used otherwise until the last.
   */
  answer(requests: readonly QueryRequest[]): Iterable<JsonPage> {
    return this.#executor.answer(requests)
  }

  /** The serializable state of a snapshot. The caller must copy `memory` before the next use of the index. */
  state(): IndexState {
    this.#executor.clear()
    return this.#storage.state()
  }

  /** The bytes that belong to `state`: a view that is valid until the next use of the index. */
  get memory(): Uint8Array<ArrayBuffer> {
    const { arena } = this.#storage
    return arena.u8.subarray(0, arena.top)
  }

  /** Restores an index from the state of a snapshot. The caller must fill `memory` before any other use. */
  static restore(state: IndexState, kernels: KernelMode = 'auto'): TagIndex {
    const index = new TagIndex({ kernels, seed: state.seed })
    index.#storage.restore(state)
    return index
  }

  #scanOf(slots: Uint32Array, matches: (resource: IndexedResource) => boolean, isDescending: boolean): SlotScan {
    const scan: SlotScan = new SlotScan({
      slots,
      isDescending,
      view: (slot) => this.view(slot),
      matches,
      onClose: () => this.#scans.delete(scan),
    })
    this.#scans.add(scan)
    return scan
  }

  #stepwiseSearch(
    query: TagQuery,
    steps: Pick<StepwiseSearchOptions, 'candidates' | 'verify' | 'testsPerStep'>,
  ): StepwiseSearch {
    const search: StepwiseSearch = new StepwiseSearch({
      ...steps,
      matches: (slot) => this.#isLive(slot) && matches(this.view(slot), query),
      slotCount: () => this.slotCount,
      onClose: () => this.#scans.delete(search),
    })
    this.#scans.add(search)
    return search
  }

  #isLive(slot: number): boolean {
    const { ids } = this.#storage
    return ids.find(ids.read(slot)) === slot
  }

  #insert(resource: IndexedResource): void {
    const storage = this.#storage
    const { dictionary } = storage
    const slot = this.slotCount
    if (slot === 0) dictionary.addBuiltInTerms()
    storage.ids.push(resource.id)
    storage.names.push(resource.name)
    storage.detailOf.push(storage.details.acquire(resource.detail))
    storage.tagLists.push(0)
    storage.tagCounts.push(0)
    storage.sequences.push(resource.sequence)
    storage.isChronological &&= slot === 0 || storage.createdAtMs.get(slot - 1) <= resource.createdAtMs
    storage.createdAtMs.push(resource.createdAtMs)
    storage.updatedAtMs.push(resource.updatedAtMs)
    dictionary.postings.add(LIVE, slot)
    if (resource.tags.length === 0) dictionary.postings.add(UNTAGGED, slot)
    else this.#setTags(slot, resource.tags)
    storage.size++
  }

  #setTags(slot: number, tags: readonly Tag[]): void {
    const { arena, tagLists, tagCounts, dictionary } = this.#storage
    const before = tagCounts.get(slot)
    const unchanged = before === 0 ? undefined : this.#releaseOthers(slot, tags)
    const pairs: number[] = []
    for (const { key, value } of tags) pairs.push(unchanged?.get(key) ?? dictionary.assign(slot, key, value))
    if (tagListBytes(before) !== tagListBytes(tags.length)) {
      if (before > 0) arena.free(tagLists.get(slot), tagListBytes(before))
      tagLists.set(slot, tags.length === 0 ? 0 : arena.alloc(tagListBytes(tags.length)))
    }
    const list = tagLists.get(slot) >>> 2
    for (let i = 0; i < pairs.length; i++) arena.u32[list + i] = pairs[i]!
    tagCounts.set(slot, tags.length)
    if (before > 0 && tags.length === 0) dictionary.postings.add(UNTAGGED, slot)
    else if (before === 0 && tags.length > 0) dictionary.postings.remove(UNTAGGED, slot)
  }

  /** Releases the pairs of a slot that are not among some tags. Returns the other pairs by key. */
  #releaseOthers(slot: number, tags: readonly Tag[]): Map<string, number> {
    const { dictionary } = this.#storage
    const values = new Map(tags.map((tag) => [tag.key, tag.value]))
    const unchanged = new Map<string, number>()
    for (const pair of this.#storage.pairsOf(slot).slice()) {
      const { key, value } = dictionary.tag(pair)
      if (values.get(key) === value) unchanged.set(key, pair)
      else dictionary.release(slot, pair)
    }
    return unchanged
  }

  #releaseDetail(detail: number): void {
    this.#executor.releaseDetail(detail)
    this.#storage.details.release(detail)
  }
}

function tagListBytes(tags: number): number {
  return tags === 0 ? 0 : roomOf(tags * 4)
}
