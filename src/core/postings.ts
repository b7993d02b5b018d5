import { type Arena, roomOf } from './arena.ts'
import { type ColumnState, U32Column } from './column.ts'
import { BLOCK_BYTES, BLOCK_SHIFT, BLOCK_SLOTS, BLOCKED_OPERAND } from './kernels.ts'

/** In the column of sizes: the set is blocked, and the other bits say how many blocks its table has. */
const BLOCKED = 0x8000_0000
const LIST_FIRST = 4
/** A list of up to so many members is never worth a table of blocks. */
const LIST_MEMBERS_MAX = 128
/** A table is worth it from so many members a block on. */
const MEMBERS_PER_BLOCK = 8
/** In one block, more members than this are a bitmap, which is worked on many at a time; half as many are a list again. */
const PLACES_MAX = 1024
const PLACES_FIRST = 8
/**
 * So many bitmaps of blocks in a row lie side by side, after a block with many members: memory is read faster on the page after
 * the one that was read before. Those that are not filled yet are empty. They are taken back one by one, and used up first.
 */
const RUN_BLOCKS = 8
/** A container: address of its members, then their number and for lists the room in 16 bits each. */
const CONTAINER_BYTES = 8

/** A set as kernels take it, see `OPERATION`. */
export type Operand = { readonly kind: number; readonly address: number; readonly length: number }

/** Where everything lies, for a snapshot. */
export type PostingsState = readonly [counts: ColumnState, refs: ColumnState, sizes: ColumnState]

/**
 * Sets of slots by number. A set of one is kept in place, a small one as an ascending list, a large one by blocks of 32,768
 * slots: each of them empty, a list of places, or a bitmap, whichever is smaller there.
 */
export class Postings {
  readonly #arena: Arena
  readonly #counts: U32Column
  /** The only member, or the address of the list or of the table of containers. */
  readonly #refs: U32Column
  /** 0: at most one member; the room of the list; or `BLOCKED` and the blocks of the table. */
  readonly #sizes: U32Column

  constructor(arena: Arena) {
    this.#arena = arena
    this.#counts = new U32Column(arena)
    this.#refs = new U32Column(arena)
    this.#sizes = new U32Column(arena)
  }

  /** How many sets there are. */
  get length(): number {
    return this.#counts.length
  }

  /** Adds an empty set, and gives its number. */
  open(): number {
    this.#counts.push(0)
    this.#refs.push(0)
    this.#sizes.push(0)
    return this.#counts.length - 1
  }

  count(set: number): number {
    return this.#counts.get(set)
  }

  /** What an empty set may keep in place of a member. */
  note(set: number): number {
    return this.#refs.get(set)
  }

  setNote(set: number, note: number): void {
    this.#refs.set(set, note)
  }

  /** Adds a slot; nothing happens if it is a member. */
  add(set: number, slot: number): void {
    const size = this.#sizes.get(set)
    if (size >= BLOCKED) this.#addBlocked(set, slot)
    else if (size > 0) this.#addToList(set, size, slot)
    else if (this.#counts.get(set) === 0) {
      this.#refs.set(set, slot)
      this.#counts.set(set, 1)
    } else if (this.#refs.get(set) !== slot) {
      const list = this.#arena.alloc(LIST_FIRST * 4)
      this.#arena.u32[list >>> 2] = this.#refs.get(set)
      this.#refs.set(set, list)
      this.#sizes.set(set, LIST_FIRST)
      this.#addToList(set, LIST_FIRST, slot)
    }
  }

