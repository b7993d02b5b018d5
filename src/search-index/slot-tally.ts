import type { Tag } from '../core/tag.ts'
import { LIVE, UNTAGGED } from './dictionary.ts'
import type { IndexStorage } from './index-state.ts'

/** The number of resources with one tag. */
export type TagTally = Tag & { readonly count: number }

/** Counts by key, and the number of resources without tags. */
export type KeyCounts = { readonly keys: ReadonlyMap<string, number>; readonly untagged: number }

/** Of fewer slots than a part of the terms the counts are held by term, instead of a count for every term. */
const TERMS_PER_SLOT = 16

export type SlotTallyOptions = {
  readonly storage: IndexStorage
  /** The slots whose tags are counted, ascending. */
  readonly slots: Uint32Array
  readonly onClose: () => void
}

/**
 * Counts the tags of slots in steps between which the index may change: a slot that is about to change is counted before,
 * so the counts are those of the moment at which the tally began. Of more than half of all slots it counts the others, and
 * subtracts them.
 */
export class SlotTally {
  readonly #storage: IndexStorage
  readonly #slots: Uint32Array
  readonly #onClose: () => void
  /** What the counts of the postings were at the start, if the visited slots are to be subtracted from them. */
  readonly #whole: Uint32Array | undefined
  /** By term. A term that is added later belongs to no slot of the tally. Empty if there are `#fewCounts`. */
  readonly #counts: Uint32Array
  /** The same of few slots: most terms would be counted 0 times. */
  readonly #fewCounts: Map<number, number> | undefined
  readonly #wholeUntagged: number | undefined
  /** Counted slots without tags. */
  #untagged = 0
  /** Slots that were counted before their turn. */
  readonly #done = new Set<number>()
  /** Tags whose terms may have another meaning by now. */
  readonly #texts = new Map<number, Tag>()
  /** Index of the next slot. */
  #next = 0

  constructor({ storage, slots, onClose }: SlotTallyOptions) {
    this.#storage = storage
    this.#onClose = onClose
    const isMost = slots.length > storage.size / 2
    this.#wholeUntagged = isMost ? storage.dictionary.postings.count(UNTAGGED) : undefined
    this.#slots = isMost ? othersThan(storage, slots) : slots
    this.#whole = isMost ? postingCounts(storage) : undefined
    const { termCount } = storage.dictionary
    const areFew = !isMost && slots.length * TERMS_PER_SLOT < termCount
    this.#fewCounts = areFew ? new Map() : undefined
    this.#counts = new Uint32Array(areFew ? 0 : termCount)
  }

  /** How many of the slots had no tags, after all steps. */
  get untagged(): number {
    return this.#wholeUntagged === undefined ? this.#untagged : this.#wholeUntagged - this.#untagged
  }

  get isDone(): boolean {
    return this.#next >= this.#slots.length
  }

  /** Counts the tags of the next slots. */
  step(slots: number): void {
    const end = Math.min(this.#next + slots, this.#slots.length)
    for (; this.#next < end; this.#next++) {
      const slot = this.#slots[this.#next]!
      if (!this.#done.has(slot)) this.#count(slot)
    }
  }

  /** To be called before a slot changes. */
  beforeChange(slot: number): void {
    const { dictionary } = this.#storage
    // The change may free these terms, and another tag may get their numbers.
    for (const pair of this.#storage.pairsOf(slot)) {
      if (!this.#texts.has(pair)) this.#texts.set(pair, dictionary.tag(pair))
    }
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
    for (const [term, count] of this.#fewCounts ?? []) yield this.#tallyOf(term, count, keyTerm)
    for (let term = LIVE; term < this.#counts.length; term++) {
      const count = this.#whole === undefined ? this.#counts[term]! : this.#whole[term]! - this.#counts[term]!
      yield this.#tallyOf(term, count, keyTerm)
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

  #count(slot: number): void {
    const { tagLists, tagCounts, arena } = this.#storage
    const first = tagLists.get(slot) >>> 2
    const end = first + tagCounts.get(slot)
    if (end === first) this.#untagged++
    const few = this.#fewCounts
    for (let i = first; i < end; i++) {
      const term = arena.u32[i]!
      if (few === undefined) this.#counts[term]!++
      else few.set(term, (few.get(term) ?? 0) + 1)
    }
  }

  /** True for a slot of the tally that is not visited yet. */
  #isAhead(slot: number): boolean {
    let low = this.#next
    let high = this.#slots.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#slots[middle]! < slot) low = middle + 1
      else high = middle
    }
    return this.#slots[low] === slot
  }
}

/** The live slots that are not among some slots, ascending. */
function othersThan({ dictionary, size }: IndexStorage, slots: Uint32Array): Uint32Array {
  const others = new Uint32Array(size - slots.length)
  let length = 0
  let next = 0
  dictionary.postings.forEach(LIVE, (slot) => {
    if (slots[next] === slot) next++
    else others[length++] = slot
  })
  return others
}

/** The counts of the pairs by term, 0 for every other term. */
function postingCounts({ dictionary }: IndexStorage): Uint32Array {
  const counts = new Uint32Array(dictionary.termCount)
  for (let term = 0; term < counts.length; term++) {
    if (dictionary.isPair(term)) counts[term] = dictionary.postings.count(term)
  }
  return counts
}
