import { expect } from 'vitest'
import { BLOCK_BYTES, TABLES, TABLES_WORDS } from '../../src/search-index/kernels/abi.ts'
import { plainKernels } from '../../src/search-index/kernels/plain-kernels.ts'
import type { Arena } from '../../src/search-index/memory/arena.ts'

// Both kernels over the same memory: what one gives and writes is compared with the other and with the truth.

/** Both kernels over an arena of fast ones. */
export function bothOver(arena: Arena) {
  // The first block makes the memory, and with it the fast kernels.
  arena.alloc(8)
  expect(arena.kernels.isFast).toBe(true)
  return { plain: plainKernels(arena), wasm: arena.kernels }
}

type Tables = Partial<Record<Exclude<keyof typeof TABLES, 'registers'>, number>>

/** Writes a layout of tables for kernels; gives its address. */
export function layoutOf(arena: Arena, tables: Tables): number {
  const layout = arena.alloc(TABLES_WORDS * 4)
  const registers = arena.alloc(3 * BLOCK_BYTES)
  arena.u32.fill(0, layout >>> 2, (layout >>> 2) + TABLES_WORDS)
  arena.u32[(layout >>> 2) + TABLES.registers] = registers
  for (const [name, table] of Object.entries(tables)) {
    arena.u32[(layout >>> 2) + TABLES[name as keyof typeof TABLES]] = table
  }
  return layout
}
