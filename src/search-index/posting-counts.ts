import type { IndexStorage } from './index-state.ts'

/**
 * How many slots carried each pair at the moment at which this was made. Nothing is copied: a count is that of now, corrected
 * by the tags that changed slots had and have. `beforeChange` must be called before a slot changes.
 */
export class PostingCounts {
  readonly #storage: IndexStorage
  /** Slots from this one on are new, and their tags are not in the corrections yet. */
  #known: number
  /** Changed slots whose present tags are not in the corrections yet. */
  readonly #pending = new Set<number>()
  /** By term: what has to be added to its present count. */
  readonly #corrections = new Map<number, number>()
  /** Later terms were carried by no slot. */
  readonly termCount: number

  constructor(storage: IndexStorage) {
    this.#storage = storage
    this.#known = storage.slotCount
    this.termCount = storage.dictionary.termCount
  }

  /** To be called before a slot changes. */
  beforeChange(slot: number): void {
    if (slot >= this.#known || this.#pending.has(slot)) return
    this.#pending.add(slot)
    this.#correct(slot, 1)
  }

  /** The count of a pair, 0 for every other term. */
  count(term: number): number {
    this.settle()
    const { dictionary } = this.#storage
    const now = dictionary.isPair(term) ? dictionary.postings.count(term) : 0
    return now + (this.#corrections.size === 0 ? 0 : (this.#corrections.get(term) ?? 0))
  }

  /** Corrects the counts by what has changed since the last call, which `count` does too: often called, it takes little time. */
  settle(): void {
    const { slotCount } = this.#storage
    if (this.#pending.size > 0) {
      for (const slot of this.#pending) this.#correct(slot, -1)
      this.#pending.clear()
    }
    for (; this.#known < slotCount; this.#known++) this.#correct(this.#known, -1)
  }

  #correct(slot: number, by: number): void {
    for (const pair of this.#storage.pairsOf(slot)) {
      this.#corrections.set(pair, (this.#corrections.get(pair) ?? 0) + by)
    }
  }
}
