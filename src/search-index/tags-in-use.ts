import { compareCodePoints } from '../core/text.ts'
import type { U32Column } from './memory/column.ts'

/** The part of the dictionary that is needed here. */
type Terms = {
  readonly parents: U32Column
  readonly termCount: number
  isKey(term: number): boolean
  text(term: number): string
}

type KeyInUse = { readonly key: string; readonly term: number }

/** A key with all its values, ascending by code point. */
export type KeyWithValues = { readonly key: string; readonly values: readonly string[] }

/** The sorted values of a key, and the cached JSON of the key until they change. */
type Values = { readonly sorted: string[]; json: string | undefined }

/**
 * The tags in use, for lists: keys and values ascending by code point. Keys, and the values of each key, are collected and
 * sorted on first use and then updated incrementally, because sorting again after each change would dominate a request.
 */
export class TagsInUse {
  readonly #terms: Terms
  #keys: KeyInUse[] | undefined
  readonly #valuesOfKey = new Map<number, Values>()

  constructor(terms: Terms) {
    this.#terms = terms
  }

  /** A page of keys with all their values. */
  page(offset: number, limit: number): KeyWithValues[] {
    return this.#page(offset, limit).map(({ key, term }) => ({ key, values: [...this.#valuesOf(term).sorted] }))
  }

  /** The same page as JSON: `{"key":...,"values":[...]}`, separated by commas. */
  pageJson(offset: number, limit: number): string {
    let json = ''
    for (const { key, term } of this.#page(offset, limit)) {
      const values = this.#valuesOf(term)
      values.json ??= JSON.stringify({ key, values: values.sorted })
      json += json === '' ? values.json : `,${values.json}`
    }
    return json
  }

  addKey(key: string, term: number): void {
    this.#keys?.splice(lowerBound(this.#keys, key, keyOf), 0, { key, term })
  }

  removeKey(term: number): void {
    this.#keys?.splice(lowerBound(this.#keys, this.#terms.text(term), keyOf), 1)
    this.#valuesOfKey.delete(term)
  }

  addValue(keyTerm: number, value: string): void {
    const values = this.#valuesOfKey.get(keyTerm)
    if (values === undefined) return
    values.sorted.splice(lowerBound(values.sorted, value, itself), 0, value)
    values.json = undefined
  }

  removeValue(keyTerm: number, pairTerm: number): void {
    const values = this.#valuesOfKey.get(keyTerm)
    if (values === undefined) return
    values.sorted.splice(lowerBound(values.sorted, this.#terms.text(pairTerm), itself), 1)
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

  /** Collects the values of keys in one pass over all terms. */
  #collectValues(missing: readonly KeyInUse[]): void {
    if (missing.length === 0) return
    const values = new Map<number, string[]>(missing.map(({ term }) => [term, []]))
    const { parents, termCount } = this.#terms
    for (let term = 0; term < termCount; term++) {
      values.get(parents.get(term))?.push(this.#terms.text(term))
    }
    for (const [term, unsorted] of values) {
      this.#valuesOfKey.set(term, { sorted: unsorted.sort(compareCodePoints), json: undefined })
    }
  }
}

const keyOf = ({ key }: KeyInUse) => key
const itself = (value: string) => value

/** The position of the first item whose text is not below a text. */
function lowerBound<T>(sorted: readonly T[], text: string, textOf: (item: T) => string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareCodePoints(textOf(sorted[middle]!), text) < 0) low = middle + 1
    else high = middle
  }
  return low
}
