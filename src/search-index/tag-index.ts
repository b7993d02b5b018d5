import { copyOf, type IndexedResource } from '../core/resource.ts'
import type { Tag } from '../core/tag.ts'
import type { TagQuery } from '../core/tag-query.ts'
import { LIVE, UNTAGGED } from './dictionary.ts'
import { type IndexState, IndexStorage } from './index-state.ts'
import type { PageShape } from './json-page.ts'
import type { KernelMode } from './kernels/kernels.ts'
import { roomOf } from './memory/arena.ts'
import { QueryExecutor } from './query-executor.ts'
import type { JsonPage, QueryRequest } from './query-request.ts'
import type { TagsInUse } from './tags-in-use.ts'

/** A page of what matches, as slots in order of creation, and how many match in all. */
export type Found = { readonly total: number; readonly slots: Uint32Array }

export type TagIndexOptions = {
  /** Which kernels to take; tests decide it. */
  readonly kernels?: KernelMode
  /** A number that callers cannot know, so that they cannot make texts whose hashes collide. */
  readonly seed?: number
}

/** Below this many slots of forgotten resources a rebuild is not worth it. */
const WASTE_MIN = 1024
/** Tags that a slot has room for; services allow far fewer. */
const TAGS_MAX = 255

/**
 * The resources of one type in one project, held so that tag queries are answered at once. Each resource has a slot;
 * slots follow the order of creation, so ascending slots are the order of answers (contract D9). It is a cache of the
 * store: it can be dropped and built again at any time.
 */
export class TagIndex {
  readonly #parts: IndexStorage
  readonly #executor: QueryExecutor

  constructor({ kernels = 'auto', seed = 0 }: TagIndexOptions = {}) {
    this.#parts = new IndexStorage(kernels, seed)
    this.#executor = new QueryExecutor(this.#parts)
  }

  /** How many resources it holds. */
  get size(): number {
    return this.#parts.size
  }

  /** How many slots were opened, those of forgotten resources included. */
  get slotCount(): number {
    return this.#parts.slotCount
  }

  /** How many bytes it takes. */
  get bytes(): number {
    return this.#parts.arena.capacity
  }

  /** True while ascending slots are also ascending times of creation; a catalogue that was imported may be otherwise. */
  get isChronological(): boolean {
    return this.#parts.isChronological
  }

  /** True when more room is taken by what is gone than by what is there: time to build it again. */
  get isWasteful(): boolean {
    return this.slotCount - this.size > Math.max(WASTE_MIN, this.size)
  }

  /** How many keys are in use. */
  get keyCount(): number {
    return this.#parts.dictionary.keyCount
  }

  /** The tags in use, in order. */
  get tagsInUse(): TagsInUse {
    return this.#parts.dictionary.inUse
  }

  get(id: string): IndexedResource | undefined {
    const slot = this.#parts.ids.find(id)
    return slot === -1 ? undefined : this.at(slot)
  }

  /** The resource in a live slot. */
  at(slot: number): IndexedResource {
    return copyOf(this.view(slot))
  }

