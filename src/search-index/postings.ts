import { blocksUpTo, countOf, forEachMember, lowerBound } from './container-format.ts'
import {
  ARRAY_MEMBERS_MAX,
  addMember,
  freeMembers,
  hasMember,
  isVoid,
  removeMember,
  setEmptyBitmap,
} from './containers.ts'
import { BLOCK_BYTES, BLOCK_SHIFT, BLOCK_SLOTS, BLOCKED_OPERAND, CONTAINER_BYTES } from './kernels/abi.ts'
import { type Arena, roomOf } from './memory/arena.ts'
import { type ColumnState, U32Column } from './memory/column.ts'

/** Flag in the column of sizes: the set is blocked, and the other bits are the capacity of its table. */
const BLOCKED = 0x8000_0000
const LIST_CAPACITY_FIRST = 4
/** A list of up to this many members is never converted to blocks. */
const LIST_MEMBERS_MAX = 128
/** The average number of members per block from which blocks are used. */
const MEMBERS_PER_BLOCK = 8
/**
 * Bitmaps that are allocated next to each other when a block follows a dense one, so that a scan benefits from the hardware
 * prefetcher. Unused ones stay empty. They are freed one by one, and free ones are reused before a new run.
 */
const RUN_BLOCKS = 8

/** A set as the operand of a program's entry, see `ENTRY`. `kind` is `BLOCKED_OPERAND` or 0. */
export type Operand = { readonly kind: number; readonly address: number; readonly length: number }

/** Addresses and counters, for a snapshot. */
export type PostingsState = readonly [counts: ColumnState, refs: ColumnState, sizes: ColumnState]

/**
 * Posting lists: numbered sets of slots. A set with one member stores it in place, a small set is a sorted list, and a large
 * set is a table of containers, one for each block of 32,768 slots (empty, an array, or a bitmap).
 */
export class Postings {
  readonly #arena: Arena
  readonly #counts: U32Column
  /** The only member, or the address of the list or of the table of containers. */
  readonly #refs: U32Column
  /** 0 for at most one member; the capacity of the list; or `BLOCKED` with the capacity of the table. */
  readonly #sizes: U32Column

  constructor(arena: Arena) {
    this.#arena = arena
    this.#counts = new U32Column(arena)
    this.#refs = new U32Column(arena)
    this.#sizes = new U32Column(arena)
  }

  /** The number of sets. */
  get length(): number {
    return this.#counts.length
  }

  /** Appends an empty set. Returns its number. */
  addSet(): number {
    this.#counts.push(0)
    this.#refs.push(0)
    this.#sizes.push(0)
    return this.#counts.length - 1
  }

  count(set: number): number {
    return this.#counts.get(set)
  }

  /** A number that callers may store in an empty set, such as a free-list link. Adding a member overwrites it. */
  getLink(set: number): number {
    return this.#refs.get(set)
  }

  setLink(set: number, link: number): void {
    this.#refs.set(set, link)
  }

  /** Adds a slot. No effect if it is a member. */
  add(set: number, slot: number): void {
    const size = this.#sizes.get(set)
    if (size >= BLOCKED) this.#addBlocked(set, slot)
    else if (size > 0) this.#addToList(set, size, slot)
    else if (this.#counts.get(set) === 0) {
      this.#refs.set(set, slot)
      this.#counts.set(set, 1)
    } else if (this.#refs.get(set) !== slot) {
      const list = this.#arena.alloc(LIST_CAPACITY_FIRST * 4)
      this.#arena.u32[list >>> 2] = this.#refs.get(set)
      this.#refs.set(set, list)
      this.#sizes.set(set, LIST_CAPACITY_FIRST)
      this.#addToList(set, LIST_CAPACITY_FIRST, slot)
    }
  }

