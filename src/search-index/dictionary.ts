import type { Tag } from '../core/tag.ts'
import type { Arena } from './memory/arena.ts'
import { type ColumnState, U32Column } from './memory/column.ts'
import {
  encodeText,
  freeText,
  hashEncoded,
  hashText,
  isEncoded,
  mix,
  readText,
  storeText,
} from './memory/encoded-text.ts'
import { HashTable, type HashTableState } from './memory/hash-table.ts'
import { Postings, type PostingsState } from './postings.ts'
import { TagsInUse } from './tags-in-use.ts'

/** The term of all live slots. It is also the parent of terms that are keys. */
export const LIVE = 0
/** The term of live slots without tags. */
export const UNTAGGED = 1
const KEY_PARENT = LIVE
/** Parent of free term numbers, and of LIVE and UNTAGGED. */
const NO_PARENT = 0xffff_ffff
/** A cache of keys is cleared when it has this many entries. */
const CACHED_KEYS_MAX = 4096

/** Addresses and counters, for a snapshot. */
export type DictionaryState = {
  readonly parents: ColumnState
  readonly texts: ColumnState
  readonly marks: ColumnState
  readonly postings: PostingsState
  readonly byText: HashTableState
  readonly firstFree: number
  readonly keyCount: number
}

/**
 * The keys and the key-value pairs in use. Each is a numbered term with a posting of the slots that carry it; the parent of a
 * pair is its key. Terms that no slot carries are removed and their numbers reused, so that tag churn does not grow it.
 */
export class TagDictionary {
  readonly postings: Postings
  readonly parents: U32Column
  /** Addresses of the texts: the key, or the value of a pair. */
  readonly texts: U32Column
  /** Condition bits of each term while a query tests single resources, else 0. */
  readonly marks: U32Column
  readonly inUse: TagsInUse
  readonly #arena: Arena
  readonly #seed: number
  readonly #byText: HashTable
  readonly #cachedKeys = new Map<string, number>()
  /** Texts of keys by term: resources share few keys, so tags share their texts. */
  readonly #keyTexts = new Map<number, string>()
  /** Head of the list of free term numbers, 0 for none; links are stored in the postings. */
  #firstFree = 0
  #keyCount = 0
  /** The probe of lookups: this parent, and the text that was encoded last. */
  #probeParent = 0

