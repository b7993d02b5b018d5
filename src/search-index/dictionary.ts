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

/** The term that every resource has. */
export const LIVE = 0
/** The term of resources without tags. */
export const UNTAGGED = 1
/** Parent of terms that are keys. */
const KEY_PARENT = LIVE
/** Parent of numbers that are free. */
const FREE_PARENT = 0xffff_ffff
/** Keys whose numbers are kept at hand. */
const KEYS_AT_HAND_MAX = 4096

/** Where everything lies, for a snapshot. */
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
 * Every key and every pair in use, each a term with a number of its own and the set of slots that carry it. The parent of a
 * pair is its key. A term that no slot carries any more is forgotten and its number given to the next new one, so that
 * churn does not grow the dictionary.
 */
export class TagDictionary {
  readonly postings: Postings
  readonly parents: U32Column
  /** Addresses of the texts: a key, or the value of a pair. */
  readonly texts: U32Column
  /** For each term 0, but while a query is checked. */
  readonly marks: U32Column
  /** The tags in use, as lists of them show them. */
  readonly inUse: TagsInUse
  readonly #arena: Arena
  readonly #seed: number
  readonly #byText: HashTable
  readonly #keysAtHand = new Map<string, number>()
  /** The first number that is free, 0 when none is; it leads to the next. */
  #firstFree = 0
  #keyCount = 0
  /** The parent of the term that is looked for; its text was encoded last. */
  #soughtParent = 0

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
      isSought: (term) => this.parents.get(term) === this.#soughtParent && isEncoded(arena, this.texts.get(term)),
    })
  }

  /** Makes the terms that are always there. */
  found(): void {
    this.#open(FREE_PARENT)
    this.#open(FREE_PARENT)
  }

  /** How many numbers were given out, free ones included. */
  get termCount(): number {
    return this.parents.length
  }

  /** How many keys are in use. */
  get keyCount(): number {
    return this.#keyCount
  }

  /** The number of a key, -1 when no slot carries it. */
  key(key: string): number {
    const known = this.#keysAtHand.get(key)
    if (known !== undefined) return known
    const term = this.#find(KEY_PARENT, key)
    if (term !== -1) this.#keep(key, term)
    return term
  }

  /** The number of a pair of a key in use, -1 when no slot carries it. */
  pair(keyTerm: number, value: string): number {
    return this.#find(keyTerm, value)
  }

  /** True when a number stands for a key in use. */
  isKey(term: number): boolean {
    return this.parents.get(term) === KEY_PARENT
  }

  keyOf(pairTerm: number): number {
    return this.parents.get(pairTerm)
  }

  /** The tag that a pair stands for. */
  tag(pairTerm: number): Tag {
    return { key: this.text(this.keyOf(pairTerm)), value: this.text(pairTerm) }
  }

  text(term: number): string {
    return readText(this.#arena, this.texts.get(term))
  }

  /** Notes that a slot carries a pair, and gives the pair's number. */
  assign(slot: number, key: string, value: string): number {
    const keyTerm = this.#findOrOpenKey(key)
    const hash = this.#seek(keyTerm, value)
    let term = this.#byText.find(hash)
    if (term === -1) {
      term = this.#openText(keyTerm, hash)
      this.inUse.added(keyTerm, value)
    }
    this.postings.add(term, slot)
    this.postings.add(keyTerm, slot)
    return term
  }

  /** Notes that a slot no longer carries a pair, nor its key with any other value. */
  release(slot: number, term: number): void {
    const keyTerm = this.keyOf(term)
    this.postings.remove(term, slot)
    this.postings.remove(keyTerm, slot)
    if (this.postings.count(term) > 0) return
    this.inUse.removed(keyTerm, term)
    this.#forget(term)
    if (this.postings.count(keyTerm) > 0) return
    this.inUse.removedKey(keyTerm)
    this.#keysAtHand.delete(this.text(keyTerm))
    this.#forget(keyTerm)
    this.#keyCount--
  }

  state(): DictionaryState {
    return {
      ...{ parents: this.parents.state(), texts: this.texts.state(), marks: this.marks.state() },
      ...{ postings: this.postings.state(), byText: this.#byText.state() },
      ...{ firstFree: this.#firstFree, keyCount: this.#keyCount },
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

  #findOrOpenKey(key: string): number {
    const known = this.key(key)
    if (known !== -1) return known
    const term = this.#openText(KEY_PARENT, this.#seek(KEY_PARENT, key))
    this.#keyCount++
    this.#keep(key, term)
    this.inUse.addedKey(key, term)
    return term
  }

  #find(parent: number, text: string): number {
    return this.#byText.find(this.#seek(parent, text))
  }

  /** Notes what is looked for; gives its hash. */
  #seek(parent: number, text: string): number {
    encodeText(text)
    this.#soughtParent = parent
    return this.#hash(parent, hashEncoded(this.#seed))
  }

  #hash(parent: number, textHash: number): number {
    return mix(textHash + Math.imul(parent, 0x9e37_79b1))
  }

  /** Makes a term of the text that was encoded last. */
  #openText(parent: number, hash: number): number {
    const term = this.#open(parent)
    this.texts.set(term, storeText(this.#arena))
    this.#byText.add(hash, term)
    return term
  }

  #open(parent: number): number {
    const free = this.#firstFree
    if (free !== 0) {
      this.#firstFree = this.postings.note(free)
      this.parents.set(free, parent)
      return free
    }
    this.parents.push(parent)
    this.texts.push(0)
    this.marks.push(0)
    return this.postings.open()
  }

  #forget(term: number): void {
    const text = this.texts.get(term)
    this.#byText.remove(this.#hash(this.parents.get(term), hashText(this.#arena, text, this.#seed)), term)
    freeText(this.#arena, text)
    this.parents.set(term, FREE_PARENT)
    this.postings.setNote(term, this.#firstFree)
    this.#firstFree = term
  }

  #keep(key: string, term: number): void {
    if (this.#keysAtHand.size === KEYS_AT_HAND_MAX) this.#keysAtHand.clear()
    this.#keysAtHand.set(key, term)
  }
}