  /** Removes a slot. No effect if it is not a member. */
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
    const at = lowerBound(u32, list, count, slot)
    if (at === count || u32[list + at] !== slot) return
    u32.copyWithin(list + at, list + at + 1, list + count)
    this.#counts.set(set, count - 1)
    if (count > 2) return
    // The remaining member is stored in place.
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
      const at = lowerBound(u32, ref >>> 2, count, slot)
      return at < count && u32[(ref >>> 2) + at] === slot
    }
    const container = this.#containerOf(set, slot >>> BLOCK_SHIFT)
    return container !== 0 && hasMember(this.#arena, container, slot & (BLOCK_SLOTS - 1))
  }

  /** Calls back with each member, ascending. */
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
        const firstSlot = block << BLOCK_SHIFT
        const container = ref + block * CONTAINER_BYTES
        if (!isVoid(this.#arena, container)) {
          forEachMember(this.#arena, container, (offset) => take(firstSlot + offset))
        }
      }
    }
  }

  /** Valid until the set or its column of members changes. */
  operand(set: number): Operand {
    const size = this.#sizes.get(set)
    const address = this.#refs.get(set)
    if (size >= BLOCKED) return { kind: BLOCKED_OPERAND, address, length: size - BLOCKED }
    // A member that is stored in place is a list of one.
    return { kind: 0, address: size === 0 ? this.#refs.address(set) : address, length: this.#counts.get(set) }
  }

  /** True for a sorted list, a single member or an empty set. */
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

  #addToList(set: number, capacity: number, slot: number): void {
    const arena = this.#arena
    const count = this.#counts.get(set)
    let list = this.#refs.get(set)
    const last = arena.u32[(list >>> 2) + count - 1]!
    let at = count
    if (slot <= last) {
      at = lowerBound(arena.u32, list >>> 2, count, slot)
      if (arena.u32[(list >>> 2) + at] === slot) return
    }
    if (count >= LIST_MEMBERS_MAX && count >= blocksUpTo(Math.max(last, slot) + 1) * MEMBERS_PER_BLOCK) {
      this.#toBlocks(set)
      this.#addBlocked(set, slot)
      return
    }
    if (count === capacity) {
      const larger = roomOf((capacity + (capacity >>> 2) + 1) * 4) >>> 2
      const moved = arena.alloc(larger * 4)
      arena.u32.copyWithin(moved >>> 2, list >>> 2, (list >>> 2) + count)
      arena.free(list, capacity * 4)
      list = moved
      this.#refs.set(set, moved)
      this.#sizes.set(set, larger)
    }
    if (at < count) arena.u32.copyWithin((list >>> 2) + at + 1, (list >>> 2) + at, (list >>> 2) + count)
    arena.u32[(list >>> 2) + at] = slot
    this.#counts.set(set, count + 1)
  }

  /** The address of the container of a block, 0 past the end of the table. */
  #containerOf(set: number, block: number): number {
    return block < this.#sizes.get(set) - BLOCKED ? this.#refs.get(set) + block * CONTAINER_BYTES : 0
  }

  #addBlocked(set: number, slot: number): void {
    const block = slot >>> BLOCK_SHIFT
    if (block >= this.#sizes.get(set) - BLOCKED) this.#growTable(set, block + 1)
    const needsStorage = this.#isVoid(set, block) && !this.#arena.hasFree(BLOCK_BYTES)
    if (needsStorage && block > 0 && this.#isDense(set, block - 1)) this.#allocateRun(set, block)
    if (addMember(this.#arena, this.#containerOf(set, block), slot & (BLOCK_SLOTS - 1))) {
      this.#counts.set(set, this.#counts.get(set) + 1)
    }
  }

  #isVoid(set: number, block: number): boolean {
    return isVoid(this.#arena, this.#containerOf(set, block))
  }

  #isDense(set: number, block: number): boolean {
    return countOf(this.#arena, this.#containerOf(set, block)) >= ARRAY_MEMBERS_MAX
  }

  /** Allocates adjacent empty bitmaps for a block and the void blocks after it. */
  #allocateRun(set: number, block: number): void {
    if (block + RUN_BLOCKS > this.#sizes.get(set) - BLOCKED) this.#growTable(set, block + RUN_BLOCKS)
    let count = 1
    while (count < RUN_BLOCKS && this.#isVoid(set, block + count)) count++
    const arena = this.#arena
    const run = arena.allocZeroed(count * BLOCK_BYTES)
    for (let i = 0; i < count; i++) {
      setEmptyBitmap(arena, this.#containerOf(set, block + i), run + i * BLOCK_BYTES)
    }
  }

  #growTable(set: number, blocks: number): void {
    const arena = this.#arena
    const old = this.#sizes.get(set) - BLOCKED
    const capacity = roomOf(Math.max(blocks, old + (old >>> 2)) * CONTAINER_BYTES) / CONTAINER_BYTES
    const table = arena.alloc(capacity * CONTAINER_BYTES)
    const before = this.#refs.get(set)
    arena.u8.copyWithin(table, before, before + old * CONTAINER_BYTES)
    arena.u8.fill(0, table + old * CONTAINER_BYTES, table + capacity * CONTAINER_BYTES)
    if (old > 0) arena.free(before, old * CONTAINER_BYTES)
    this.#refs.set(set, table)
    this.#sizes.set(set, BLOCKED + capacity)
  }

  #removeBlocked(set: number, slot: number): void {
    if (!this.has(set, slot)) return
    removeMember(this.#arena, this.#containerOf(set, slot >>> BLOCK_SHIFT), slot & (BLOCK_SLOTS - 1))
    const count = this.#counts.get(set) - 1
    this.#counts.set(set, count)
    if (count < LIST_MEMBERS_MAX / 2) this.#toList(set)
  }

  #toBlocks(set: number): void {
    const list = this.#refs.get(set)
    const capacity = this.#sizes.get(set)
    const count = this.#counts.get(set)
    this.#sizes.set(set, BLOCKED)
    const last = this.#arena.u32[(list >>> 2) + count - 1]!
    this.#growTable(set, blocksUpTo(last + 1))
    for (let i = 0; i < count; i++) {
      const slot = this.#arena.u32[(list >>> 2) + i]!
      addMember(this.#arena, this.#containerOf(set, slot >>> BLOCK_SHIFT), slot & (BLOCK_SLOTS - 1))
    }
    this.#arena.free(list, capacity * 4)
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
    const capacity = roomOf(members.length * 4) >>> 2
    const list = arena.alloc(capacity * 4)
    arena.u32.set(members, list >>> 2)
    this.#refs.set(set, list)
    this.#sizes.set(set, capacity)
  }
}
