import type { TagQuery } from '../src/core/tag-query.ts'
import { TagIndex } from '../src/search-index/tag-index.ts'
import type { DataResource } from './data/dataset.ts'

/** The only place in the benchmarks that calls the index. */
export class IndexAdapter {
  readonly #index = new TagIndex()
  #sequence = 0

  get size(): number {
    return this.#index.size
  }

  put({ id, name, detail, tags }: DataResource): void {
    this.#sequence++
    const createdAtMs = FIRST_CREATED_AT_MS + this.#sequence
    this.#index.put({ id, name, detail, tags, sequence: this.#sequence, createdAtMs, updatedAtMs: createdAtMs })
  }

  /** Returns the total and the slots of one page. */
  find(query: TagQuery, offset: number, limit: number): { total: number; slots: ArrayLike<number> } {
    return this.#index.find(query, offset, limit)
  }

  count(query: TagQuery): number {
    return this.#index.count(query)
  }

  idAt(slot: number): string {
    return this.#index.at(slot).id
  }
}

const FIRST_CREATED_AT_MS = Date.UTC(2025, 0, 1)
