import type { IndexStorage } from './index-state.ts'
import { type PageShape, PreparedShape } from './json-page.ts'
import type { KernelTables } from './kernel-tables.ts'
import { Scratch } from './memory/scratch.ts'

const PAGE_BYTES_FIRST = 65_536
/** The estimated size of a resource, so that most pages fit the first buffer. */
const RESOURCE_BYTES = 768
/** Kernels write in steps of 16 bytes, past the end of the page. */
const MARGIN_BYTES = 64

const NO_BYTES = new Uint8Array(0)

/** Writes pages of JSON, and caches the prepared shapes. */
export class JsonPageWriter {
  readonly #storage: IndexStorage
  readonly #tables: KernelTables
  readonly #page: Scratch
  readonly #shapes = new Map<PageShape, PreparedShape>()

  constructor(storage: IndexStorage, tables: KernelTables) {
    this.#storage = storage
    this.#tables = tables
    this.#page = new Scratch(storage.arena)
  }

  /** Writes the resources of a list of slots: a view that the next call overwrites. */
  write(slots: number, count: number, shape: PageShape): Uint8Array {
    if (count === 0) return NO_BYTES
    const { arena, detailOf } = this.#storage
    const page = this.#page
    page.shrink()
    const prepared = this.#prepare(shape)
    for (let i = 0; i < count; i++) prepared.render(detailOf.get(arena.u32[(slots >>> 2) + i]!))
    for (let bytes = Math.max(page.bytes, PAGE_BYTES_FIRST, count * RESOURCE_BYTES); ; bytes *= 2) {
      page.reserve(bytes)
      const tables = this.#tables.write(prepared.rendered.table)
      const limit = page.address + page.bytes - MARGIN_BYTES
      const { pieces, count: pieceCount } = prepared
      const end = arena.kernels.writePage(tables, slots, count, pieces, pieceCount, page.address, limit) >>> 0
      if (end !== 0) return arena.u8.subarray(page.address, end)
    }
  }

  /** Must be called before a reference to a detail is released: its number may be reused at once. */
  releaseDetail(detail: number): void {
    if (!this.#storage.details.isLastReference(detail)) return
    for (const shape of this.#shapes.values()) shape.evict(detail)
  }

  free(): void {
    this.#page.free()
    for (const shape of this.#shapes.values()) shape.free()
    this.#shapes.clear()
  }

  #prepare(shape: PageShape): PreparedShape {
    let prepared = this.#shapes.get(shape)
    if (prepared === undefined) {
      prepared = new PreparedShape(this.#storage.arena, this.#storage.details, shape)
      this.#shapes.set(shape, prepared)
    }
    return prepared
  }
}
