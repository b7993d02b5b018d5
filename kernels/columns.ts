import {
  ID_CHUNK_MASK, ID_CHUNK_SHIFT, ID_SHIFT, U32_CHUNK_MASK, U32_CHUNK_SHIFT, U8_CHUNK_MASK, U8_CHUNK_SHIFT,
} from './abi'

// Access to the items of columns: the chunk table leads to the chunk.

@inline export function u32At(table: usize, i: u32): u32 {
  return load<u32>(<usize>load<u32>(table + ((<usize>i >> U32_CHUNK_SHIFT) << 2)) + ((<usize>i & U32_CHUNK_MASK) << 2))
}

@inline export function u8At(table: usize, i: u32): u32 {
  return <u32>load<u8>(<usize>load<u32>(table + ((<usize>i >> U8_CHUNK_SHIFT) << 2)) + (<usize>i & U8_CHUNK_MASK))
}

/** The address of an id. */
@inline export function idAt(table: usize, i: u32): usize {
  return <usize>load<u32>(table + ((<usize>i >> ID_CHUNK_SHIFT) << 2)) + ((<usize>i & ID_CHUNK_MASK) << ID_SHIFT)
}
