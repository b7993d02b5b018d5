import type { Tag } from '../core/tag.ts'
import { DetailColumn, type DetailColumnState } from './detail-column.ts'
import { type DictionaryState, TagDictionary } from './dictionary.ts'
import { IdColumn, type IdColumnState } from './id-column.ts'
import type { KernelMode } from './kernels/kernels.ts'
import { Arena, type ArenaState } from './memory/arena.ts'
import { type ColumnState, F64Column, U8Column, U32Column } from './memory/column.ts'
import { NameColumn, type NameColumnState } from './name-column.ts'

/**
 * The part of an index that a snapshot stores in addition to the bytes of its arena. Snapshots contain it as JSON: the names of
 * its members are part of their format.
 */
export type IndexState = {
  readonly seed: number
  readonly arena: ArenaState
  readonly dictionary: DictionaryState
  readonly ids: IdColumnState
  readonly names: NameColumnState
  readonly details: DetailColumnState
  readonly columns: readonly ColumnState[]
  readonly size: number
  readonly isChronological: boolean
}

/** The data structures of an index, all in one arena. Columns have one item per slot. */
export class IndexStorage {
  readonly seed: number
  readonly arena: Arena
  readonly dictionary: TagDictionary
  readonly ids: IdColumn
  readonly names: NameColumn
  readonly details: DetailColumn
  readonly detailOf: U32Column
  /** Addresses of the tag lists: the terms of the pairs that a slot carries. 0 for a slot without tags. */
  readonly tagLists: U32Column
  readonly tagCounts: U8Column
  readonly sequences: F64Column
  readonly createdAtMs: F64Column
  readonly updatedAtMs: F64Column
  /** The number of resources. */
  size = 0
  /** Grows with each change of a resource. */
  changes = 0
  /** True while the creation times ascend with the slots. */
  isChronological = true

  constructor(kernels: KernelMode, seed: number) {
    const arena = new Arena(kernels)
    this.seed = seed
    this.arena = arena
    this.dictionary = new TagDictionary(arena, seed)
    this.ids = new IdColumn(arena, seed)
    this.names = new NameColumn(arena)
    this.details = new DetailColumn(arena, seed)
    this.detailOf = new U32Column(arena)
    this.tagLists = new U32Column(arena)
    this.tagCounts = new U8Column(arena)
    this.sequences = new F64Column(arena)
    this.createdAtMs = new F64Column(arena)
    this.updatedAtMs = new F64Column(arena)
  }

  /** The number of slots, including those of removed resources. */
  get slotCount(): number {
    return this.tagLists.length
  }

  /** The terms of the pairs that a slot carries: a view that is valid until the arena grows. */
  pairsOf(slot: number): Uint32Array {
    const list = this.tagLists.get(slot) >>> 2
    return this.arena.u32.subarray(list, list + this.tagCounts.get(slot))
  }

  /** The tags of a slot in the order in which they were first added. */
  tagsOf(slot: number): Tag[] {
    return Array.from(this.pairsOf(slot), (pair) => this.dictionary.tag(pair))
  }

  state(): IndexState {
    return {
      seed: this.seed,
      arena: this.arena.state(),
      dictionary: this.dictionary.state(),
      ids: this.ids.state(),
      names: this.names.state(),
      details: this.details.state(),
      columns: this.#columns().map((column) => column.state()),
      size: this.size,
      isChronological: this.isChronological,
    }
  }

  /** Restores a state. The caller then copies the bytes of the arena. */
  restore(state: IndexState): void {
    this.arena.restore(state.arena)
    this.dictionary.restore(state.dictionary)
    this.ids.restore(state.ids)
    this.names.restore(state.names)
    this.details.restore(state.details)
    for (const [i, column] of this.#columns().entries()) column.restore(state.columns[i] as ColumnState)
    this.size = state.size
    this.isChronological = state.isChronological
  }

  /** The order is part of the snapshot format. */
  #columns() {
    return [this.detailOf, this.tagLists, this.tagCounts, this.sequences, this.createdAtMs, this.updatedAtMs]
  }
}
