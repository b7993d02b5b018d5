import { ID_BYTES, ID_CHUNK_SHIFT, U8_CHUNK_SHIFT, U32_CHUNK_SHIFT } from './abi.ts'
import type { ArenaViews } from './kernels.ts'

// Access to the items of columns through their chunk tables, for the plain kernels.

const U8_MASK = 2 ** U8_CHUNK_SHIFT - 1
const U32_MASK = 2 ** U32_CHUNK_SHIFT - 1
const ID_MASK = 2 ** ID_CHUNK_SHIFT - 1

export function u32At({ u32 }: ArenaViews, table: number, i: number): number {
  return u32[(u32[(table >>> 2) + (i >>> U32_CHUNK_SHIFT)]! >>> 2) + (i & U32_MASK)]!
}

export function u8At({ u8, u32 }: ArenaViews, table: number, i: number): number {
  return u8[u32[(table >>> 2) + (i >>> U8_CHUNK_SHIFT)]! + (i & U8_MASK)]!
}

/** The address of an id. */
export function idAt({ u32 }: ArenaViews, table: number, i: number): number {
  return u32[(table >>> 2) + (i >>> ID_CHUNK_SHIFT)]! + (i & ID_MASK) * ID_BYTES
}
