import { expect } from 'vitest'
import { BLOCK_BYTES, TABLES, TABLES_WORDS } from '../../src/search-index/kernels/abi.ts'
import { plainKernels } from '../../src/search-index/kernels/plain-kernels.ts'
import type { Arena } from '../../src/search-index/memory/arena.ts'

// Both kernels over the same memory, to compare their results.

/** Both kernels over an arena of mode `wasm`. */
export function bothOver(arena: Arena) {
  // The first allocation creates the memory and its kernels.
  arena.alloc(8)
  expect(arena.kernels.isFast).toBe(true)
  return { plain: plainKernels(arena), wasm: arena.kernels }
}

type Tables = Partial<Record<Exclude<keyof typeof TABLES, 'registers'>, number>>

/** Writes the struct of column tables. Returns its address. */
export function tablesOf(arena: Arena, tables: Tables): number {
  const address = arena.alloc(TABLES_WORDS * 4)
  const registers = arena.alloc(3 * BLOCK_BYTES)
  arena.u32.fill(0, address >>> 2, (address >>> 2) + TABLES_WORDS)
  arena.u32[(address >>> 2) + TABLES.registers] = registers
  for (const [name, table] of Object.entries(tables)) {
    arena.u32[(address >>> 2) + TABLES[name as keyof typeof TABLES]] = table
  }
  return address
}
