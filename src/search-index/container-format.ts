import { BLOCK_BYTES, BLOCK_SHIFT, BLOCK_SLOTS, CONTAINER } from './kernels/abi.ts'
import type { ArenaViews } from './kernels/kernels.ts'

// Read access to containers, for postings and for the plain kernels; see `CONTAINER`.

const COUNT = CONTAINER.count / 2
const CAPACITY = CONTAINER.capacity / 2

/** The number of blocks that cover a number of slots. */
export function blocksUpTo(slots: number): number {
  return (slots + BLOCK_SLOTS - 1) >>> BLOCK_SHIFT
}

/** The address of a container's array or bitmap, 0 when it has no storage. */
export function membersOf({ u32 }: ArenaViews, container: number): number {
  return u32[container >>> 2]!
}

export function countOf({ u16 }: ArenaViews, container: number): number {
  return u16[(container >>> 1) + COUNT]!
}

/** The capacity of an array, 0 for a bitmap. */
export function capacityOf({ u16 }: ArenaViews, container: number): number {
  return u16[(container >>> 1) + CAPACITY]!
}

/** Calls back with the offset of each member in its block, ascending. The container must have storage. */
export function forEachMember(arena: ArenaViews, container: number, take: (offset: number) => void): void {
  const members = membersOf(arena, container)
  if (capacityOf(arena, container) === 0) {
    forEachBit(arena.u32, members >>> 2, take)
    return
  }
  const { u16 } = arena
  const count = countOf(arena, container)
  for (let i = 0; i < count; i++) take(u16[(members >>> 1) + i]!)
}

/** Calls back with the position of each bit that is set in a bitmap, ascending. `start` counts 32-bit words. */
export function forEachBit(u32: Uint32Array, start: number, take: (offset: number) => void): void {
  for (let i = 0; i < BLOCK_BYTES / 4; i++) {
    for (let word = u32[start + i]!; word !== 0; word &= word - 1) {
      take((i << 5) + (31 - Math.clz32(word & -word)))
    }
  }
}

/** The position of the first of `count` ascending items from `start` on that is not below `item`. */
export function lowerBound(items: Uint32Array | Uint16Array, start: number, count: number, item: number): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (items[start + middle]! < item) low = middle + 1
    else high = middle
  }
  return low
}
