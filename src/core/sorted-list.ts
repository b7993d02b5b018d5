import { compareCodePoints } from './text.ts'

/** Items of a chunk at most. A full chunk is split in halves. */
const CHUNK_ITEMS_MAX = 512
/** Of an array that belongs to a view. */
const NO_EPOCH = -1

/** Consecutive items of a list. Those of an older epoch than the list's are shared with views and never change. */
export type Chunk<T> = { readonly items: T[]; readonly epoch: number; json: string | undefined }

/** A view of a sorted list at one moment, unaffected by later changes of the list. */
export type SortedView<T> = { readonly chunks: readonly Chunk<T>[]; readonly size: number }

/**
 * A list of items sorted by a text of each, ascending by code point, with every text once. It is split into chunks, so that
 * an insertion moves few items whatever the size, and so that a view costs nothing: what a view can reach is copied
 * before it changes, chunk by chunk. Changes name an epoch; a new epoch begins whenever a view is taken.
 */
export class SortedList<T> {
  readonly #textOf: (item: T) => string
  #chunks: Chunk<T>[]
  #size: number
  /** The epoch in which the array of chunks was copied. */
  #epoch: number

  /** Makes an empty list, or one with the items of a view. */
  constructor(textOf: (item: T) => string, epoch = 0, view?: SortedView<T>) {
    this.#textOf = textOf
    this.#chunks = view === undefined ? [] : (view.chunks as Chunk<T>[])
    this.#size = view?.size ?? 0
    this.#epoch = view === undefined ? epoch : NO_EPOCH
  }

  get size(): number {
    return this.#size
  }

  /** A view of the present items. It is stable only if later changes name a higher epoch than earlier ones. */
  get view(): SortedView<T> {
    return { chunks: this.#chunks, size: this.#size }
  }

  *[Symbol.iterator](): Generator<T> {
    for (const { items } of this.#chunks) yield* items
  }

  /** Yields the items whose text is not below a text. To be read before the next change. */
  *from(text: string): Generator<T> {
    for (let i = this.#chunkOf(text); i < this.#chunks.length; i++) {
      const { items } = this.#chunks[i]!
      for (let at = lowerBound(items, text, this.#textOf); at < items.length; at++) yield items[at]!
    }
  }

  find(text: string): T | undefined {
    const items = this.#chunks[this.#chunkOf(text)]?.items ?? []
    const item = items[lowerBound(items, text, this.#textOf)]
    return item !== undefined && this.#textOf(item) === text ? item : undefined
  }

  /** Inserts an item, or replaces the one with the same text. */
  put(item: T, epoch: number): void {
    const text = this.#textOf(item)
    const index = this.#chunkOf(text)
    const items = this.#itemsToChange(index, epoch)
    const at = lowerBound(items, text, this.#textOf)
    if (at < items.length && this.#textOf(items[at]!) === text) {
      items[at] = item
      return
    }
    items.splice(at, 0, item)
    this.#size++
    if (items.length <= CHUNK_ITEMS_MAX) return
    const upper = items.splice(items.length >>> 1)
    this.#chunks.splice(index + 1, 0, { items: upper, epoch, json: undefined })
  }

  /** Removes the item with a text. No effect when there is none. */
  remove(text: string, epoch: number): void {
    if (this.find(text) === undefined) return
    const index = this.#chunkOf(text)
    const items = this.#itemsToChange(index, epoch)
    items.splice(lowerBound(items, text, this.#textOf), 1)
    this.#size--
    if (items.length === 0) this.#chunks.splice(index, 1)
  }

  /** The chunk that has a text, or in which it belongs. */
  #chunkOf(text: string): number {
    let low = 0
    let high = this.#chunks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareCodePoints(this.#textOf(this.#chunks[middle]!.items[0]!), text) <= 0) low = middle + 1
      else high = middle
    }
    return Math.max(0, low - 1)
  }

  /** The items of a chunk, copied if a view can reach them. */
  #itemsToChange(index: number, epoch: number): T[] {
    if (this.#epoch !== epoch) {
      this.#chunks = [...this.#chunks]
      this.#epoch = epoch
    }
    const chunk = this.#chunks[index]
    if (chunk?.epoch === epoch) {
      chunk.json = undefined
      return chunk.items
    }
    const items = chunk === undefined ? [] : [...chunk.items]
    this.#chunks[index] = { items, epoch, json: undefined }
    return items
  }
}

/** The position of the first item whose text is not below a text. */
function lowerBound<T>(sorted: readonly T[], text: string, textOf: (item: T) => string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareCodePoints(textOf(sorted[middle]!), text) < 0) low = middle + 1
    else high = middle
  }
  return low
}
