import type { Arena } from './memory/arena.ts'
import { type ColumnState, U32Column } from './memory/column.ts'
import { encodeRaw, freeText, hashEncoded, hashText, isEncoded, readRaw, storeText } from './memory/encoded-text.ts'
import { HashTable, type HashTableState } from './memory/hash-table.ts'

/** Where everything lies, for a snapshot. */
export type DetailColumnState = {
  readonly texts: ColumnState
  readonly counts: ColumnState
  readonly byText: HashTableState
  readonly firstFree: number
}

/** The detail texts of resources. Most resources share theirs with many others: each text is kept once, by a number. */
export class DetailColumn {
  readonly texts: U32Column
  readonly #arena: Arena
  readonly #seed: number
  readonly #counts: U32Column
  readonly #byText: HashTable
  /** The first number that is free plus one; it leads to the next. */
  #firstFree = 0

  constructor(arena: Arena, seed: number) {
    this.#arena = arena
    this.#seed = seed
    this.texts = new U32Column(arena)
    this.#counts = new U32Column(arena)
    this.#byText = new HashTable(arena, {
      hashOf: (detail) => hashText(arena, this.texts.get(detail), seed),
      isSought: (detail) => isEncoded(arena, this.texts.get(detail)),
    })
  }

  /** Gives the number of a text, which is used once more from now on. The text must be well-formed. */
  use(text: string): number {
    encodeRaw(text)
    const hash = hashEncoded(this.#seed)
    let detail = this.#byText.find(hash)
    if (detail === -1) {
      detail = this.#open()
      this.texts.set(detail, storeText(this.#arena))
      this.#counts.set(detail, 0)
      this.#byText.add(hash, detail)
    }
    this.#counts.set(detail, this.#counts.get(detail) + 1)
    return detail
  }

  /** True when the next `release` is the last. */
  isLast(detail: number): boolean {
    return this.#counts.get(detail) === 1
  }

  /** Undoes one `use`; with the last the text is gone, and its number with it. */
  release(detail: number): void {
    const count = this.#counts.get(detail) - 1
    this.#counts.set(detail, count)
    if (count > 0) return
    const text = this.texts.get(detail)
    this.#byText.remove(hashText(this.#arena, text, this.#seed), detail)
    freeText(this.#arena, text)
    this.texts.set(detail, this.#firstFree)
    this.#firstFree = detail + 1
  }

  read(detail: number): string {
    return readRaw(this.#arena, this.texts.get(detail))
  }

  state(): DetailColumnState {
    return {
      ...{ texts: this.texts.state(), counts: this.#counts.state() },
      ...{ byText: this.#byText.state(), firstFree: this.#firstFree },
    }
  }

  restore({ texts, counts, byText, firstFree }: DetailColumnState): void {
    this.texts.restore(texts)
    this.#counts.restore(counts)
    this.#byText.restore(byText)
    this.#firstFree = firstFree
  }

  #open(): number {
    if (this.#firstFree > 0) {
      const detail = this.#firstFree - 1
      this.#firstFree = this.texts.get(detail)
      return detail
    }
    this.texts.push(0)
    this.#counts.push(0)
    return this.texts.length - 1
  }
}
