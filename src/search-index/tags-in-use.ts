import { compareCodePoints } from '../core/text.ts'
import type { U32Column } from './memory/column.ts'

/** What of a dictionary is needed. */
type Terms = {
  readonly parents: U32Column
  readonly termCount: number
  isKey(term: number): boolean
  text(term: number): string
}

/** A key with all its values, ascending by code point. */
type KeyInUse = { readonly key: string; readonly term: number }
export type KeyWithValues = { readonly key: string; readonly values: readonly string[] }

/** Values of a key in order, and what an answer says of it as long as that holds. */
type Values = { readonly sorted: string[]; json: string | undefined }

/**
 * The tags in use as lists of them show them: keys and values ascending by code point. What was asked for once is kept in
 * order from then on, because sorting it anew after each change would cost more than the answer.
 */
export class TagsInUse {
  readonly #terms: Terms
  #keys: KeyInUse[] | undefined
  readonly #valuesOfKey = new Map<number, Values>()

  constructor(terms: Terms) {
    this.#terms = terms
  }

  /** Keys with all their values: up to `limit`, leaving out the first `offset`. */
  page(offset: number, limit: number): KeyWithValues[] {
    return this.#page(offset, limit).map(({ key, term }) => ({ key, values: [...this.#valuesOf(term).sorted] }))
  }

  /** The same page as JSON: `{"key":...,"values":[...]}` with commas between. */
  pageJson(offset: number, limit: number): string {
    let json = ''
    for (const { key, term } of this.#page(offset, limit)) {
      const values = this.#valuesOf(term)
      values.json ??= JSON.stringify({ key, values: values.sorted })
      json += json === '' ? values.json : `,${values.json}`
    }
    return json
  }

  addedKey(key: string, term: number): void {
    if (this.#keys !== undefined) this.#keys.splice(placeOf(this.#keys, key), 0, { key, term })
  }

  removedKey(term: number): void {
    if (this.#keys !== undefined) this.#keys.splice(placeOf(this.#keys, this.#terms.text(term)), 1)
    this.#valuesOfKey.delete(term)
  }

  added(keyTerm: number, value: string): void {
    const values = this.#valuesOfKey.get(keyTerm)
    if (values === undefined) return
    values.sorted.splice(lowerBound(values.sorted, value), 0, value)
    values.json = undefined
  }

  removed(keyTerm: number, pairTerm: number): void {
    const values = this.#valuesOfKey.get(keyTerm)
    if (values === undefined) return
    values.sorted.splice(lowerBound(values.sorted, this.#terms.text(pairTerm)), 1)
    values.json = undefined
  }

  #page(offset: number, limit: number): readonly KeyInUse[] {
    this.#keys ??= this.#collectKeys()
    const page = this.#keys.slice(offset, offset + limit)
    this.#collectValues(page.filter(({ term }) => !this.#valuesOfKey.has(term)))
    return page
  }

  #valuesOf(keyTerm: number): Values {
    return this.#valuesOfKey.get(keyTerm) as Values
  }

  #collectKeys(): KeyInUse[] {
    const keys: KeyInUse[] = []
    for (let term = 0; term < this.#terms.termCount; term++) {
      if (this.#terms.isKey(term)) keys.push({ key: this.#terms.text(term), term })
    }
    return keys.sort((a, b) => compareCodePoints(a.key, b.key))
  }

  /** Finds the values of keys in one pass over all terms. */
  #collectValues(missing: readonly KeyInUse[]): void {
    if (missing.length === 0) return
    const found = new Map<number, string[]>(missing.map(({ term }) => [term, []]))
    const { parents, termCount } = this.#terms
    for (let term = 0; term < termCount; term++) {
      found.get(parents.get(term))?.push(this.#terms.text(term))
    }
    for (const [term, values] of found) {
      this.#valuesOfKey.set(term, { sorted: values.sort(compareCodePoints), json: undefined })
    }
  }
}

function placeOf(keys: readonly KeyInUse[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareCodePoints(keys[middle]!.key, key) < 0) low = middle + 1
    else high = middle
  }
  return low
}

function lowerBound(sorted: readonly string[], value: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareCodePoints(sorted[middle]!, value) < 0) low = middle + 1
    else high = middle
  }
  return low
}
