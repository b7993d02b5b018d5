import { BLOCK_BYTES } from './abi'

// Set operations on the 4 KiB bitmaps of one block, 64 bytes per iteration.

/** into = 0 */
@inline export function clearBlock(into: usize): void {
  memory.fill(into, 0, BLOCK_BYTES)
}

/** into = from */
@inline export function copyBlock(into: usize, from: usize): void {
  for (let i: usize = 0; i < BLOCK_BYTES; i += 64) {
    v128.store(into + i, v128.load(from + i))
    v128.store(into + i, v128.load(from + i, 16), 16)
    v128.store(into + i, v128.load(from + i, 32), 32)
    v128.store(into + i, v128.load(from + i, 48), 48)
  }
}

/** into = a & b */
@inline export function andBlocks(into: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < BLOCK_BYTES; i += 64) {
    v128.store(into + i, v128.and(v128.load(a + i), v128.load(b + i)))
    v128.store(into + i, v128.and(v128.load(a + i, 16), v128.load(b + i, 16)), 16)
    v128.store(into + i, v128.and(v128.load(a + i, 32), v128.load(b + i, 32)), 32)
    v128.store(into + i, v128.and(v128.load(a + i, 48), v128.load(b + i, 48)), 48)
  }
}

/** into |= from */
@inline export function orBlock(into: usize, from: usize): void {
  for (let i: usize = 0; i < BLOCK_BYTES; i += 64) {
    v128.store(into + i, v128.or(v128.load(into + i), v128.load(from + i)))
    v128.store(into + i, v128.or(v128.load(into + i, 16), v128.load(from + i, 16)), 16)
    v128.store(into + i, v128.or(v128.load(into + i, 32), v128.load(from + i, 32)), 32)
    v128.store(into + i, v128.or(v128.load(into + i, 48), v128.load(from + i, 48)), 48)
  }
}

/** a | b | c | d, for the 16 bytes at an offset. */
@inline export function orAt(a: usize, b: usize, c: usize, d: usize, at: usize): v128 {
  return v128.or(v128.or(v128.load(a + at), v128.load(b + at)), v128.or(v128.load(c + at), v128.load(d + at)))
}

/** into = from & (a | b | c | d) */
export function andOr(into: usize, from: usize, a: usize, b: usize, c: usize, d: usize): void {
  for (let i: usize = 0; i < BLOCK_BYTES; i += 64) {
    v128.store(into + i, v128.and(v128.load(from + i), orAt(a, b, c, d, i)))
    v128.store(into + i, v128.and(v128.load(from + i, 16), orAt(a, b, c, d, i + 16)), 16)
    v128.store(into + i, v128.and(v128.load(from + i, 32), orAt(a, b, c, d, i + 32)), 32)
    v128.store(into + i, v128.and(v128.load(from + i, 48), orAt(a, b, c, d, i + 48)), 48)
  }
}

/** into = a | b | c | d */
export function orFour(into: usize, a: usize, b: usize, c: usize, d: usize): void {
  for (let i: usize = 0; i < BLOCK_BYTES; i += 64) {
    v128.store(into + i, orAt(a, b, c, d, i))
    v128.store(into + i, orAt(a, b, c, d, i + 16), 16)
    v128.store(into + i, orAt(a, b, c, d, i + 32), 32)
    v128.store(into + i, orAt(a, b, c, d, i + 48), 48)
  }
}

/** into |= a | b | c | d */
export function orFourMore(into: usize, a: usize, b: usize, c: usize, d: usize): void {
  for (let i: usize = 0; i < BLOCK_BYTES; i += 64) {
    v128.store(into + i, v128.or(v128.load(into + i), orAt(a, b, c, d, i)))
    v128.store(into + i, v128.or(v128.load(into + i, 16), orAt(a, b, c, d, i + 16)), 16)
    v128.store(into + i, v128.or(v128.load(into + i, 32), orAt(a, b, c, d, i + 32)), 32)
    v128.store(into + i, v128.or(v128.load(into + i, 48), orAt(a, b, c, d, i + 48)), 48)
  }
}

/** into &= ~from */
@inline export function andNotBlock(into: usize, from: usize): void {
  for (let i: usize = 0; i < BLOCK_BYTES; i += 64) {
    v128.store(into + i, v128.andnot(v128.load(into + i), v128.load(from + i)))
    v128.store(into + i, v128.andnot(v128.load(into + i, 16), v128.load(from + i, 16)), 16)
    v128.store(into + i, v128.andnot(v128.load(into + i, 32), v128.load(from + i, 32)), 32)
    v128.store(into + i, v128.andnot(v128.load(into + i, 48), v128.load(from + i, 48)), 48)
  }
}

/** The number of members. */
export function countBlock(from: usize): u32 {
  let sums = i32x4.splat(0)
  for (let i: usize = 0; i < BLOCK_BYTES; i += 256) {
    // 16 popcounts of at most 8 each cannot overflow a byte.
    let bytes = i8x16.splat(0)
    for (let j: usize = i; j < i + 256; j += 64) {
      const low = i8x16.add(i8x16.popcnt(v128.load(from + j)), i8x16.popcnt(v128.load(from + j, 16)))
      const high = i8x16.add(i8x16.popcnt(v128.load(from + j, 32)), i8x16.popcnt(v128.load(from + j, 48)))
      bytes = i8x16.add(bytes, i8x16.add(low, high))
    }
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)))
  }
  return (
    i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3)
  )
}

/** into = a & (b ^ notB) & (c ^ notC) & (d ^ notD), where a mask of all ones negates. Returns the number of members. */
export function andFour(into: usize, a: usize, b: usize, c: usize, d: usize, notB: u32, notC: u32, notD: u32): u32 {
  const maskB = i32x4.splat(notB)
  const maskC = i32x4.splat(notC)
  const maskD = i32x4.splat(notD)
  let sums = i32x4.splat(0)
  for (let i: usize = 0; i < BLOCK_BYTES; i += 256) {
    let bytes = i8x16.splat(0)
    for (let j: usize = i; j < i + 256; j += 16) {
      const first = v128.and(v128.load(a + j), v128.xor(v128.load(b + j), maskB))
      const second = v128.and(v128.xor(v128.load(c + j), maskC), v128.xor(v128.load(d + j), maskD))
      const all = v128.and(first, second)
      v128.store(into + j, all)
      bytes = i8x16.add(bytes, i8x16.popcnt(all))
    }
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)))
  }
  return (
    i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3)
  )
}

/** into = a & (b ^ notB). Returns the number of members. */
export function andTwo(into: usize, a: usize, b: usize, notB: u32): u32 {
  const maskB = i32x4.splat(notB)
  let sums = i32x4.splat(0)
  for (let i: usize = 0; i < BLOCK_BYTES; i += 256) {
    let bytes = i8x16.splat(0)
    for (let j: usize = i; j < i + 256; j += 16) {
      const both = v128.and(v128.load(a + j), v128.xor(v128.load(b + j), maskB))
      v128.store(into + j, both)
      bytes = i8x16.add(bytes, i8x16.popcnt(both))
    }
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)))
  }
  return (
    i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3)
  )
}
