/** Texts that are counted in one map; more are spread over several. */
const FIRST_MAX = 4096
const SHARDS_SHIFT = 6
/** A text is spread by its end: values often begin alike. */
const HASHED_CHARACTERS = 8

/** Counts by text. The maps of many texts are small, because the growth of a map rehashes all of it at once. */
export class TextCounts {
  readonly #first = new Map<string, number>()
  readonly #shards: (Map<string, number> | undefined)[] = []
  #size = 0
  #sum = 0

  /** The number of texts. */
  get size(): number {
    return this.#size
  }

  /** The sum of all counts. */
  get sum(): number {
    return this.#sum
  }

  add(text: string, count: number): void {
    const map = this.#first.size < FIRST_MAX || this.#first.has(text) ? this.#first : this.#shardOf(text)
    const before = map.get(text)
    if (before === undefined) this.#size++
    this.#sum += count
    map.set(text, (before ?? 0) + count)
  }

  /** Yields the texts with their counts, in no order. */
  *[Symbol.iterator](): Generator<readonly [text: string, count: number]> {
    yield* this.#first
    for (const shard of this.#shards) if (shard !== undefined) yield* shard
  }

  #shardOf(text: string): Map<string, number> {
    let hash = text.length
    for (let i = Math.max(0, text.length - HASHED_CHARACTERS); i < text.length; i++) {
      hash = Math.imul(hash, 31) + text.charCodeAt(i)
    }
    const at = Math.imul(hash, 0x9e37_79b1) >>> (32 - SHARDS_SHIFT)
    const known = this.#shards[at]
    if (known !== undefined) return known
    const shard = new Map<string, number>()
    this.#shards[at] = shard
    return shard
  }
}
