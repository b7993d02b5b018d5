import { TagIndex } from '../src/core/tag-index.ts'
import type { TagQuery } from '../src/core/tag-query.ts'
import type { DataResource } from './data/dataset.ts'

/** The one place of the benchmarks that knows how the index is asked. */
export class IndexAdapter {
  readonly #index = new TagIndex()
  readonly #engine = this.#index as unknown as Engine
  #sequence = 0

  get size(): number {
    return this.#index.size
  }

  put({ id, name, detail, tags }: DataResource): void {
    this.#sequence++
    const createdAtMs = FIRST_CREATED_AT_MS + this.#sequence
    this.#index.put({ id, name, detail, tags, sequence: this.#sequence, createdAtMs, updatedAtMs: createdAtMs })
  }

  /** How many match, and the page. */
  find(query: TagQuery, offset: number, limit: number): { total: number; slots: ArrayLike<number> } {
    if ('count' in this.#engine) return this.#engine.find(query, offset, limit)
    const found = this.#engine.find(query)
    return { total: found.count, slots: found.page(offset, limit) }
  }

  count(query: TagQuery): number {
    return 'count' in this.#engine ? this.#engine.count(query) : this.#engine.find(query).count
  }

  idAt(slot: number): string {
    return this.#index.at(slot).id
  }
}

const FIRST_CREATED_AT_MS = Date.UTC(2025, 0, 1)

type Engine =
  | {
      find(query: TagQuery, offset: number, limit: number): { total: number; slots: ArrayLike<number> }
      count(query: TagQuery): number
    }
  | { find(query: TagQuery): { count: number; page(offset: number, limit: number): ArrayLike<number> } }
