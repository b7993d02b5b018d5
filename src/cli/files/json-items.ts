import type { Places } from './places.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const LINE_FEED = 10
const SPACE = 0x20
const OPEN = [0x7b, 0x5b] as const
const CLOSE = [0x7d, 0x5d] as const
const [, ARRAY_START] = OPEN
const [, ARRAY_END] = CLOSE
/** Bytes of an UTF-8 byte order mark. */
const MARK = [0xef, 0xbb, 0xbf] as const

/**
 * Converts one JSON array, or JSON values one after the other, to lines with one item each. Only splits them: whether an
 * item is valid is checked by the service. Keeps no more than one item, cut off at `itemBytesMax`. Throws for an array
 * that is not complete.
 */
export async function* jsonItems(
  chunks: AsyncIterable<Uint8Array>,
  isArray: boolean,
  itemBytesMax: number,
  places: Places,
): AsyncGenerator<Uint8Array> {
  places.areItems = isArray
  const splitter = new Splitter(isArray, itemBytesMax, places)
  for await (const chunk of chunks) {
    const lines = splitter.push(chunk)
    if (lines.length > 0) yield lines
  }
  const last = splitter.end()
  if (last.length > 0) yield last
}

class Splitter {
  readonly #isArray: boolean
  readonly #places: Places
  readonly #item: Uint8Array
  #length = 0
  #lines: Uint8Array[] = []
  #line = 1
  /** The line on which the item began. */
  #itemLine = 0
  #depth = 0
  #inText = false
  #isEscaped = false
  #hasBlank = false
  #state: 'before' | 'items' | 'after'
  /** Whether a comma came after the last item. */
  #needsItem = false
  #bytesBefore = 0

  constructor(isArray: boolean, itemBytesMax: number, places: Places) {
    this.#isArray = isArray
    this.#places = places
    this.#item = new Uint8Array(itemBytesMax)
    this.#state = isArray ? 'before' : 'items'
  }

  /** Gives the lines of the items that end in a chunk. */
  push(chunk: Uint8Array): Uint8Array {
    for (const byte of chunk) {
      if (this.#inText) this.#inside(byte)
      else this.#outside(byte)
      if (byte === LINE_FEED) this.#line++
    }
    this.#bytesBefore += chunk.length
    return this.#takeLines()
  }

  /** Gives the last lines. */
  end(): Uint8Array {
    if (this.#isArray ? this.#state !== 'after' : this.#depth > 0 || this.#inText) {
      const start = this.#length > 0 ? `; its last item begins on line ${this.#itemLine}` : ''
      throw new Error(`the JSON ${this.#isArray ? 'array' : 'object'} has no end, so the file is not complete${start}`)
    }
    if (this.#length > 0) this.#finishItem()
    return this.#takeLines()
  }

  #inside(byte: number): void {
    if (byte === LINE_FEED) throw new Error(`line ${this.#line}: a text in the JSON is not closed`)
    this.#append(byte)
    if (this.#isEscaped) this.#isEscaped = false
    else if (byte === BACKSLASH) this.#isEscaped = true
    else if (byte === QUOTE) this.#inText = false
  }

  #outside(byte: number): void {
    if (byte === SPACE || (byte >= 9 && byte <= 13)) {
      this.#hasBlank = this.#length > 0
      // A value that is neither an object nor an array ends here.
      if (!this.#isArray && this.#depth === 0 && this.#length > 0) this.#finishItem()
      return
    }
    const isBetween = this.#depth === 0 && this.#isArray && (byte === COMMA || byte === ARRAY_END)
    if (this.#state !== 'items') this.#aroundItems(byte)
    else if (isBetween) this.#afterItem(byte)
    else this.#take(byte)
  }

  /** Takes a byte of an item. */
  #take(byte: number): void {
    if (this.#length === 0) {
      // A byte order mark is no part of the first value.
      if (this.#bytesBefore === 0 && !this.#isArray && MARK.includes(byte as 0xef)) return
      this.#itemLine = this.#line
    } else if (this.#hasBlank) this.#append(SPACE)
    this.#hasBlank = false
    this.#append(byte)
    if (byte === QUOTE) this.#inText = true
    else if (OPEN.includes(byte as 0x7b)) this.#depth++
    else if (CLOSE.includes(byte as 0x7d)) {
      // The service refuses an item that closes more than it opens.
      this.#depth = Math.max(0, this.#depth - 1)
      if (this.#depth === 0 && !this.#isArray) this.#finishItem()
    }
  }

  /** Takes a byte before or after the array. */
  #aroundItems(byte: number): void {
    if (this.#state === 'before') {
      if (byte === ARRAY_START) this.#state = 'items'
      return
    }
    throw new Error(`line ${this.#line}: the file goes on after the end of the JSON array`)
  }

  #afterItem(byte: number): void {
    const isMissing = this.#length === 0 && (byte === COMMA || this.#needsItem)
    if (isMissing) throw new Error(`line ${this.#line}: an item of the JSON array is missing`)
    if (this.#length > 0) this.#finishItem()
    this.#needsItem = byte === COMMA
    if (byte === ARRAY_END) this.#state = 'after'
  }

  #append(byte: number): void {
    if (this.#length < this.#item.length) this.#item[this.#length] = byte
    this.#length++
  }

  #finishItem(): void {
    const length = Math.min(this.#length, this.#item.length)
    const line = new Uint8Array(length + 1)
    line.set(this.#item.subarray(0, length))
    line[length] = LINE_FEED
    this.#lines.push(line)
    this.#places.add(this.#itemLine)
    this.#length = 0
    this.#depth = 0
    this.#hasBlank = false
  }

  #takeLines(): Uint8Array {
    const lines = Buffer.concat(this.#lines)
    this.#lines = []
    return lines
  }
}