  /** Removes a slot; nothing happens if it is no member. */
  remove(set: number, slot: number): void {
    const size = this.#sizes.get(set)
    const count = this.#counts.get(set)
    if (size >= BLOCKED) {
      this.#removeBlocked(set, slot)
      return
    }
    if (size === 0) {
      if (count === 1 && this.#refs.get(set) === slot) this.#counts.set(set, 0)
      return
    }
    const { u32 } = this.#arena
    const list = this.#refs.get(set) >>> 2
    const place = lowerBound(u32, list, count, slot)
    if (place === count || u32[list + place] !== slot) return
    u32.copyWithin(list + place, list + place + 1, list + count)
    this.#counts.set(set, count - 1)
    if (count > 2) return
    // The one that is left is kept in place.
    const last = u32[list]!
    this.#arena.free(list << 2, size * 4)
    this.#refs.set(set, last)
    this.#sizes.set(set, 0)
  }

  has(set: number, slot: number): boolean {
    const { u16, u32 } = this.#arena
    const size = this.#sizes.get(set)
    const ref = this.#refs.get(set)
    const count = this.#counts.get(set)
    if (size === 0) return count === 1 && ref === slot
    if (size < BLOCKED) {
      const place = lowerBound(u32, ref >>> 2, count, slot)
      return place < count && u32[(ref >>> 2) + place] === slot
    }
    const container = this.#containerOf(set, slot >>> BLOCK_SHIFT)
    const members = container === 0 ? 0 : u32[container >>> 2]!
    if (members === 0) return false
    const place = slot & (BLOCK_SLOTS - 1)
    if (u16[(container >>> 1) + 3] === 0) return (u32[(members >>> 2) + (place >>> 5)]! & (1 << (place & 31))) !== 0
    const places = u16[(container >>> 1) + 2]!
    const at = lowerBound(u16, members >>> 1, places, place)
    return at < places && u16[(members >>> 1) + at] === place
  }

  /** Calls back with every member in ascending order. */
  forEach(set: number, take: (slot: number) => void): void {
    const { u16, u32 } = this.#arena
    const size = this.#sizes.get(set)
    const ref = this.#refs.get(set)
    const count = this.#counts.get(set)
    if (size === 0) {
      if (count === 1) take(ref)
    } else if (size < BLOCKED) {
      for (let i = 0; i < count; i++) take(u32[(ref >>> 2) + i]!)
    } else {
      for (let block = 0; block < size - BLOCKED; block++) {
        const container = ref + block * CONTAINER_BYTES
        const members = u32[container >>> 2]!
        if (members === 0) continue
        const first = block << BLOCK_SHIFT
        if (u16[(container >>> 1) + 3] === 0) forEachBit(u32, members >>> 2, (place) => take(first + place))
        else for (let i = 0; i < u16[(container >>> 1) + 2]!; i++) take(first + u16[(members >>> 1) + i]!)
      }
    }
  }

  /** Gives a set as kernels take it. */
  operand(set: number): Operand {
    const size = this.#sizes.get(set)
    const address = this.#refs.get(set)
    if (size >= BLOCKED) return { kind: BLOCKED_OPERAND, address, length: size - BLOCKED }
    // Where the only member of a set stands is a list of one.
    return { kind: 0, address: size === 0 ? this.#refs.address(set) : address, length: this.#counts.get(set) }
  }

  /** True: the set is a list, or has one member. */
  isList(set: number): boolean {
    return this.#sizes.get(set) < BLOCKED
  }

  state(): PostingsState {
    return [this.#counts.state(), this.#refs.state(), this.#sizes.state()]
  }

  restore([counts, refs, sizes]: PostingsState): void {
    this.#counts.restore(counts)
    this.#refs.restore(refs)
    this.#sizes.restore(sizes)
  }

  #addToList(set: number, room: number, slot: number): void {
    const arena = this.#arena
    const count = this.#counts.get(set)
    let list = this.#refs.get(set)
    const last = arena.u32[(list >>> 2) + count - 1]!
    let place = count
    if (slot <= last) {
      place = lowerBound(arena.u32, list >>> 2, count, slot)
      if (arena.u32[(list >>> 2) + place] === slot) return
    }
    if (count >= LIST_MEMBERS_MAX && count >= blocksFor(Math.max(last, slot)) * MEMBERS_PER_BLOCK) {
      this.#toBlocks(set)
      this.#addBlocked(set, slot)
      return
    }
    if (count === room) {
      const larger = roomOf((room + (room >>> 2) + 1) * 4) >>> 2
      const moved = arena.alloc(larger * 4)
      arena.u32.copyWithin(moved >>> 2, list >>> 2, (list >>> 2) + count)
      arena.free(list, room * 4)
      list = moved
      this.#refs.set(set, moved)
      this.#sizes.set(set, larger)
    }
    if (place < count) arena.u32.copyWithin((list >>> 2) + place + 1, (list >>> 2) + place, (list >>> 2) + count)
    arena.u32[(list >>> 2) + place] = slot
    this.#counts.set(set, count + 1)
  }

  /** The address of the container for a block, 0 when the table does not reach so far. */
  #containerOf(set: number, block: number): number {
    return block < this.#sizes.get(set) - BLOCKED ? this.#refs.get(set) + block * CONTAINER_BYTES : 0
  }

  #addBlocked(set: number, slot: number): void {
    const block = slot >>> BLOCK_SHIFT
    if (block >= this.#sizes.get(set) - BLOCKED) this.#growTable(set, block + 1)
    const mayOpen = this.#isFree(set, block) && !this.#arena.hasFree(BLOCK_BYTES)
    if (mayOpen && block > 0 && this.#isDense(set, block - 1)) this.#openRun(set, block)
    if (this.#addToContainer(this.#containerOf(set, block), slot & (BLOCK_SLOTS - 1))) {
      this.#counts.set(set, this.#counts.get(set) + 1)
    }
  }

  /** True: the block has nothing, and no room either. */
  #isFree(set: number, block: number): boolean {
    return this.#arena.u32[this.#containerOf(set, block) >>> 2] === 0
  }

  #isDense(set: number, block: number): boolean {
    return this.#arena.u16[(this.#containerOf(set, block) >>> 1) + 2]! >= PLACES_MAX
  }

