import { type Chunk, SortedList, type SortedView } from '../core/sorted-list.ts'
import type { Tag } from '../core/tag.ts'

/** A key in use. One of an older epoch than the list of keys is shared with views and never changes. */
export type KeyInUse = {
  readonly key: string
  readonly values: SortedList<string>
  readonly epoch: number
  /** The cached JSON of a key whose values fit into one chunk. */
  json: string | undefined
}

export const keyOf = ({ key }: KeyInUse) => key

/** A key with some of its values: a key with many values comes in several parts. */
export type KeyPart = { readonly key: string; readonly values: readonly string[] }

/**
 * The tags in use at one moment: keys, and the values of each key, ascending by code point. Later changes do not affect it,
 * so it may be read in time slices. Its generators do a small part of the work per step.
 */
export class TagsView {
  readonly #keys: SortedView<KeyInUse>

  constructor(keys: SortedView<KeyInUse>) {
    this.#keys = keys
  }

  get keyCount(): number {
    return this.#keys.size
  }

  *keys(): Generator<string> {
    for (const { key } of this.#entries(0, this.keyCount)) yield key
  }

  *valuesOf(key: string): Generator<string> {
    const entry = new SortedList(keyOf, 0, this.#keys).find(key)
    for (const { items } of entry?.values.view.chunks ?? []) yield* items
  }

  /** All pairs of a key and a value. */
  *pairs(): Generator<Tag> {
    for (const { key, values } of this.parts(0, this.keyCount)) for (const value of values) yield { key, value }
  }

  /** A page of keys with all their values. */
  *parts(offset: number, limit: number): Generator<KeyPart> {
    for (const { key, values } of this.#entries(offset, limit)) {
      for (const { items } of values.view.chunks) yield { key, values: items }
    }
  }

  /** The same page as JSON, in parts: `{"key":...,"values":[...]}`, separated by commas. */
  *json(offset: number, limit: number): Generator<string> {
    let separator = ''
    for (const entry of this.#entries(offset, limit)) {
      const { chunks } = entry.values.view
      if (chunks.length <= 1) {
        entry.json ??= `{"key":${JSON.stringify(entry.key)},"values":[${valuesJson(chunks[0])}]}`
        yield separator + entry.json
      } else yield* longJson(entry.key, chunks, separator)
      separator = ','
    }
  }

  *#entries(offset: number, limit: number): Generator<KeyInUse> {
    let skipped = offset
    let left = limit
    for (const { items } of this.#keys.chunks) {
      if (skipped >= items.length) {
        skipped -= items.length
        continue
      }
      for (let i = skipped; i < items.length; i++) {
        if (left-- <= 0) return
        yield items[i]!
      }
      skipped = 0
    }
  }
}

function* longJson(key: string, chunks: readonly Chunk<string>[], separator: string): Generator<string> {
  let before = `${separator}{"key":${JSON.stringify(key)},"values":[`
  for (const chunk of chunks) {
    yield before + valuesJson(chunk)
    before = ','
  }
  yield ']}'
}

function valuesJson(chunk: Chunk<string> | undefined): string {
  if (chunk === undefined) return ''
  chunk.json ??= JSON.stringify(chunk.items).slice(1, -1)
  return chunk.json
}
