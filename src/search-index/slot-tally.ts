import type { Tag } from '../core/tag.ts'
import { LIVE, UNTAGGED } from './dictionary.ts'
import type { IndexStorage } from './index-state.ts'

/** The number of resources with one tag. */
export type TagTally = Tag & { readonly count: number }

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
  /** By term. A term that is added later belongs to no slot of the tally. */
  readonly #counts: Uint32Array
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
    this.#counts = new Uint32Array(storage.dictionary.termCount)
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

  /** Yields each tag that was counted, in no order; undefined for a term without one, so that the caller can yield. */
  *tags(): Generator<TagTally | undefined> {
    const { dictionary } = this.#storage
    for (let term = LIVE; term < this.#counts.length; term++) {
      const count = this.#whole === undefined ? this.#counts[term]! : this.#whole[term]! - this.#counts[term]!
      if (count === 0) yield undefined
      else yield { ...(this.#texts.get(term) ?? dictionary.tag(term)), count }
    }
  }

  /** Ends the tally. */
  close(): void {
    this.#onClose()
  }

  #count(slot: number): void {
    const { tagLists, tagCounts, arena } = this.#storage
    const first = tagLists.get(slot) >>> 2
    const end = first + tagCounts.get(slot)
    if (end === first) this.#untagged++
    for (let i = first; i < end; i++) this.#counts[arena.u32[i]!]!++
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
