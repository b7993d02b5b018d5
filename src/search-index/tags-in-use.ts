import { SortedList } from '../core/sorted-list.ts'
import type { U32Column } from './memory/column.ts'
import { type KeyInUse, keyOf, TagsView } from './tags-view.ts'

/** The part of the dictionary that is needed here. */
type Terms = {
  readonly parents: U32Column
  readonly termCount: number
  isKey(term: number): boolean
  text(term: number): string
}

/** A key with all its values, ascending by code point. */
export type KeyWithValues = { readonly key: string; readonly values: readonly string[] }

/** Terms that one call of `prepare` collects by default. */
const TERMS_PER_PART = 256

const itself = (value: string) => value

/**
 * The tags in use, for lists: keys and values ascending by code point. They are collected on first use, in parts, and then
 * updated with each change. A change that happens while they are being collected is applied to what is collected so far:
 * terms that are not reached yet are collected as they are then.
 */
export class TagsInUse {
  readonly #terms: Terms
  readonly #keys = new SortedList<KeyInUse>(keyOf)
  readonly #keyOfTerm = new Map<number, KeyInUse>()
  /** Terms below this one are collected. */
  #collected = 0
  /** Begins anew with each view; see `SortedList`. */
  #epoch = 0
  #keyChanges = 0

  constructor(terms: Terms) {
    this.#terms = terms
  }

  /** Grows when a key comes into use or goes out of it; and while terms are collected. */
  get keyChanges(): number {
    return this.#keyChanges
  }

  /** The number of terms that are not collected yet. */
  get uncollected(): number {
    return this.#terms.termCount - this.#collected
  }

  /** Collects the next part. Returns true when everything is collected. */
  prepare(terms = TERMS_PER_PART): boolean {
    const { parents, termCount } = this.#terms
    const end = Math.min(this.#collected + terms, termCount)
    for (; this.#collected < end; this.#collected++) {
      const term = this.#collected
      const parent = parents.get(term)
      if (this.#terms.isKey(term)) this.addKey(term)
      // The parent of built-in and free terms is no term.
      else if (parent < termCount) this.addValue(parent, this.#terms.text(term))
    }
    return end === termCount
  }

  /** The tags at this moment: a view that does not change later. `prepare` must have returned true. */
  view(): TagsView {
    const view = new TagsView(this.#keys.view)
    this.#epoch++
    return view
  }

  /** Yields the keys from a text on. To be read before the next change. */
  *keysFrom(text: string): Generator<string> {
    while (!this.prepare());
    for (const { key } of this.#keys.from(text)) yield key
  }

  /** Yields the values of a key from a text on. To be read before the next change. */
  *valuesFrom(key: string, text: string): Generator<string> {
    while (!this.prepare());
    const known = this.#keys.find(key)
    if (known !== undefined) yield* known.values.from(text)
  }

  /** A page of keys with all their values. */
  page(offset: number, limit: number): KeyWithValues[] {
    const page: { readonly key: string; readonly values: string[] }[] = []
    for (const { key, values } of this.#present().parts(offset, limit)) {
      const last = page.at(-1)
      if (last?.key === key) for (const value of values) last.values.push(value)
      else page.push({ key, values: [...values] })
    }
    return page
  }

  /** The same page as JSON: `{"key":...,"values":[...]}`, separated by commas. */
  pageJson(offset: number, limit: number): string {
    return [...this.#present().json(offset, limit)].join('')
  }

  addKey(term: number): void {
    this.#keyChanges++
    if (this.#collected > 0) this.#keyToChange(term)
  }

  addValue(keyTerm: number, value: string): void {
    if (this.#collected > 0) this.#keyToChange(keyTerm).values.put(value, this.#epoch)
  }

  removeKey(term: number): void {
    this.#keyChanges++
    const known = this.#keyOfTerm.get(term)
    if (known === undefined) return
    this.#keys.remove(known.key, this.#epoch)
    this.#keyOfTerm.delete(term)
  }

  removeValue(keyTerm: number, pairTerm: number): void {
    if (!this.#keyOfTerm.has(keyTerm)) return
    this.#keyToChange(keyTerm).values.remove(this.#terms.text(pairTerm), this.#epoch)
  }

  /** A view that is read before the next change, so that no epoch need begin. */
  #present(): TagsView {
    while (!this.prepare());
    return new TagsView(this.#keys.view)
  }

  /** The entry of a key, added if missing, and copied if a view can reach it. */
  #keyToChange(term: number): KeyInUse {
    const known = this.#keyOfTerm.get(term)
    if (known?.epoch === this.#epoch) {
      known.json = undefined
      return known
    }
    const values = new SortedList(itself, this.#epoch, known?.values.view)
    const entry = { key: known?.key ?? this.#terms.text(term), values, epoch: this.#epoch, json: undefined }
    this.#keys.put(entry, this.#epoch)
    this.#keyOfTerm.set(term, entry)
    return entry
  }
}
