/** A counting semaphore: runs at most so many tasks concurrently and queues the others, first in, first out. */
export class Semaphore {
  #permits: number
  readonly #queue: (() => void)[] = []

  constructor(permits: number) {
    this.#permits = permits
  }

  /** Runs a task once a permit is free, and gives its result. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#permits > 0) this.#permits--
    else await new Promise<void>((resolve) => this.#queue.push(resolve))
    try {
      return await task()
    } finally {
      // The permit passes directly to the next in the queue, so that a later caller cannot overtake it.
      const next = this.#queue.shift()
      if (next === undefined) this.#permits++
      else next()
    }
  }
}
