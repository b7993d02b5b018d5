import { murmur3 } from './murmur3.ts'

/** An earlier line that has the same resource. */
export type Repeat = {
  readonly earlierLine: number
  /** Whether both lines have the same content. */
  readonly isEqual: boolean
}

const SLOTS_MIN = 1024
const LOAD_MAX = 0.8
/** Words of a slot in `#words`: three of the identity, one of the content. A slot takes 24 bytes with its line. */
const WORDS_PER_SLOT = 4
/** Seeds of the words of the identity, so that they are independent of each other, and of the content. */
const SEEDS = [0x9747b28c, 0x3c6ef372, 0x1f83d9ab] as const
const CONTENT_SEED = 0x5be0cd19

/** Hashes a text of the content of a line, after the hash of the texts before it. */
export function contentHash(text: string, before = CONTENT_SEED): number {
  return murmur3(text, before)
}

/**
 * Finds resources that occur in several lines of an import. Keeps 24 bytes per slot instead of the lines: a hash of 96
 * bits of the identity, one of 32 bits of the content, and the line number. Remembers at least the last `linesMax` lines,
 * and at most twice as many, in tables of less than 60 bytes per line.
 *
 * NOTE: The hash is not cryptographic. A caller who makes lines collide only spoils their own import.
 */
export class RepeatedResources {
  readonly #linesMax: number
  #current = new Table()
  #previous = new Table()
  /** The words of the line at hand. */
  readonly #hash = new Int32Array(WORDS_PER_SLOT)

  constructor(linesMax: number) {
    this.#linesMax = linesMax
  }

  /**
   * Records a line, and gives the earlier one that has the same resource. `content` is its `contentHash`. `lastWins`: later
   * lines are compared with this one from now on, otherwise still with the earlier one.
   */
  add(identity: string, content: number, line: number, lastWins: boolean): Repeat | undefined {
    const hash = this.#hash
    for (let i = 0; i < SEEDS.length; i++) hash[i] = murmur3(identity, SEEDS[i] as number)
    hash[SEEDS.length] = content
    const repeat = this.#current.find(hash, line, lastWins) ?? this.#previous.find(hash, line, lastWins)
    if (repeat !== undefined) return repeat
    if (this.#current.size === this.#linesMax) {
      this.#previous = this.#current
      this.#current = new Table()
    }
    this.#current.insert(hash, line)
    return undefined
  }
}

/** A hash table with open addressing. A line number of 0 marks a free slot. */
class Table {
  size = 0
  #slots = SLOTS_MIN
  #words = new Int32Array(SLOTS_MIN * WORDS_PER_SLOT)
  #lines = new Float64Array(SLOTS_MIN)

  find(hash: Int32Array, line: number, replaces: boolean): Repeat | undefined {
    const slot = this.#slotOf(hash)
    const earlierLine = this.#lines[slot] as number
    if (earlierLine === 0) return undefined
    const content = slot * WORDS_PER_SLOT + 3
    const isEqual = this.#words[content] === hash[3]
    if (replaces) {
      this.#words[content] = hash[3] as number
      this.#lines[slot] = line
    }
    return { earlierLine, isEqual }
  }

  insert(hash: Int32Array, line: number): void {
    if (this.size >= this.#slots * LOAD_MAX) this.#grow()
    const slot = this.#slotOf(hash)
    this.#words.set(hash, slot * WORDS_PER_SLOT)
    this.#lines[slot] = line
    this.size++
  }

  /** The slot of a resource, or the free one where it belongs. */
  #slotOf(hash: Int32Array): number {
    const mask = this.#slots - 1
    for (let slot = (hash[0] as number) & mask; ; slot = (slot + 1) & mask) {
      if (this.#lines[slot] === 0) return slot
      const at = slot * WORDS_PER_SLOT
      const words = this.#words
      if (words[at] === hash[0] && words[at + 1] === hash[1] && words[at + 2] === hash[2]) return slot
    }
  }

  #grow(): void {
    const [words, lines] = [this.#words, this.#lines]
    this.#slots *= 2
    this.#words = new Int32Array(this.#slots * WORDS_PER_SLOT)
    this.#lines = new Float64Array(this.#slots)
    for (let old = 0; old < lines.length; old++) {
      if (lines[old] === 0) continue
      const hash = words.subarray(old * WORDS_PER_SLOT, (old + 1) * WORDS_PER_SLOT)
      const slot = this.#slotOf(hash)
      this.#words.set(hash, slot * WORDS_PER_SLOT)
      this.#lines[slot] = lines[old] as number
    }
  }
}
