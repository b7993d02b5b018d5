import {
  addPlace,
  CONTAINER_BYTES,
  countOf,
  forEachPlace,
  freeMembers,
  hasPlace,
  isVoid,
  lowerBound,
  PLACES_MAX,
  removePlace,
  setEmptyBitmap,
} from './containers.ts'
import { BLOCK_BYTES, BLOCK_SHIFT, BLOCK_SLOTS, BLOCKED_OPERAND } from './kernels/abi.ts'
import { type Arena, roomOf } from './memory/arena.ts'
import { type ColumnState, U32Column } from './memory/column.ts'

/** In the column of sizes: the set is blocked, and the other bits say how many blocks its table has. */
const BLOCKED = 0x8000_0000
const LIST_FIRST = 4
/** A list of up to so many members is never worth a table of blocks. */
const LIST_MEMBERS_MAX = 128
/** A table is worth it from so many members a block on. */
const MEMBERS_PER_BLOCK = 8
/**
 * So many bitmaps of blocks in a row lie side by side, after a block with many members: memory is read faster on the page after
 * the one that was read before. Those that are not filled yet are empty. They are taken back one by one, and used up first.
 */
const RUN_BLOCKS = 8

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
    const { u32 } = this.#arena
    const size = this.#sizes.get(set)
    const ref = this.#refs.get(set)
    const count = this.#counts.get(set)
    if (size === 0) return count === 1 && ref === slot
    if (size < BLOCKED) {
      const place = lowerBound(u32, ref >>> 2, count, slot)
      return place < count && u32[(ref >>> 2) + place] === slot
    }
    const container = this.#containerOf(set, slot >>> BLOCK_SHIFT)
    return container !== 0 && hasPlace(this.#arena, container, slot & (BLOCK_SLOTS - 1))
  }

  /** Calls back with every member in ascending order. */
  forEach(set: number, take: (slot: number) => void): void {
    const { u32 } = this.#arena
    const size = this.#sizes.get(set)
    const ref = this.#refs.get(set)
    const count = this.#counts.get(set)
    if (size === 0) {
      if (count === 1) take(ref)
    } else if (size < BLOCKED) {
      for (let i = 0; i < count; i++) take(u32[(ref >>> 2) + i]!)
    } else {
      for (let block = 0; block < size - BLOCKED; block++) {
        const first = block << BLOCK_SHIFT
        forEachPlace(this.#arena, ref + block * CONTAINER_BYTES, (place) => take(first + place))
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
    if (addPlace(this.#arena, this.#containerOf(set, block), slot & (BLOCK_SLOTS - 1))) {
      this.#counts.set(set, this.#counts.get(set) + 1)
    }
  }

  #isFree(set: number, block: number): boolean {
    return isVoid(this.#arena, this.#containerOf(set, block))
  }

  #isDense(set: number, block: number): boolean {
    return countOf(this.#arena, this.#containerOf(set, block)) >= PLACES_MAX
  }

  /** Gives a block and the free ones after it their bitmaps, without members. */
  #openRun(set: number, block: number): void {
    if (block + RUN_BLOCKS > this.#sizes.get(set) - BLOCKED) this.#growTable(set, block + RUN_BLOCKS)
    let count = 1
    while (count < RUN_BLOCKS && this.#isFree(set, block + count)) count++
    const arena = this.#arena
    const run = arena.allocZeroed(count * BLOCK_BYTES)
    for (let i = 0; i < count; i++) {
      setEmptyBitmap(arena, this.#containerOf(set, block + i), run + i * BLOCK_BYTES)
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

  #removeBlocked(set: number, slot: number): void {
    if (!this.has(set, slot)) return
    removePlace(this.#arena, this.#containerOf(set, slot >>> BLOCK_SHIFT), slot & (BLOCK_SLOTS - 1))
    const left = this.#counts.get(set) - 1
    this.#counts.set(set, left)
    if (left < LIST_MEMBERS_MAX / 2) this.#toList(set)
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
      addPlace(this.#arena, this.#containerOf(set, slot >>> BLOCK_SHIFT), slot & (BLOCK_SLOTS - 1))
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
      freeMembers(arena, container)
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
