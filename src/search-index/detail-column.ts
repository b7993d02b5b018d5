import type { Arena } from './memory/arena.ts'
import { type ColumnState, U32Column } from './memory/column.ts'
import { encodeRaw, freeText, hashEncoded, hashText, isEncoded, readRaw, storeText } from './memory/encoded-text.ts'
import { HashTable, type HashTableState } from './memory/hash-table.ts'

/** Addresses and counters, for a snapshot. */
export type DetailColumnState = {
  readonly texts: ColumnState
  readonly counts: ColumnState
  readonly byText: HashTableState
  readonly firstFree: number
}

/** The detail texts of resources, interned with reference counts: many resources share the same text. */
export class DetailColumn {
  readonly texts: U32Column
  readonly #arena: Arena
  readonly #seed: number
  readonly #counts: U32Column
  readonly #byText: HashTable
  /** The head of the free list plus one, 0 for none; links are stored in `texts`. */
  #firstFree = 0

  constructor(arena: Arena, seed: number) {
    this.#arena = arena
    this.#seed = seed
    this.texts = new U32Column(arena)
    this.#counts = new U32Column(arena)
    this.#byText = new HashTable(arena, {
      hashOf: (detail) => hashText(arena, this.texts.get(detail), seed),
      equalsProbe: (detail) => isEncoded(arena, this.texts.get(detail)),
    })
  }

  /** Returns the number of a well-formed text and increments its reference count. */
  acquire(text: string): number {
    encodeRaw(text)
    const hash = hashEncoded(this.#seed)
    let detail = this.#byText.find(hash)
    if (detail === -1) {
      detail = this.#add()
      this.texts.set(detail, storeText(this.#arena))
      this.#counts.set(detail, 0)
      this.#byText.add(hash, detail)
    }
    this.#counts.set(detail, this.#counts.get(detail) + 1)
    return detail
  }

  /** True when the next `release` removes the text. */
  isLastReference(detail: number): boolean {
    return this.#counts.get(detail) === 1
  }

  /** Decrements the reference count. At zero the text is freed, and its number may be reused. */
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
      texts: this.texts.state(),
      counts: this.#counts.state(),
      byText: this.#byText.state(),
      firstFree: this.#firstFree,
    }
  }

  restore({ texts, counts, byText, firstFree }: DetailColumnState): void {
    this.texts.restore(texts)
    this.#counts.restore(counts)
    this.#byText.restore(byText)
    this.#firstFree = firstFree
  }

  #add(): number {
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
