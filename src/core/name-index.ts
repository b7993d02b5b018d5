import { Posting } from './posting.ts'
import { foldCase } from './text.ts'

/** How many UTF-16 units make one gram. */
const GRAM_UNITS = 3

/** Where slots with a text in their name are to be found. */
export type NameLookUp = {
  /** The slots are in every one of these unions of postings. */
  readonly needs: readonly (readonly Posting[])[]
  /** True: whoever is in all of them has the text; false: each has to be checked. */
  readonly isExact: boolean
}

/**
 * Finds slots by a part of their name, letter case aside. Each run of three units (gram) of a folded name leads to the slots
 * whose names hold it. A text is looked up by its grams; a text shorter than a gram by all grams that contain it.
 */
export class NameIndex {
  readonly #foldedOfSlot: string[] = []
  readonly #grams = new Map<GramKey, Gram>()
  /** Slots whose names are shorter than a gram. */
  readonly #short = new Posting()

  /** Gives the folded name of an open slot. */
  foldedName(slot: number): string {
    return this.#foldedOfSlot[slot]!
  }

  /** Opens a slot with its name, or a slot that was closed with another. */
  open(slot: number, name: string): void {
    const folded = foldCase(name)
    this.#foldedOfSlot[slot] = folded
    if (folded.length < GRAM_UNITS) this.#short.add(slot)
    for (let at = 0; at + GRAM_UNITS <= folded.length; at++) {
      const key = gramKey(folded, at)
      let gram = this.#grams.get(key)
      if (gram === undefined) {
        gram = { text: folded.slice(at, at + GRAM_UNITS), posting: new Posting() }
        this.#grams.set(key, gram)
      }
      gram.posting.add(slot)
    }
  }

  /** Takes a slot out of every answer. */
  close(slot: number): void {
    const folded = this.foldedName(slot)
    this.#foldedOfSlot[slot] = ''
    this.#short.remove(slot)
    for (const key of gramKeys(folded)) {
      const { posting } = this.#grams.get(key)!
      posting.remove(slot)
      if (posting.count === 0) this.#grams.delete(key)
    }
  }

  /** Where the names are that contain a folded text of at least one unit. */
  lookUpPart(folded: string): NameLookUp {
    if (folded.length >= GRAM_UNITS) {
      return { needs: this.#needsOf(folded), isExact: folded.length === GRAM_UNITS }
    }
    const holding = Array.from(this.#grams.values()).filter(({ text }) => text.includes(folded))
    const short = Array.from(this.#short.slots()).filter((slot) => this.foldedName(slot).includes(folded))
    return { needs: [[...holding.map(({ posting }) => posting), Posting.of(short)]], isExact: true }
  }

  /** Where the names are that fold to a text. */
  lookUpWhole(folded: string): NameLookUp {
    return { needs: folded.length < GRAM_UNITS ? [[this.#short]] : this.#needsOf(folded), isExact: false }
  }

  #needsOf(folded: string): (readonly Posting[])[] {
    return Array.from(gramKeys(folded), (key) => {
      const gram = this.#grams.get(key)
      return gram === undefined ? [] : [gram.posting]
    })
  }
}

/** Stands for a gram in the map: a small integer where its units allow, because that is found many times faster. */
type GramKey = number | string

type Gram = { readonly text: string; readonly posting: Posting }

const UNIT_BITS = 10

function gramKey(folded: string, at: number): GramKey {
  const first = folded.charCodeAt(at)
  const second = folded.charCodeAt(at + 1)
  const third = folded.charCodeAt(at + 2)
  return (first | second | third) >>> UNIT_BITS === 0
    ? (first << (2 * UNIT_BITS)) | (second << UNIT_BITS) | third
    : folded.slice(at, at + GRAM_UNITS)
}

/** The keys of all grams of a text, each once. */
function gramKeys(folded: string): Set<GramKey> {
  const keys = new Set<GramKey>()
  for (let at = 0; at + GRAM_UNITS <= folded.length; at++) keys.add(gramKey(folded, at))
  return keys
}
