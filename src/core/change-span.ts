/** A resource that changes of a span touched. */
export type TouchedResource = {
  /** Revision of the change before the first one of the span; undefined when that is the first of the resource. */
  readonly prior: number | undefined
  /** Revision of its last change of the span. */
  readonly last: number
  readonly changes: number
  /** Numbers of the actors, each once, the latest first. */
  readonly actors: readonly number[]
}

const NONE = -1
const LEFT_OUT = -2

/**
 * The resources that the changes of a span of revisions touched, found by the pointers of the changes to the ones before.
 * It takes 24 bytes a change, whatever the sizes of the resources.
 */
export class ChangeSpan {
  readonly #from: number
  readonly #size: number
  #added = 0
  /** Of each change the one before of the same resource in the span. */
  readonly #before: Int32Array
  /** Of each change the first one of the same resource in the span. */
  readonly #first: Int32Array
  /** Of the first change of each resource its last one. */
  readonly #last: Int32Array
  readonly #actors: Uint32Array
  /** Of the first change of each resource the pointer that leads out of the span; 0 when it has none. */
  readonly #priors: Float64Array

  /** The span is of the revisions above `from`, up to `to`. */
  constructor(from: number, to: number) {
    this.#from = from
    this.#size = to - from
    this.#before = new Int32Array(this.#size)
    this.#first = new Int32Array(this.#size)
    this.#last = new Int32Array(this.#size)
    this.#actors = new Uint32Array(this.#size)
    this.#priors = new Float64Array(this.#size)
  }

  /** Adds the next change of the span. `actor` is a number of the caller's choice. */
  add(revision: number, prior: number | undefined, actor: number): void {
    const at = this.#next(revision)
    const before = Math.max((prior ?? 0) - this.#from - 1, NONE)
    const first = before === NONE ? at : (this.#first[before] as number)
    this.#before[at] = before
    this.#first[at] = first
    this.#last[first] = at
    this.#actors[at] = actor
    this.#priors[at] = prior ?? 0
  }

  /** Leaves out the next change of the span. All changes of its resource have to be left out. */
  leaveOut(revision: number): void {
    this.#before[this.#next(revision)] = LEFT_OUT
  }

  #next(revision: number): number {
    const at = revision - this.#from - 1
    if (at !== this.#added || at >= this.#size) throw new Error(`revision ${revision} does not follow in the span`)
    this.#added++
    return at
  }

  /** True when every change of the span was added. */
  get isComplete(): boolean {
    return this.#added === this.#size
  }

  /** The touched resources in the order of their first changes. */
  *touched(): Generator<TouchedResource> {
    for (let at = 0; at < this.#added; at++) {
      if (this.#before[at] !== NONE) continue
      const last = this.#last[at] as number
      const actors = new Set<number>()
      let changes = 0
      for (let each = last; each !== NONE; each = this.#before[each] as number) {
        actors.add(this.#actors[each] as number)
        changes++
      }
      yield { prior: this.#priors[at] || undefined, last: last + this.#from + 1, changes, actors: [...actors] }
    }
  }
}
