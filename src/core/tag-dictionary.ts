import { Posting } from './posting.ts'
import { compareCodePoints } from './text.ts'

/** One key and one of its values, with the slots that carry the pair. */
export type Pair = { readonly id: number; readonly key: KeyEntry; readonly value: string; readonly posting: Posting }

/** One key with the slots that carry it, whatever the value, and its values. */
type KeyEntry = {
  readonly key: string
  readonly posting: Posting
  readonly pairs: Map<string, Pair>
  /** Values in ascending order, worked out when first asked for after a change. */
  sortedValues: readonly string[] | undefined
}

/**
 * Every key and pair in use, each known by a small number. A pair that no slot carries any more is forgotten and
 * its number given to the next new pair, so that churn does not grow the dictionary.
 */
export class TagDictionary {
  readonly #keys = new Map<string, KeyEntry>()
  readonly #pairs: (Pair | undefined)[] = []
  readonly #freeIds: number[] = []
  #sortedKeys: readonly KeyEntry[] | undefined

  keyPosting(key: string): Posting | undefined {
    return this.#keys.get(key)?.posting
  }

  pairPosting(key: string, value: string): Posting | undefined {
    return this.#keys.get(key)?.pairs.get(value)?.posting
  }

  /** The pair with a number that `assign` gave and that is still in use. */
  pair(id: number): Pair {
    return this.#pairs[id]!
  }

  /** Notes that a slot carries a pair, and gives the pair's number. */
  assign(slot: number, key: string, value: string): number {
    const pair = this.#pairOf(key, value)
    pair.posting.add(slot)
    pair.key.posting.add(slot)
    return pair.id
  }

  /** Notes that a slot no longer carries a pair, nor its key with any other value. */
  release(slot: number, id: number): void {
    const { key, value, posting } = this.pair(id)
    posting.remove(slot)
    key.posting.remove(slot)
    if (posting.count > 0) return
    key.pairs.delete(value)
    key.sortedValues = undefined
    this.#pairs[id] = undefined
    this.#freeIds.push(id)
    if (key.pairs.size > 0) return
    this.#keys.delete(key.key)
    this.#sortedKeys = undefined
  }

  /** How many keys are in use. */
  get keyCount(): number {
    return this.#keys.size
  }

  /** Keys with all their values, both ascending by code point: up to `limit`, leaving out the first `offset`. */
  keys(offset: number, limit: number): { readonly key: string; readonly values: readonly string[] }[] {
    this.#sortedKeys ??= [...this.#keys.values()].sort((a, b) => compareCodePoints(a.key, b.key))
    return this.#sortedKeys.slice(offset, offset + limit).map((entry) => {
      entry.sortedValues ??= [...entry.pairs.keys()].sort(compareCodePoints)
      return { key: entry.key, values: entry.sortedValues }
    })
  }

  #pairOf(key: string, value: string): Pair {
    let entry = this.#keys.get(key)
    if (entry === undefined) {
      entry = { key, posting: new Posting(), pairs: new Map(), sortedValues: undefined }
      this.#keys.set(key, entry)
      this.#sortedKeys = undefined
    }
    let pair = entry.pairs.get(value)
    if (pair === undefined) {
      pair = { id: this.#freeIds.pop() ?? this.#pairs.length, key: entry, value, posting: new Posting() }
      this.#pairs[pair.id] = pair
      entry.pairs.set(value, pair)
      entry.sortedValues = undefined
    }
    return pair
  }
}
