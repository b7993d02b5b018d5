/** Batches of one owner that are parsed and not committed yet: two in a commit, and two for the next one. */
const SLOTS = 4

/**
 * Limits how many parsed batches the imports of one owner, such as a project, have together: more would not be committed
 * sooner, and all of their lines would outlive collections of the young generation.
 */
export class BatchSlots {
  readonly #taken = new Map<string, number>()
  readonly #waiting = new Map<string, (() => void)[]>()

  /** Resolves when the owner has a free slot. Gives the function that frees it again; a second call does nothing. */
  async take(owner: string): Promise<() => void> {
    const taken = this.#taken.get(owner) ?? 0
    if (taken < SLOTS) this.#taken.set(owner, taken + 1)
    else {
      await new Promise<void>((resolve) => {
        const waiting = this.#waiting.get(owner)
        if (waiting === undefined) this.#waiting.set(owner, [resolve])
        else waiting.push(resolve)
      })
    }
    let isTaken = true
    return () => {
      if (isTaken) this.#free(owner)
      isTaken = false
    }
  }

  #free(owner: string): void {
    const waiting = this.#waiting.get(owner)
    const next = waiting?.shift()
    if (waiting?.length === 0) this.#waiting.delete(owner)
    const taken = this.#taken.get(owner) as number
    // The slot passes directly to the next in the queue, so that a later caller cannot overtake it.
    if (next !== undefined) next()
    else if (taken === 1) this.#taken.delete(owner)
    else this.#taken.set(owner, taken - 1)
  }
}
