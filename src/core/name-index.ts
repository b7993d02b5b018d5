import { Posting } from './posting.ts'
import { foldCase } from './text.ts'
import { U32List } from './u32-list.ts'

/** How many UTF-16 units make one gram. */
const GRAM_UNITS = 3

/** One distinct folded name and the slots that bear it. */
type Name = { readonly folded: string; readonly slots: Posting }

/**
 * Finds slots by a part of their name, letter case aside. Names that many slots share are kept once; each run of three
 * units (gram) of a name leads to the names that hold it. A text is looked up by its rarest gram and then checked.
 * A text shorter than a gram is looked up through the grams that contain it, which needs no check.
 */
export class NameIndex {
  readonly #names: Name[] = []
  readonly #numbers = new Map<string, number>()
  readonly #grams = new Map<string, U32List>()
  /** Names shorter than a gram. */
  readonly #short = new U32List()
  /** Which name each slot bears. */
  readonly #nameOfSlot = new U32List()
  #unusedCount = 0

  /** How many names are kept that no slot bears any more. */
  get unusedCount(): number {
    return this.#unusedCount
  }

  /** Gives the folded name of a slot that was opened. */
  foldedName(slot: number): string {
    return this.#names[this.#nameOfSlot.at(slot)]!.folded
  }

  /** Opens the next slot, with its name. */
  open(slot: number, name: string): void {
    this.#nameOfSlot.push(this.#bear(slot, name))
  }

  /** Gives a slot another name. */
  rename(slot: number, name: string): void {
    this.close(slot)
    this.#nameOfSlot.put(slot, this.#bear(slot, name))
  }

  /** Takes a slot out of every answer. */
  close(slot: number): void {
    const { slots } = this.#names[this.#nameOfSlot.at(slot)]!
    slots.remove(slot)
    if (slots.count === 0) this.#unusedCount++
  }

  /** The postings of all names that contain a folded text of at least one unit. They share no slot. */
  find(folded: string): Posting[] {
    const found = folded.length < GRAM_UNITS ? this.#findByPartOfGram(folded) : this.#findByGram(folded)
    return found.map((number) => this.#names[number]!.slots).filter((posting) => posting.count > 0)
  }

  /** The posting of one folded name. */
  findWhole(folded: string): Posting[] {
    const number = this.#numbers.get(folded)
    return number === undefined ? [] : [this.#names[number]!.slots]
  }

  #findByGram(folded: string): number[] {
    let rarest: U32List | undefined
    for (const gram of gramsOf(folded)) {
      const names = this.#grams.get(gram)
      if (names === undefined) return []
      if (rarest === undefined || names.length < rarest.length) rarest = names
    }
    return Array.from(rarest!.view()).filter((number) => this.#names[number]!.folded.includes(folded))
  }

  #findByPartOfGram(folded: string): number[] {
    const numbers = new Set<number>()
    for (const number of this.#short.view()) {
      if (this.#names[number]!.folded.includes(folded)) numbers.add(number)
    }
    for (const [gram, names] of this.#grams) {
      if (gram.includes(folded)) for (const number of names.view()) numbers.add(number)
    }
    return [...numbers]
  }

  #bear(slot: number, name: string): number {
    const folded = foldCase(name)
    const number = this.#numbers.get(folded) ?? this.#addName(folded)
    const { slots } = this.#names[number]!
    if (slots.count === 0) this.#unusedCount--
    slots.add(slot)
    return number
  }

  #addName(folded: string): number {
    const number = this.#names.length
    this.#names.push({ folded, slots: new Posting() })
    this.#numbers.set(folded, number)
    this.#unusedCount++
    if (folded.length < GRAM_UNITS) this.#short.push(number)
    for (const gram of new Set(gramsOf(folded))) {
      let names = this.#grams.get(gram)
      if (names === undefined) {
        names = new U32List()
        this.#grams.set(gram, names)
      }
      names.push(number)
    }
    return number
  }
}

function gramsOf(folded: string): string[] {
  const grams: string[] = []
  for (let i = 0; i + GRAM_UNITS <= folded.length; i++) grams.push(folded.slice(i, i + GRAM_UNITS))
  return grams
}
