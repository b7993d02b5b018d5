/**
 * Whether an index stands at the end of a commit. A large commit is applied in time slices, and its states in between were
 * never committed: a read that takes several ticks must not end in one of them.
 */
export class CommitBoundary {
  #changing = 0
  readonly #waiting: (() => void)[] = []

  /** True while changes are applied. */
  get isChanging(): boolean {
    return this.#changing > 0
  }

  /** Executes work that applies whole commits. */
  async within<T>(work: () => Promise<T>): Promise<T> {
    this.#changing++
    try {
      return await work()
    } finally {
      this.#changing--
      if (this.#changing === 0) for (const resume of this.#waiting.splice(0)) resume()
    }
  }

  /** Resolves at the end of a commit: in the same tick, before the next one is applied. */
  async reached(): Promise<void> {
    while (this.isChanging) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** Reads at the end of a commit, at once if that is now. */
  read<R>(read: () => R | Promise<R>): R | Promise<R> {
    return this.isChanging ? this.reached().then(read) : read()
  }
}
