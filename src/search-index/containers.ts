import { capacityOf, countOf, forEachBit, lowerBound, membersOf } from './container-format.ts'
import { BLOCK_BYTES, CONTAINER } from './kernels/abi.ts'
import { type Arena, roomOf } from './memory/arena.ts'

// Changes to the containers of a posting. A container holds the members in one block of slots, as offsets from its first
// slot: in a sorted array of 16-bit numbers while there are few, and in a bitmap from there on.

/** An array of more members becomes a bitmap, which kernels process faster; at half as many it becomes an array again. */
export const ARRAY_MEMBERS_MAX = 1024
const ARRAY_CAPACITY_FIRST = 8

const COUNT = CONTAINER.count / 2
const CAPACITY = CONTAINER.capacity / 2

/** True when the container has no members and no storage. */
export function isVoid(arena: Arena, container: number): boolean {
  return membersOf(arena, container) === 0
}

export function hasMember(arena: Arena, container: number, offset: number): boolean {
  const { u16, u32 } = arena
  const members = membersOf(arena, container)
  if (members === 0) return false
  if (capacityOf(arena, container) === 0) return (u32[(members >>> 2) + (offset >>> 5)]! & (1 << (offset & 31))) !== 0
  const count = countOf(arena, container)
  const at = lowerBound(u16, members >>> 1, count, offset)
  return at < count && u16[(members >>> 1) + at] === offset
}

/** Adds a member. Returns false when the container already has it. */
export function addMember(arena: Arena, container: number, offset: number): boolean {
  if (isVoid(arena, container)) allocateArray(arena, container)
  return capacityOf(arena, container) === 0
    ? addToBitmap(arena, container, offset)
    : addToArray(arena, container, offset)
}

function allocateArray(arena: Arena, container: number): void {
  // Allocates first: it may replace the views.
  const members = arena.alloc(ARRAY_CAPACITY_FIRST * 2)
  arena.u32[container >>> 2] = members
  arena.u16[(container >>> 1) + COUNT] = 0
  arena.u16[(container >>> 1) + CAPACITY] = ARRAY_CAPACITY_FIRST
}

function addToBitmap(arena: Arena, container: number, offset: number): boolean {
  const { u16, u32 } = arena
  const word = (membersOf(arena, container) >>> 2) + (offset >>> 5)
  const bit = 1 << (offset & 31)
  if ((u32[word]! & bit) !== 0) return false
  u32[word]! |= bit
  u16[(container >>> 1) + COUNT]!++
  return true
}

function addToArray(arena: Arena, container: number, offset: number): boolean {
  const count = countOf(arena, container)
  let members = membersOf(arena, container)
  let at = count
  // Most members are appended.
  if (count > 0 && offset <= arena.u16[(members >>> 1) + count - 1]!) {
    at = lowerBound(arena.u16, members >>> 1, count, offset)
    if (arena.u16[(members >>> 1) + at] === offset) return false
  }
  if (count === ARRAY_MEMBERS_MAX) {
    toBitmap(arena, container)
    return addToBitmap(arena, container, offset)
  }
  if (count === capacityOf(arena, container)) members = growArray(arena, container, count)
  arena.u16.copyWithin((members >>> 1) + at + 1, (members >>> 1) + at, (members >>> 1) + count)
  arena.u16[(members >>> 1) + at] = offset
  arena.u16[(container >>> 1) + COUNT] = count + 1
  return true
}

function growArray(arena: Arena, container: number, count: number): number {
  const members = membersOf(arena, container)
  const capacity = capacityOf(arena, container)
  const larger = Math.min(roomOf((capacity + (capacity >>> 2) + 1) * 2) >>> 1, ARRAY_MEMBERS_MAX)
  const moved = arena.alloc(larger * 2)
  arena.u16.copyWithin(moved >>> 1, members >>> 1, (members >>> 1) + count)
  arena.free(members, capacity * 2)
  arena.u32[container >>> 2] = moved
  arena.u16[(container >>> 1) + CAPACITY] = larger
  return moved
}

/** Removes a member, which the container must have. */
export function removeMember(arena: Arena, container: number, offset: number): void {
  const { u16, u32 } = arena
  const members = membersOf(arena, container)
  const count = countOf(arena, container) - 1
  if (capacityOf(arena, container) === 0) {
    u32[(members >>> 2) + (offset >>> 5)]! &= ~(1 << (offset & 31))
    if (count < ARRAY_MEMBERS_MAX / 2) toArray(arena, container, count)
  } else {
    const at = lowerBound(u16, members >>> 1, count + 1, offset)
    u16.copyWithin((members >>> 1) + at, (members >>> 1) + at + 1, (members >>> 1) + count + 1)
    if (count === 0) {
      arena.free(members, capacityOf(arena, container) * 2)
      u32[container >>> 2] = 0
    }
  }
  arena.u16[(container >>> 1) + COUNT] = count
}

/** Gives a container without members an empty bitmap at an address. */
export function setEmptyBitmap({ u16, u32 }: Arena, container: number, bitmap: number): void {
  u32[container >>> 2] = bitmap
  u16[(container >>> 1) + COUNT] = 0
  u16[(container >>> 1) + CAPACITY] = 0
}

export function freeMembers(arena: Arena, container: number): void {
  const members = membersOf(arena, container)
  const capacity = capacityOf(arena, container)
  if (members !== 0) arena.free(members, capacity === 0 ? BLOCK_BYTES : capacity * 2)
}

function toBitmap(arena: Arena, container: number): void {
  const bitmap = arena.allocZeroed(BLOCK_BYTES)
  const { u16, u32 } = arena
  const members = membersOf(arena, container)
  const capacity = capacityOf(arena, container)
  const count = countOf(arena, container)
  for (let i = 0; i < count; i++) {
    const offset = u16[(members >>> 1) + i]!
    u32[(bitmap >>> 2) + (offset >>> 5)]! |= 1 << (offset & 31)
  }
  arena.free(members, capacity * 2)
  u32[container >>> 2] = bitmap
  u16[(container >>> 1) + CAPACITY] = 0
}

function toArray(arena: Arena, container: number, count: number): void {
  const capacity = roomOf((count + 1) * 2) >>> 1
  const members = arena.alloc(capacity * 2)
  const { u16, u32 } = arena
  const bitmap = membersOf(arena, container)
  let at = members >>> 1
  forEachBit(u32, bitmap >>> 2, (offset) => {
    u16[at++] = offset
  })
  arena.free(bitmap, BLOCK_BYTES)
  u32[container >>> 2] = members
  u16[(container >>> 1) + CAPACITY] = capacity
}
