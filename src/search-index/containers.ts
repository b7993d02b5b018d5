import { BLOCK_BYTES } from './kernels/abi.ts'
import { type Arena, roomOf } from './memory/arena.ts'

// A container holds the members of a set in one block of slots, by their places in it: as an ascending list of places, or as
// a bitmap, whichever is smaller. It is two words in a table: the address of the members, 0 when there are none and no
// room either; then their number and the room of the list in 16 bits each. A room of 0 stands for a bitmap.

/** Bytes of a container in its table. */
export const CONTAINER_BYTES = 8
/** In one block, more members than this are a bitmap, which is worked on many at a time; half as many are a list again. */
export const PLACES_MAX = 1024
const PLACES_FIRST = 8

/** How many members a container has. */
export function countOf({ u16 }: Arena, container: number): number {
  return u16[(container >>> 1) + 2]!
}

/** True: the container has nothing, and no room either. */
export function isVoid({ u32 }: Arena, container: number): boolean {
  return u32[container >>> 2] === 0
}

export function hasPlace({ u16, u32 }: Arena, container: number, place: number): boolean {
  const members = u32[container >>> 2]!
  if (members === 0) return false
  if (u16[(container >>> 1) + 3] === 0) return (u32[(members >>> 2) + (place >>> 5)]! & (1 << (place & 31))) !== 0
  const places = u16[(container >>> 1) + 2]!
  const at = lowerBound(u16, members >>> 1, places, place)
  return at < places && u16[(members >>> 1) + at] === place
}

/** Calls back with every place in ascending order. */
export function forEachPlace({ u16, u32 }: Arena, container: number, take: (place: number) => void): void {
  const members = u32[container >>> 2]!
  if (members === 0) return
  if (u16[(container >>> 1) + 3] === 0) forEachBit(u32, members >>> 2, take)
  else for (let i = 0; i < u16[(container >>> 1) + 2]!; i++) take(u16[(members >>> 1) + i]!)
}

/** Adds a place; gives whether it is new. */
export function addPlace(arena: Arena, container: number, place: number): boolean {
  const half = container >>> 1
  let members = arena.u32[container >>> 2]!
  if (members === 0) {
    members = arena.alloc(PLACES_FIRST * 2)
    arena.u32[container >>> 2] = members
    arena.u16[half + 2] = 0
    arena.u16[half + 3] = PLACES_FIRST
  }
  const count = arena.u16[half + 2]!
  const room = arena.u16[half + 3]!
  if (room === 0) {
    const word = (members >>> 2) + (place >>> 5)
    const bit = 1 << (place & 31)
    if ((arena.u32[word]! & bit) !== 0) return false
    arena.u32[word]! |= bit
    arena.u16[half + 2] = count + 1
    return true
  }
  let at = count
  if (count > 0 && place <= arena.u16[(members >>> 1) + count - 1]!) {
    at = lowerBound(arena.u16, members >>> 1, count, place)
    if (arena.u16[(members >>> 1) + at] === place) return false
  }
  if (count === PLACES_MAX) {
    toBitmap(arena, container)
    return addPlace(arena, container, place)
  }
  if (count === room) {
    const larger = Math.min(roomOf((room + (room >>> 2) + 1) * 2) >>> 1, PLACES_MAX)
    const moved = arena.alloc(larger * 2)
    arena.u16.copyWithin(moved >>> 1, members >>> 1, (members >>> 1) + count)
    arena.free(members, room * 2)
    members = moved
    arena.u32[container >>> 2] = moved
    arena.u16[half + 3] = larger
  }
  arena.u16.copyWithin((members >>> 1) + at + 1, (members >>> 1) + at, (members >>> 1) + count)
  arena.u16[(members >>> 1) + at] = place
  arena.u16[half + 2] = count + 1
  return true
}

/** Removes a place, which must be there. */
export function removePlace(arena: Arena, container: number, place: number): void {
  const { u16, u32 } = arena
  const half = container >>> 1
  const members = u32[container >>> 2]!
  const count = u16[half + 2]! - 1
  if (u16[half + 3] === 0) {
    u32[(members >>> 2) + (place >>> 5)]! &= ~(1 << (place & 31))
    if (count < PLACES_MAX / 2) toPlaces(arena, container, count)
  } else {
    const at = lowerBound(u16, members >>> 1, count + 1, place)
    u16.copyWithin((members >>> 1) + at, (members >>> 1) + at + 1, (members >>> 1) + count + 1)
    if (count === 0) {
      arena.free(members, u16[half + 3]! * 2)
      u32[container >>> 2] = 0
    }
  }
  arena.u16[half + 2] = count
}

/** Makes a container without members a bitmap, which lies where it is told. */
export function setEmptyBitmap({ u16, u32 }: Arena, container: number, bitmap: number): void {
  u32[container >>> 2] = bitmap
  u16[(container >>> 1) + 2] = 0
  u16[(container >>> 1) + 3] = 0
}

/** Gives back what a container has. */
export function freeMembers(arena: Arena, container: number): void {
  const address = arena.u32[container >>> 2]!
  const room = arena.u16[(container >>> 1) + 3]!
  if (address !== 0) arena.free(address, room === 0 ? BLOCK_BYTES : room * 2)
}

function toBitmap(arena: Arena, container: number): void {
  const bitmap = arena.allocZeroed(BLOCK_BYTES)
  const { u16, u32 } = arena
  const places = u32[container >>> 2]!
  const room = u16[(container >>> 1) + 3]!
  for (let i = 0; i < u16[(container >>> 1) + 2]!; i++) {
    const place = u16[(places >>> 1) + i]!
    u32[(bitmap >>> 2) + (place >>> 5)]! |= 1 << (place & 31)
  }
  arena.free(places, room * 2)
  u32[container >>> 2] = bitmap
  u16[(container >>> 1) + 3] = 0
}

function toPlaces(arena: Arena, container: number, count: number): void {
  const room = roomOf((count + 1) * 2) >>> 1
  const places = arena.alloc(room * 2)
  const { u16, u32 } = arena
  const bitmap = u32[container >>> 2]!
  let at = places >>> 1
  forEachBit(u32, bitmap >>> 2, (place) => {
    u16[at++] = place
  })
  arena.free(bitmap, BLOCK_BYTES)
  u32[container >>> 2] = places
  u16[(container >>> 1) + 3] = room
}

/** The place of the first of `count` ascending items from `start` on that is not below `item`. */
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

function forEachBit(u32: Uint32Array, start: number, take: (place: number) => void): void {
  for (let i = 0; i < BLOCK_BYTES / 4; i++) {
    for (let word = u32[start + i]!; word !== 0; word &= word - 1) {
      take((i << 5) + (31 - Math.clz32(word & -word)))
    }
  }
}