  /** Gives a block and the free ones after it their bitmaps, without members. */
  #openRun(set: number, block: number): void {
    if (block + RUN_BLOCKS > this.#sizes.get(set) - BLOCKED) this.#growTable(set, block + RUN_BLOCKS)
    let count = 1
    while (count < RUN_BLOCKS && this.#isFree(set, block + count)) count++
    const arena = this.#arena
    const run = arena.allocZeroed(count * BLOCK_BYTES)
    for (let i = 0; i < count; i++) {
      const container = this.#containerOf(set, block + i)
      arena.u32[container >>> 2] = run + i * BLOCK_BYTES
      arena.u16[(container >>> 1) + 2] = 0
      arena.u16[(container >>> 1) + 3] = 0
    }
  }

  #growTable(set: number, blocks: number): void {
    const arena = this.#arena
    const old = this.#sizes.get(set) - BLOCKED
    const room = roomOf(Math.max(blocks, old + (old >>> 2)) * CONTAINER_BYTES) / CONTAINER_BYTES
    const table = arena.alloc(room * CONTAINER_BYTES)
    const before = this.#refs.get(set)
    arena.u8.copyWithin(table, before, before + old * CONTAINER_BYTES)
    arena.u8.fill(0, table + old * CONTAINER_BYTES, table + room * CONTAINER_BYTES)
    if (old > 0) arena.free(before, old * CONTAINER_BYTES)
    this.#refs.set(set, table)
    this.#sizes.set(set, BLOCKED + room)
  }

  /** Gives whether the place is new. */
  #addToContainer(container: number, place: number): boolean {
    const arena = this.#arena
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
      this.#toBitmap(container)
      return this.#addToContainer(container, place)
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

  #toBitmap(container: number): void {
    const arena = this.#arena
    const bitmap = arena.alloc(BLOCK_BYTES)
    const { u16, u32, u8 } = arena
    const places = u32[container >>> 2]!
    const room = u16[(container >>> 1) + 3]!
    u8.fill(0, bitmap, bitmap + BLOCK_BYTES)
    for (let i = 0; i < u16[(container >>> 1) + 2]!; i++) {
      const place = u16[(places >>> 1) + i]!
      u32[(bitmap >>> 2) + (place >>> 5)]! |= 1 << (place & 31)
    }
    arena.free(places, room * 2)
    u32[container >>> 2] = bitmap
    u16[(container >>> 1) + 3] = 0
  }

  #removeBlocked(set: number, slot: number): void {
    if (!this.has(set, slot)) return
    const { u32, u16 } = this.#arena
    const container = this.#containerOf(set, slot >>> BLOCK_SHIFT)
    const half = container >>> 1
    const members = u32[container >>> 2]!
    const place = slot & (BLOCK_SLOTS - 1)
    const count = u16[half + 2]! - 1
    if (u16[half + 3] === 0) {
      u32[(members >>> 2) + (place >>> 5)]! &= ~(1 << (place & 31))
      if (count < PLACES_MAX / 2) this.#toPlaces(container, count)
    } else {
      const at = lowerBound(u16, members >>> 1, count + 1, place)
      u16.copyWithin((members >>> 1) + at, (members >>> 1) + at + 1, (members >>> 1) + count + 1)
      if (count === 0) {
        this.#arena.free(members, u16[half + 3]! * 2)
        u32[container >>> 2] = 0
      }
    }
    this.#arena.u16[half + 2] = count
    const left = this.#counts.get(set) - 1
    this.#counts.set(set, left)
    if (left < LIST_MEMBERS_MAX / 2) this.#toList(set)
  }

  #toPlaces(container: number, count: number): void {
    const arena = this.#arena
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

  #toBlocks(set: number): void {
    const list = this.#refs.get(set)
    const room = this.#sizes.get(set)
    const count = this.#counts.get(set)
    this.#sizes.set(set, BLOCKED)
    const last = this.#arena.u32[(list >>> 2) + count - 1]!
    this.#growTable(set, blocksFor(last))
    for (let i = 0; i < count; i++) {
      const slot = this.#arena.u32[(list >>> 2) + i]!
      this.#addToContainer(this.#containerOf(set, slot >>> BLOCK_SHIFT), slot & (BLOCK_SLOTS - 1))
    }
    this.#arena.free(list, room * 4)
  }

  #toList(set: number): void {
    const arena = this.#arena
    const members: number[] = []
    this.forEach(set, (slot) => members.push(slot))
    const table = this.#refs.get(set)
    const blocks = this.#sizes.get(set) - BLOCKED
    for (let container = table; container < table + blocks * CONTAINER_BYTES; container += CONTAINER_BYTES) {
      const address = arena.u32[container >>> 2]!
      const room = arena.u16[(container >>> 1) + 3]!
      if (address !== 0) arena.free(address, room === 0 ? BLOCK_BYTES : room * 2)
    }
    arena.free(table, blocks * CONTAINER_BYTES)
    const room = roomOf(members.length * 4) >>> 2
    const list = arena.alloc(room * 4)
    arena.u32.set(members, list >>> 2)
    this.#refs.set(set, list)
    this.#sizes.set(set, room)
  }
}

function blocksFor(lastSlot: number): number {
  return (lastSlot >>> BLOCK_SHIFT) + 1
}

/** The place of the first of `count` ascending items from `start` on that is not below `item`. */
function lowerBound(items: Uint32Array | Uint16Array, start: number, count: number, item: number): number {
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
