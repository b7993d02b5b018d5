import type { SlotPage } from './query-request.ts'

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
  readonly #found: Uint32Array[] = []
  /** Slots that have changed and are not tested again yet. Slots from `#known` on are new. */
  readonly #changed = new Set<number>()
  #known: number
  /** Whether changed and new slots matched when they were last tested. */
  readonly #tested = new Map<number, boolean>()
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
      this.#found.push(verify(candidates.subarray(this.#next, this.#next + testsPerStep)))
      this.#next += testsPerStep
    } else this.#testAgain(TESTS_PER_STEP)
  }

  /** To be called before a slot changes. */
  beforeChange(slot: number): void {
    this.#changed.add(slot)
  }

  /** Gives a page of the result as of now, after all steps. */
  page(offset: number, limit: number): SlotPage {
    this.#testAgain(Number.POSITIVE_INFINITY)
    const matching = Array.from(this.#tested).flatMap(([slot, isMatch]) => (isMatch ? [slot] : []))
    const parts = this.#found.map((slots) =>
      this.#tested.size === 0 ? slots : slots.filter((slot) => !this.#tested.has(slot)),
    )
    const total = parts.reduce((sum, { length }) => sum + length, matching.length)
    if (limit === 0 || offset >= total) return { total, slots: new Uint32Array(0) }
    const slots = new Uint32Array(total)
    let length = 0
    for (const part of parts) {
      slots.set(part, length)
      length += part.length
    }
    slots.set(matching, length)
    if (matching.length > 0) slots.sort()
    return { total, slots: slots.slice(offset, offset + limit) }
  }

  /** Ends the search. */
  close(): void {
    this.#options.onClose()
  }

  #testAgain(max: number): void {
    const { matches, slotCount } = this.#options
    let left = max
    for (; left > 0 && this.#known < slotCount(); left--) this.#tested.set(this.#known, matches(this.#known++))
    for (const slot of this.#changed) {
      if (left-- <= 0) return
      this.#changed.delete(slot)
      this.#tested.set(slot, matches(slot))
    }
  }
}