  constructor(arena: Arena, seed: number) {
    this.#arena = arena
    this.#seed = seed
    this.postings = new Postings(arena)
    this.parents = new U32Column(arena)
    this.texts = new U32Column(arena)
    this.marks = new U32Column(arena)
    this.inUse = new TagsInUse(this)
    this.#byText = new HashTable(arena, {
      hashOf: (term) => this.#hash(this.parents.get(term), hashText(arena, this.texts.get(term), seed)),
      equalsProbe: (term) => this.parents.get(term) === this.#probeParent && isEncoded(arena, this.texts.get(term)),
    })
  }

  /** Creates LIVE and UNTAGGED; must be called before any other change. */
  addBuiltInTerms(): void {
    this.#addTerm(NO_PARENT)
    this.#addTerm(NO_PARENT)
  }

  /** The number of terms, including free ones. */
  get termCount(): number {
    return this.parents.length
  }

  get keyCount(): number {
    return this.#keyCount
  }

  /** The term of a key, -1 when no slot carries it. */
  key(key: string): number {
    const known = this.#cachedKeys.get(key)
    if (known !== undefined) return known
    const term = this.#find(KEY_PARENT, key)
    if (term !== -1) this.#cacheKey(key, term)
    return term
  }

  /** The term of a pair, -1 when no slot carries it. */
  pair(keyTerm: number, value: string): number {
    return this.#find(keyTerm, value)
  }

  isKey(term: number): boolean {
    return this.parents.get(term) === KEY_PARENT
  }

  /** True for the term of a pair, false for a key and for LIVE, UNTAGGED and free terms. */
  isPair(term: number): boolean {
    const parent = this.parents.get(term)
    return parent !== KEY_PARENT && parent !== NO_PARENT
  }

  keyOf(pairTerm: number): number {
    return this.parents.get(pairTerm)
  }

  tag(pairTerm: number): Tag {
    return { key: this.#keyText(this.keyOf(pairTerm)), value: this.text(pairTerm) }
  }

  text(term: number): string {
    return readText(this.#arena, this.texts.get(term))
  }

  /** Adds a slot to the postings of a pair and its key, which are created if needed. Returns the term of the pair. */
  assign(slot: number, key: string, value: string): number {
    const keyTerm = this.#findOrAddKey(key)
    const hash = this.#setProbe(keyTerm, value)
    let term = this.#byText.find(hash)
    if (term === -1) {
      term = this.#addText(keyTerm, hash)
      this.inUse.addValue(keyTerm, value)
    }
    this.postings.add(term, slot)
    this.postings.add(keyTerm, slot)
    return term
  }

  /** Removes a slot from the postings of a pair and its key. Removes terms that no slot carries any more. */
  release(slot: number, term: number): void {
    const keyTerm = this.keyOf(term)
    this.postings.remove(term, slot)
    this.postings.remove(keyTerm, slot)
    if (this.postings.count(term) > 0) return
    this.inUse.removeValue(keyTerm, term)
    this.#remove(term)
    if (this.postings.count(keyTerm) > 0) return
    this.inUse.removeKey(keyTerm)
    this.#cachedKeys.delete(this.text(keyTerm))
    this.#keyTexts.delete(keyTerm)
    this.#remove(keyTerm)
    this.#keyCount--
  }

  state(): DictionaryState {
    return {
      parents: this.parents.state(),
      texts: this.texts.state(),
      marks: this.marks.state(),
      postings: this.postings.state(),
      byText: this.#byText.state(),
      firstFree: this.#firstFree,
      keyCount: this.#keyCount,
    }
  }

  restore({ parents, texts, marks, postings, byText, firstFree, keyCount }: DictionaryState): void {
    this.parents.restore(parents)
    this.texts.restore(texts)
    this.marks.restore(marks)
    this.postings.restore(postings)
    this.#byText.restore(byText)
    this.#firstFree = firstFree
    this.#keyCount = keyCount
  }

  #keyText(keyTerm: number): string {
    let text = this.#keyTexts.get(keyTerm)
    if (text === undefined) {
      text = this.text(keyTerm)
      if (this.#keyTexts.size === CACHED_KEYS_MAX) this.#keyTexts.clear()
      this.#keyTexts.set(keyTerm, text)
    }
    return text
  }

  #findOrAddKey(key: string): number {
    const known = this.key(key)
    if (known !== -1) return known
    const term = this.#addText(KEY_PARENT, this.#setProbe(KEY_PARENT, key))
    this.#keyCount++
    this.#cacheKey(key, term)
    this.inUse.addKey(term)
    return term
  }

  #find(parent: number, text: string): number {
    return this.#byText.find(this.#setProbe(parent, text))
  }

  /** Sets the probe of the next lookup. Returns its hash. */
  #setProbe(parent: number, text: string): number {
    encodeText(text)
    this.#probeParent = parent
    return this.#hash(parent, hashEncoded(this.#seed))
  }

  #hash(parent: number, textHash: number): number {
    return mix(textHash + Math.imul(parent, 0x9e37_79b1))
  }

  /** Adds a term with the text that was encoded last. */
  #addText(parent: number, hash: number): number {
    const term = this.#addTerm(parent)
    this.texts.set(term, storeText(this.#arena))
    this.#byText.add(hash, term)
    return term
  }

  #addTerm(parent: number): number {
    const free = this.#firstFree
    if (free !== 0) {
      this.#firstFree = this.postings.getLink(free)
      this.parents.set(free, parent)
      return free
    }
    this.parents.push(parent)
    this.texts.push(0)
    this.marks.push(0)
    return this.postings.addSet()
  }

  #remove(term: number): void {
    const text = this.texts.get(term)
    this.#byText.remove(this.#hash(this.parents.get(term), hashText(this.#arena, text, this.#seed)), term)
    freeText(this.#arena, text)
    this.parents.set(term, NO_PARENT)
    this.postings.setLink(term, this.#firstFree)
    this.#firstFree = term
  }

  #cacheKey(key: string, term: number): void {
    if (this.#cachedKeys.size === CACHED_KEYS_MAX) this.#cachedKeys.clear()
    this.#cachedKeys.set(key, term)
  }
}
