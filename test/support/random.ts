/** A generator of chance that gives the same again for the same seed (mulberry32). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A number from 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number {
    return Math.floor(this.next() * below)
  }

  chance(share: number): boolean {
    return this.next() < share
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }

  /** Some of the items, each with the same chance, in random order. */
  some<T>(items: readonly T[], share: number): T[] {
    const taken = items.filter(() => this.chance(share))
    for (let i = taken.length - 1; i > 0; i--) {
      const j = this.below(i + 1)
      ;[taken[i], taken[j]] = [taken[j] as T, taken[i] as T]
    }
    return taken
  }
}