  /**
   * The resource in a live slot, read as far as it is looked at: to be used at once, because it shows what the index
   * holds when it is asked. See `copyOf`.
   */
  view(slot: number): IndexedResource {
    return new ResourceView(this.#parts, slot)
  }

  /** A resource as JSON in a shape, as a view that is valid until the index is next asked or changed. */
  getJson(id: string, shape: PageShape): Uint8Array | undefined {
    const slot = this.#parts.ids.find(id)
    return slot === -1 ? undefined : this.#executor.show(slot, shape)
  }

  /** The tags of a resource in the order in which they were first added; undefined when there is none of that id. */
  tagsOf(id: string): Tag[] | undefined {
    const slot = this.#parts.ids.find(id)
    return slot === -1 ? undefined : tagsOf(this.#parts, slot)
  }

  /** When the resource of a live slot was created, milliseconds since 1970 UTC. */
  createdAtMs(slot: number): number {
    return this.#parts.createdAtMs.get(slot)
  }

  /** Takes in a resource, or what became of one it holds. New resources must come in order of their sequence. */
  put(resource: IndexedResource): void {
    if (resource.tags.length > TAGS_MAX) throw new RangeError(`a resource has more than ${TAGS_MAX} tags`)
    const { ids, names, details, detailOf, updatedAtMs } = this.#parts
    const slot = ids.find(resource.id)
    if (slot === -1) {
      this.#open(resource)
      return
    }
    if (names.read(slot) !== resource.name) names.replace(slot, resource.name)
    const before = detailOf.get(slot)
    detailOf.set(slot, details.use(resource.detail))
    this.#releaseDetail(before)
    updatedAtMs.set(slot, resource.updatedAtMs)
    this.#assign(slot, resource.tags)
  }

  /** Forgets a resource; nothing happens if it holds none of that id. */
  remove(id: string): void {
    const { ids, names, detailOf, dictionary } = this.#parts
    const slot = ids.find(id)
    if (slot === -1) return
    this.#assign(slot, [])
    dictionary.postings.remove(UNTAGGED, slot)
    dictionary.postings.remove(LIVE, slot)
    names.close(slot)
    ids.close(slot)
    this.#releaseDetail(detailOf.get(slot))
    this.#parts.size--
  }

  /** Answers a query with how many match, exactly those for which `matches` is true, and the slots of a page of them. */
  find(query: TagQuery, offset: number, limit: number): Found {
    return this.#executor.find(query, offset, limit)
  }

  /** Answers a query with how many match. */
  count(query: TagQuery): number {
    return this.#executor.count(query)
  }

  /**
   * Answers a query with a page as JSON, commas between the resources: a view that is valid until the index is next asked
   * or changed.
   */
  findJson(query: TagQuery, offset: number, limit: number, shape: PageShape): JsonPage {
    return this.#executor.findJson(query, offset, limit, shape)
  }

  /**
   * Answers questions in order, which takes less than one after the other. What it gives for one is valid until the next is
   * taken; the index must not be changed or asked in between.
   */
  answer(questions: readonly QueryRequest[]): Iterable<JsonPage> {
    return this.#executor.answer(questions)
  }

  /** Gives everything that it is beside the bytes of `memory`; the index must not be used before those are copied. */
  state(): IndexState {
    this.#executor.clear()
    return this.#parts.state()
  }

  /** The bytes that belong to `state`, as a view that is valid until the index is used. */
  get memory(): Uint8Array<ArrayBuffer> {
    const { arena } = this.#parts
    return arena.u8.subarray(0, arena.top)
  }

  /** Gives the index of a state. Its `memory` has room for the bytes that belong to it, to be filled before anything else. */
  static restore(state: IndexState, kernels: KernelMode = 'auto'): TagIndex {
    const index = new TagIndex({ kernels, seed: state.seed })
    index.#parts.restore(state)
    return index
  }

  #open(resource: IndexedResource): void {
    const parts = this.#parts
    const slot = this.slotCount
    if (slot === 0) parts.dictionary.found()
    parts.ids.open(resource.id)
    parts.names.open(resource.name)
    parts.detailOf.push(parts.details.use(resource.detail))
    parts.runs.push(0)
    parts.lengths.push(0)
    parts.sequences.push(resource.sequence)
    parts.isChronological &&= slot === 0 || parts.createdAtMs.get(slot - 1) <= resource.createdAtMs
    parts.createdAtMs.push(resource.createdAtMs)
    parts.updatedAtMs.push(resource.updatedAtMs)
    parts.dictionary.postings.add(LIVE, slot)
    if (resource.tags.length === 0) parts.dictionary.postings.add(UNTAGGED, slot)
    else this.#assign(slot, resource.tags)
    parts.size++
  }

  #assign(slot: number, tags: readonly Tag[]): void {
    const { arena, runs, lengths, dictionary } = this.#parts
    const before = lengths.get(slot)
    const kept = before === 0 ? undefined : this.#releaseOthers(slot, tags)
    const pairs: number[] = []
    for (const { key, value } of tags) pairs.push(kept?.get(key) ?? dictionary.assign(slot, key, value))
    if (runBytes(before) !== runBytes(tags.length)) {
      if (before > 0) arena.free(runs.get(slot), runBytes(before))
      runs.set(slot, tags.length === 0 ? 0 : arena.alloc(runBytes(tags.length)))
    }
    const run = runs.get(slot) >>> 2
    for (let i = 0; i < pairs.length; i++) arena.u32[run + i] = pairs[i]!
    lengths.set(slot, tags.length)
    if (before > 0 && tags.length === 0) dictionary.postings.add(UNTAGGED, slot)
    else if (before === 0 && tags.length > 0) dictionary.postings.remove(UNTAGGED, slot)
  }

  /** Releases the pairs that a slot shall not have any more; gives the others by key. */
  #releaseOthers(slot: number, tags: readonly Tag[]): Map<string, number> {
    const { dictionary } = this.#parts
    const values = new Map(tags.map((tag) => [tag.key, tag.value]))
    const kept = new Map<string, number>()
    for (const pair of this.#parts.pairsOf(slot).slice()) {
      const { key, value } = dictionary.tag(pair)
      if (values.get(key) === value) kept.set(key, pair)
      else dictionary.release(slot, pair)
    }
    return kept
  }

  #releaseDetail(detail: number): void {
    const { details } = this.#parts
    this.#executor.forgetDetail(detail, details)
    details.release(detail)
  }
}

function tagsOf(parts: IndexStorage, slot: number): Tag[] {
  return Array.from(parts.pairsOf(slot), (pair) => parts.dictionary.tag(pair))
}

class ResourceView implements IndexedResource {
  readonly #parts: IndexStorage
  readonly #slot: number

  constructor(parts: IndexStorage, slot: number) {
    this.#parts = parts
    this.#slot = slot
  }

  get id(): string {
    return this.#parts.ids.read(this.#slot)
  }

  get name(): string {
    return this.#parts.names.read(this.#slot)
  }

  get detail(): string {
    return this.#parts.details.read(this.#parts.detailOf.get(this.#slot))
  }

  get sequence(): number {
    return this.#parts.sequences.get(this.#slot)
  }

  get createdAtMs(): number {
    return this.#parts.createdAtMs.get(this.#slot)
  }

  get updatedAtMs(): number {
    return this.#parts.updatedAtMs.get(this.#slot)
  }

  get tags(): Tag[] {
    return tagsOf(this.#parts, this.#slot)
  }
}

function runBytes(length: number): number {
  return length === 0 ? 0 : roomOf(length * 4)
}
