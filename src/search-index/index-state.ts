import { DetailColumn, type DetailColumnState } from './detail-column.ts'
import { type DictionaryState, TagDictionary } from './dictionary.ts'
import { IdColumn, type IdColumnState } from './id-column.ts'
import type { KernelMode } from './kernels/kernels.ts'
import { Arena, type ArenaState } from './memory/arena.ts'
import { type ColumnState, F64Column, U8Column, U32Column } from './memory/column.ts'
import { NameColumn, type NameColumnState } from './name-column.ts'

/** Everything that an index is, beside the bytes of its arena. */
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

/** What an index consists of: one arena, and what lies where in it. Columns have an item for each slot. */
export class IndexStorage {
  readonly seed: number
  readonly arena: Arena
  readonly dictionary: TagDictionary
  readonly ids: IdColumn
  readonly names: NameColumn
  readonly details: DetailColumn
  readonly detailOf: U32Column
  /** Addresses of the tags of each slot, as numbers of pairs; 0 for a slot without tags. */
  readonly runs: U32Column
  readonly lengths: U8Column
  readonly sequences: F64Column
  readonly createdAtMs: F64Column
  readonly updatedAtMs: F64Column
  /** How many resources there are. */
  size = 0
  /** True while ascending slots are also ascending times of creation. */
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
    this.runs = new U32Column(arena)
    this.lengths = new U8Column(arena)
    this.sequences = new F64Column(arena)
    this.createdAtMs = new F64Column(arena)
    this.updatedAtMs = new F64Column(arena)
  }

  /** How many slots were opened, those of forgotten resources included. */
  get slotCount(): number {
    return this.runs.length
  }

  /** The numbers of the pairs that a slot carries, as a view that is valid until the arena grows. */
  pairsOf(slot: number): Uint32Array {
    const run = this.runs.get(slot) >>> 2
    return this.arena.u32.subarray(run, run + this.lengths.get(slot))
  }

  state(): IndexState {
    return {
      ...{ seed: this.seed, arena: this.arena.state(), dictionary: this.dictionary.state() },
      ...{ ids: this.ids.state(), names: this.names.state(), details: this.details.state() },
      columns: this.#columns().map((column) => column.state()),
      ...{ size: this.size, isChronological: this.isChronological },
    }
  }

  /** Takes over a state; the bytes of the arena are still to be filled in. */
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

  #columns() {
    return [this.detailOf, this.runs, this.lengths, this.sequences, this.createdAtMs, this.updatedAtMs]
  }
}
