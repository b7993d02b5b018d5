import { murmur3 } from './murmur3.ts'

/** Shards, so that growing one takes no longer than a few milliseconds. */
const SHARDS = 256
const SLOTS_MIN = 16
const LOAD_MAX = 0.7
const SEEDS = [0x2545f491, 0x7f4a7c15, 0x9e3779b9] as const

/**
 * A set of texts that keeps a hash of 64 bits of each, in 12 to 24 bytes. `has` is true for every text that was added; it
 * is true for one that was not with a probability of about the size of the set by 2^64, so it suits decisions in which
 * that is the safe side.
 */
export class IdSet {
  readonly #shards = Array.from({ length: SHARDS }, () => new Shard())
  size = 0

  /** Adds a text. Returns false if it was there. */
  add(text: string): boolean {
    const isNew = this.#shardOf(text).add(...hashOf(text))
    if (isNew) this.size++
    return isNew
  }

  has(text: string): boolean {
    return this.#shardOf(text).has(...hashOf(text))
  }

  #shardOf(text: string): Shard {
    return this.#shards[murmur3(text, SEEDS[2]) & (SHARDS - 1)] as Shard
  }
}

/** Two words, of which the first is odd and so never 0, because that marks a free slot. */
function hashOf(text: string): [number, number] {
  return [murmur3(text, SEEDS[0]) | 1, murmur3(text, SEEDS[1])]
}

/** A hash table with open addressing. */
class Shard {
  #words = new Int32Array(SLOTS_MIN * 2)
  #size = 0

  add(first: number, second: number): boolean {
    if (this.#size >= (this.#words.length / 2) * LOAD_MAX) this.#grow()
    const slot = this.#slotOf(first, second)
    if (this.#words[slot] !== 0) return false
    this.#words[slot] = first
    this.#words[slot + 1] = second
    this.#size++
    return true
  }

  has(first: number, second: number): boolean {
    return this.#words[this.#slotOf(first, second)] !== 0
  }

  #slotOf(first: number, second: number): number {
    const words = this.#words
    const mask = words.length - 1
    for (let slot = (second * 2) & mask; ; slot = (slot + 2) & mask) {
      if (words[slot] === 0 || (words[slot] === first && words[slot + 1] === second)) return slot
    }
  }

  #grow(): void {
    const old = this.#words
    this.#words = new Int32Array(old.length * 2)
    for (let i = 0; i < old.length; i += 2) {
      if (old[i] === 0) continue
      const slot = this.#slotOf(old[i] as number, old[i + 1] as number)
      this.#words[slot] = old[i] as number
      this.#words[slot + 1] = old[i + 1] as number
    }
  }
}
