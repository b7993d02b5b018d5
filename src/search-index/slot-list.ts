/** Slots of one chunk; a chunk after a change may have fewer. */
const CHUNK_SLOTS = 4096

const NO_SLOTS = new Uint32Array(0)

/**
 * An ascending list of slots in chunks: to append, to change some slots, and to take a page cost no time in proportion to its
 * length. A chunk that was given away never changes.
 */
export class SlotList {
  /** None is empty. The last one may be the filled part of `#room`. */
  #chunks: Uint32Array[] = []
  #length = 0
  /** The memory of the last chunk, while slots can be appended to it. */
  #room = NO_SLOTS
  #filled = 0

  /** The list of slots that ascend. */
  static of(slots: Uint32Array): SlotList {
    const list = new SlotList()
    if (slots.length > 0) list.#chunks.push(slots)
    list.#length = slots.length
    return list
  }

  get length(): number {
    return this.#length
  }

  /** The slots of the list as it is now, in ascending chunks that are not empty. */
  get chunks(): readonly Uint32Array[] {
    return [...this.#chunks]
  }

  /** Appends slots that ascend, all above the last one. */
  append(slots: Uint32Array): void {
    this.#length += slots.length
    for (let from = 0; from < slots.length; ) {
      if (this.#filled === this.#room.length) {
        this.#room = new Uint32Array(CHUNK_SLOTS)
        this.#filled = 0
      } else this.#chunks.pop()
      const some = slots.subarray(from, from + CHUNK_SLOTS - this.#filled)
      this.#room.set(some, this.#filled)
      this.#filled += some.length
      from += some.length
      this.#chunks.push(this.#room.subarray(0, this.#filled))
    }
  }

  /** Adds the slots that are true, and removes those that are false. */
  change(members: ReadonlyMap<number, boolean>): void {
    if (members.size === 0) return
    this.#room = NO_SLOTS
    this.#filled = 0
    const slots = Uint32Array.from(members.keys()).sort()
    let at = this.#chunks.length - 1
    for (let end = slots.length; end > 0; at--) {
      const first = at > 0 ? this.#chunks[at]![0]! : 0
      let start = end
      while (start > 0 && slots[start - 1]! >= first) start--
      if (start < end) this.#changeChunk(Math.max(0, at), slots.subarray(start, end), members)
      end = start
    }
  }

  /** Gives some of the slots by their positions. */
  page(offset: number, limit: number): Uint32Array {
    const page = new Uint32Array(Math.max(0, Math.min(limit, this.#length - offset)))
    let skipped = 0
    let taken = 0
    for (const chunk of this.#chunks) {
      if (taken === page.length) break
      const start = Math.max(0, offset - skipped)
      const some = chunk.subarray(start, start + page.length - taken)
      page.set(some, taken)
      taken += some.length
      skipped += chunk.length
    }
    return page
  }

  #changeChunk(at: number, slots: Uint32Array, members: ReadonlyMap<number, boolean>): void {
    const before = this.#chunks[at] ?? NO_SLOTS
    const after = new Uint32Array(before.length + slots.length)
    let length = 0
    let next = 0
    for (const slot of slots) {
      while (next < before.length && before[next]! < slot) after[length++] = before[next++]!
      if (before[next] === slot) next++
      if (members.get(slot)) after[length++] = slot
    }
    for (; next < before.length; next++) after[length++] = before[next]!
    this.#length += length - before.length
    const parts: Uint32Array[] = []
    // Chunks grow to twice the size before they are split, so that a split is rare.
    const size = length > 2 * CHUNK_SLOTS ? CHUNK_SLOTS : length
    for (let from = 0; from < length; from += size) parts.push(after.subarray(from, Math.min(length, from + size)))
    this.#chunks.splice(at, 1, ...parts)
  }
}

/** A position in the chunks of a list. */
export class SlotCursor {
  readonly #chunks: readonly Uint32Array[]
  #chunk = 0
  #at = 0

  constructor(list: SlotList) {
    this.#chunks = list.chunks
  }

  /** The slot at the position; infinite after the last one. */
  get slot(): number {
    return this.#chunks[this.#chunk]?.[this.#at] ?? Number.POSITIVE_INFINITY
  }

  advance(): void {
    if (++this.#at < this.#chunks[this.#chunk]!.length) return
    this.#chunk++
    this.#at = 0
  }

  /** True if the list has a slot, wherever the position is. */
  has(slot: number): boolean {
    const chunk = this.#chunks[upperBound(this.#chunks.length, (i) => this.#chunks[i]![0]!, slot) - 1]
    return chunk !== undefined && chunk[upperBound(chunk.length, (i) => chunk[i]!, slot) - 1] === slot
  }
}

/** The number of ascending items that are not above a number. */
function upperBound(length: number, itemOf: (i: number) => number, number: number): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (itemOf(middle) <= number) low = middle + 1
    else high = middle
  }
  return low
}
