import type { Tag } from '../core/tag.ts'
import { LIVE, UNTAGGED } from './dictionary.ts'
import type { IndexStorage } from './index-state.ts'
import { PostingCounts } from './posting-counts.ts'
import { SlotCursor, SlotList } from './slot-list.ts'
import { TermTable } from './term-table.ts'

/** The number of resources with one tag. */
export type TagTally = Tag & { readonly count: number }

/** Counts by key, and the number of resources without tags. */
export type KeyCounts = { readonly keys: ReadonlyMap<string, number>; readonly untagged: number }

export type SlotTallyOptions = {
  readonly storage: IndexStorage
  /** The live slots whose tags are counted. */
  readonly slots: SlotList | 'all'
  readonly onClose: () => void
}

/**
 * Counts the tags of slots in steps between which the index may change: a slot that is about to change is counted before,
 * so the counts are those of the moment at which the tally began. Of more than half of all slots it counts the others, and
 * subtracts them from the counts of the postings. To begin takes no time in proportion to the slots or the terms.
 */
export class SlotTally {
  readonly #storage: IndexStorage
  readonly #onClose: () => void
  /** The counts of all slots at the start, if the visited slots are to be subtracted from them. */
  readonly #whole: PostingCounts | undefined
  readonly #wholeUntagged: number
  /** The slots of the tally that are counted, or with `#whole` those that are skipped. */
  readonly #listed: SlotCursor
  /** With `#whole`, all slots below `#end` are visited. */
  readonly #end: number
  /** The next slot to visit with `#whole`. */
  #next = 0
  readonly #counts: TermTable<Uint32Array>
  /** Counted slots without tags. */
  #untagged = 0
  /** Slots that were counted before their turn. */
  readonly #done = new Set<number>()
  /** Tags whose terms may have another meaning by now. */
  readonly #texts = new Map<number, Tag>()

  constructor({ storage, slots, onClose }: SlotTallyOptions) {
    const { dictionary, size, slotCount } = storage
    this.#storage = storage
    this.#onClose = onClose
    const isMost = slots === 'all' || slots.length > size / 2
    this.#whole = isMost ? new PostingCounts(storage) : undefined
    this.#wholeUntagged = isMost && size > 0 ? dictionary.postings.count(UNTAGGED) : 0
    this.#listed = new SlotCursor(slots === 'all' ? new SlotList() : slots)
    this.#end = slots === 'all' ? 0 : slotCount
    this.#counts = new TermTable(dictionary.termCount, (terms) => new Uint32Array(terms))
  }

  /** How many of the slots had no tags, after all steps. */
  get untagged(): number {
    return this.#whole === undefined ? this.#untagged : this.#wholeUntagged - this.#untagged
  }

  get isDone(): boolean {
    return this.#whole === undefined ? this.#listed.slot === Number.POSITIVE_INFINITY : this.#next >= this.#end
  }

  /** Visits the next slots. */
  step(slots: number): void {
    this.#whole?.settle()
    for (let i = 0; i < slots && !this.isDone; i++) {
      const slot = this.#visitNext()
      if (slot !== undefined && !this.#done.has(slot)) this.#count(slot)
    }
  }

  /** To be called before a slot changes. */
  beforeChange(slot: number): void {
    const { dictionary } = this.#storage
    // The change may free these terms, and another tag may get their numbers.
    for (const pair of this.#storage.pairsOf(slot)) {
      if (!this.#texts.has(pair)) this.#texts.set(pair, dictionary.tag(pair))
    }
    this.#whole?.beforeChange(slot)
    if (this.#done.has(slot) || !this.#isAhead(slot)) return
    this.#count(slot)
    this.#done.add(slot)
  }

  /**
   * Yields each tag that was counted, or each with a key, in no order; undefined for another term, so that the caller can
   * yield.
   */
  *tags(key?: string): Generator<TagTally | undefined> {
    const keyTerm = key === undefined ? undefined : this.#storage.dictionary.key(key)
    if (this.#whole !== undefined) {
      for (let term = LIVE; term < this.#whole.termCount; term++) {
        yield this.#tallyOf(term, this.#whole.count(term) - this.#counts.get(term), keyTerm)
      }
      return
    }
    for (const [firstTerm, counts] of this.#counts.pages()) {
      for (let i = 0; i < counts.length; i++) yield this.#tallyOf(firstTerm + i, counts[i]!, keyTerm)
    }
  }

  /** Ends the tally. */
  close(): void {
    this.#onClose()
  }

  /** Reading texts is most of the work, so a pair of another key is recognized by its term. */
  #tallyOf(term: number, count: number, keyTerm: number | undefined): TagTally | undefined {
    if (count === 0) return undefined
    const known = this.#texts.get(term)
    if (known !== undefined) return { ...known, count }
    const { dictionary } = this.#storage
    if (keyTerm !== undefined && dictionary.keyOf(term) !== keyTerm) return undefined
    return { ...dictionary.tag(term), count }
  }

  /** The next slot to count; undefined for one that is skipped. */
  #visitNext(): number | undefined {
    const listed = this.#listed.slot
    if (this.#whole === undefined || this.#next === listed) this.#listed.advance()
    if (this.#whole === undefined) return listed
    const slot = this.#next++
    return slot === listed ? undefined : slot
  }

  #count(slot: number): void {
    const { tagLists, tagCounts, arena, dictionary } = this.#storage
    const first = tagLists.get(slot) >>> 2
    const end = first + tagCounts.get(slot)
    // The slot of a removed resource has no tags either.
    if (end === first && dictionary.postings.has(UNTAGGED, slot)) this.#untagged++
    for (let i = first; i < end; i++) this.#counts.raise(arena.u32[i]!)
  }

  /** True for a slot that is to be counted and is not visited yet. */
  #isAhead(slot: number): boolean {
    if (this.#whole === undefined) return slot >= this.#listed.slot && this.#listed.has(slot)
    return slot >= this.#next && slot < this.#end && !this.#listed.has(slot)
  }
}
