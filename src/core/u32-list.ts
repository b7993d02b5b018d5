/** A growable list of unsigned 32-bit integers in one flat array: four bytes an item, no object behind each. */
export class U32List {
  #items: Uint32Array
  #length = 0

  constructor(capacity = 4) {
    this.#items = new Uint32Array(capacity)
  }

  get length(): number {
    return this.#length
  }

  /** The items as a view; valid until the next change of the list. */
  view(): Uint32Array {
    return this.#items.subarray(0, this.#length)
  }

  /** The item at a place below `length`. */
  at(place: number): number {
    return this.#items[place]!
  }

  /** Replaces the item at a place below `length`. */
  put(place: number, item: number): void {
    this.#items[place] = item
  }

  push(item: number): void {
    this.#reserve(this.#length + 1)
    this.#items[this.#length++] = item
  }

  /** Puts an item in front of the one at `place`. */
  insert(place: number, item: number): void {
    this.#reserve(this.#length + 1)
    this.#items.copyWithin(place + 1, place, this.#length++)
    this.#items[place] = item
  }

  removeAt(place: number): void {
    this.#items.copyWithin(place, place + 1, this.#length--)
  }

  /** In an ascending list: the place of the first item that is not below `item`. */
  lowerBound(item: number): number {
    let low = 0
    let high = this.#length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#items[middle]! < item) low = middle + 1
      else high = middle
    }
    return low
  }

  #reserve(length: number): void {
    if (length <= this.#items.length) return
    const grown = new Uint32Array(Math.max(length, this.#items.length * 2))
    grown.set(this.#items)
    this.#items = grown
  }
}
