import type { IndexStorage } from './index-state.ts'
import { BLOCK_BYTES, NAMED_REGISTERS, SAVED_REGISTERS, TABLES, TABLES_WORDS } from './kernels/abi.ts'
import { Scratch } from './memory/scratch.ts'

const REGISTERS = NAMED_REGISTERS + SAVED_REGISTERS

/** The struct through which kernels reach the columns of an index, see `TABLES`. */
export class KernelTables {
  readonly #storage: IndexStorage
  readonly #struct: Scratch
  readonly #registers: Scratch

  constructor(storage: IndexStorage) {
    this.#storage = storage
    this.#struct = new Scratch(storage.arena)
    this.#registers = new Scratch(storage.arena)
  }

  /**
   * Writes the struct and returns its address. Required before each call of a kernel, because columns move when they grow.
   * `renderedDetails` is the table of a prepared shape.
   */
  write(renderedDetails = 0): number {
    const { arena, tagLists, tagCounts, dictionary, ids, names, detailOf } = this.#storage
    const address = this.#struct.reserve(TABLES_WORDS * 4)
    const registers = this.#registers.reserve(REGISTERS * BLOCK_BYTES)
    const at = address >>> 2
    const { u32 } = arena
    u32[at + TABLES.registers] = registers
    u32[at + TABLES.tagLists] = tagLists.table
    u32[at + TABLES.tagCounts] = tagCounts.table
    u32[at + TABLES.parents] = dictionary.parents.table
    u32[at + TABLES.marks] = dictionary.marks.table
    u32[at + TABLES.termTexts] = dictionary.texts.table
    u32[at + TABLES.idBytes] = ids.bytes.table
    u32[at + TABLES.idKinds] = ids.kinds.table
    u32[at + TABLES.names] = names.texts.table
    u32[at + TABLES.detailOf] = detailOf.table
    u32[at + TABLES.renderedDetails] = renderedDetails
    return address
  }

  free(): void {
    this.#struct.free()
    this.#registers.free()
  }
}
