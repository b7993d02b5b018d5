import type { SlotPage } from './query-request.ts'
import { SlotList } from './slot-list.ts'

/** Changed slots that one step tests again. */
const TESTS_PER_STEP = 64

/** What a search in steps needs from its index. */
export type StepwiseSearchOptions = {
  /** Slots that may match, ascending. */
  readonly candidates: Uint32Array
  /** Gives those of some candidates that match. */
  readonly verify: (slots: Uint32Array) => Uint32Array
  /** Says whether a slot has a resource that matches now. */
  readonly matches: (slot: number) => boolean
  /** The number of slots now. */
  readonly slotCount: () => number
  /** Candidates that one step verifies. */
  readonly testsPerStep: number
  readonly onClose: () => void
}

/**
 * A search that tests many resources, in steps between which the index may change. Its result is that of the moment at which
 * it is taken: slots that have changed since the search began are tested again.
 */
export class StepwiseSearch {
  readonly #options: StepwiseSearchOptions
  readonly #found = new SlotList()
  /** Slots that have changed and are not tested again yet. Slots from `#known` on are new. */
  readonly #changed = new Set<number>()
  #known: number
  /** Index of the next candidate. */
  #next = 0

  constructor(options: StepwiseSearchOptions) {
    this.#options = options
    this.#known = options.slotCount()
  }

  /** True when what is left to test is little enough for `page`. */
  get isDone(): boolean {
    const { candidates, slotCount } = this.#options
    return this.#next >= candidates.length && this.#changed.size + slotCount() - this.#known <= TESTS_PER_STEP
  }

  /** Does a small part of the work. */
  step(): void {
    const { candidates, verify, testsPerStep } = this.#options
    if (this.#next < candidates.length) {
      this.#found.append(verify(candidates.subarray(this.#next, this.#next + testsPerStep)))
      this.#next += testsPerStep
    } else this.#testAgain(TESTS_PER_STEP)
  }

  /** To be called before a slot changes. */
  beforeChange(slot: number): void {
    this.#changed.add(slot)
  }

  /** Gives the result as of now, after all steps. */
  slots(): SlotList {
    this.#testAgain(Number.POSITIVE_INFINITY)
    return this.#found
  }

  /** Gives a page of the result as of now, after all steps. */
  page(offset: number, limit: number): SlotPage {
    const found = this.slots()
    return { total: found.length, slots: found.page(offset, limit) }
  }

  /** Ends the search. */
  close(): void {
    this.#options.onClose()
  }

  #testAgain(max: number): void {
    const { matches, slotCount } = this.#options
    const tested = new Map<number, boolean>()
    for (; tested.size < max && this.#known < slotCount(); this.#known++) tested.set(this.#known, matches(this.#known))
    for (const slot of this.#changed) {
      if (tested.size >= max) break
      this.#changed.delete(slot)
      tested.set(slot, matches(slot))
    }
    this.#found.change(tested)
  }
}
