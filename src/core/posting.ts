import { clearBit, hasBit, setBit, sliceBits, unite, type Words, wordsFor } from './bitmap.ts'
import { U32List } from './u32-list.ts'

/** Below this many members a list is always small enough. */
const LIST_MAX_AT_LEAST = 32

/**
 * The slots that hold one thing. Kept as an ascending list while that is smaller than a bitmap, as a bitmap from
 * then on; goes back to a list when the bitmap would take four times the room of one, so that it does not flap.
 */
export class Posting {
  #list: U32List | undefined = new U32List()
  #words: Words = new Uint32Array(0)
  #count = 0

  /** Gives a posting of ascending slots. */
  static of(slots: Iterable<number>): Posting {
    const posting = new Posting()
    for (const slot of slots) posting.add(slot)
    return posting
  }

  get count(): number {
    return this.#count
  }

  has(slot: number): boolean {
    if (this.#list === undefined) return hasBit(this.#words, slot)
    const place = this.#list.lowerBound(slot)
    return place < this.#list.length && this.#list.at(place) === slot
  }

  /** Adds a slot; nothing happens if it is a member. */
  add(slot: number): void {
    if (this.#list === undefined) this.#addToWords(slot)
    else this.#addToList(this.#list, slot)
  }

  /** Removes a slot; nothing happens if it is no member. */
  remove(slot: number): void {
    if (!this.has(slot)) return
    this.#count--
    if (this.#list !== undefined) this.#list.removeAt(this.#list.lowerBound(slot))
    else {
      clearBit(this.#words, slot)
      if (this.#isTooSparse(this.#words.length)) this.#toList()
    }
  }

  /** Adds every member to a set of words that is long enough for all slots. */
  uniteInto(words: Words): void {
    if (this.#list === undefined) unite(words, this.#words)
    else for (const slot of this.#list.view()) setBit(words, slot)
  }

  /** The bitmap, when that is how the members are kept: read only, and valid until the next change. */
  get words(): Words | undefined {
    return this.#list === undefined ? this.#words : undefined
  }

  /** All members in ascending order. */
  slots(): Iterable<number> {
    return this.#list?.view() ?? sliceBits(this.#words, 0, this.#count)
  }

  #addToList(list: U32List, slot: number): void {
    const place = list.lowerBound(slot)
    if (place === list.length) list.push(slot)
    else if (list.at(place) === slot) return
    else list.insert(place, slot)
    this.#count++
    const last = list.at(list.length - 1)
    if (this.#count > LIST_MAX_AT_LEAST && this.#count > wordsFor(last + 1)) this.#toWords(list, last)
  }

  #addToWords(slot: number): void {
    if (hasBit(this.#words, slot)) return
    if (slot >>> 5 >= this.#words.length) {
      if (this.#isTooSparse(wordsFor(slot + 1))) {
        this.#toList().push(slot)
        this.#count++
        return
      }
      // NOTE: growth by a quarter, so that a set that every new resource joins is not copied each time.
      const grown = new Uint32Array(wordsFor(slot + 1) + (this.#words.length >>> 2))
      grown.set(this.#words)
      this.#words = grown
    }
    setBit(this.#words, slot)
    this.#count++
  }

  #toWords(list: U32List, last: number): void {
    this.#words = new Uint32Array(wordsFor(last + 1))
    for (const slot of list.view()) setBit(this.#words, slot)
    this.#list = undefined
  }

  /** True when a bitmap of so many words would take four times the room of a list. */
  #isTooSparse(words: number): boolean {
    return this.#count * 4 < words
  }

  #toList(): U32List {
    const list = new U32List(Math.max(1, this.#count))
    for (const slot of sliceBits(this.#words, 0, this.#count)) list.push(slot)
    this.#list = list
    this.#words = new Uint32Array(0)
    return list
  }
}
