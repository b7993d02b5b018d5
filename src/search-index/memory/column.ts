import { CHUNK_SHIFT } from '../kernels/abi.ts'
import type { Arena } from './arena.ts'

const TABLE_CAPACITY_FIRST = 2
const ITEMS_FIRST = 16

/** Addresses and sizes, for a snapshot. */
export type ColumnState = readonly [table: number, tableCapacity: number, length: number, capacity: number]

/**
 * A growable array of items of one size in an arena. It consists of chunks of 16 KiB, so that growth never copies large
 * arrays, and of a table with their addresses. Only the first chunk may be smaller, to keep small indexes small.
 */
export class Column {
  readonly arena: Arena
  /** Address of the chunk table. Changes when the column grows. */
  table = 0
  #tableCapacity = 0
  #length = 0
  /** In items. */
  #capacity = 0
  readonly #itemShift: number
  readonly #chunkShift: number
  readonly #mask: number

  /** `itemShift`: binary logarithm of the bytes of an item, 0 to 4. */
  constructor(arena: Arena, itemShift: number) {
    this.arena = arena
    this.#itemShift = itemShift
    this.#chunkShift = CHUNK_SHIFT - itemShift
    this.#mask = (1 << this.#chunkShift) - 1
  }

  get length(): number {
    return this.#length
  }

  /** Items per chunk. */
  get chunkItems(): number {
    return this.#mask + 1
  }

  /** The address of an item below `length`. Growth changes it while the column has a single chunk. */
  address(i: number): number {
    return this.arena.u32[(this.table >>> 2) + (i >>> this.#chunkShift)]! + ((i & this.#mask) << this.#itemShift)
  }

  /** Sets the length. New items have arbitrary contents. */
  resize(length: number): void {
    while (this.#capacity < length) this.#grow(length)
    this.#length = length
  }

  /** Frees all memory; the column is empty afterwards. */
  free(): void {
    const { arena } = this
    for (let item = 0; item < this.#capacity; item += this.#mask + 1) {
      const bytes = Math.min(this.#capacity, this.#mask + 1) << this.#itemShift
      arena.free(arena.u32[(this.table >>> 2) + (item >>> this.#chunkShift)]!, bytes)
    }
    if (this.#tableCapacity > 0) arena.free(this.table, this.#tableCapacity * 4)
    this.table = 0
    this.#tableCapacity = 0
    this.#length = 0
    this.#capacity = 0
  }

  state(): ColumnState {
    return [this.table, this.#tableCapacity, this.#length, this.#capacity]
  }

  restore([table, tableCapacity, length, capacity]: ColumnState): void {
    this.table = table
    this.#tableCapacity = tableCapacity
    this.#length = length
    this.#capacity = capacity
  }

  #grow(length: number): void {
    const { arena } = this
    if (this.#capacity <= this.#mask) {
      this.#growFirst(length)
      return
    }
    const chunks = this.#capacity >>> this.#chunkShift
    if (chunks === this.#tableCapacity) {
      const table = arena.alloc(chunks * 8)
      arena.u8.copyWithin(table, this.table, this.table + chunks * 4)
      arena.free(this.table, chunks * 4)
      this.table = table
      this.#tableCapacity = chunks * 2
    }
    const chunk = arena.alloc(1 << CHUNK_SHIFT)
    arena.u32[(this.table >>> 2) + chunks] = chunk
    this.#capacity += this.#mask + 1
  }

  #growFirst(length: number): void {
    const { arena } = this
    const capacity = Math.min(Math.max(ITEMS_FIRST, this.#capacity * 2, length), this.#mask + 1)
    const chunk = arena.alloc(capacity << this.#itemShift)
    if (this.#tableCapacity === 0) {
      this.#tableCapacity = TABLE_CAPACITY_FIRST
      this.table = arena.alloc(TABLE_CAPACITY_FIRST * 4)
    } else {
      const old = arena.u32[this.table >>> 2]!
      arena.u8.copyWithin(chunk, old, old + (this.#capacity << this.#itemShift))
      arena.free(old, this.#capacity << this.#itemShift)
    }
    arena.u32[this.table >>> 2] = chunk
    this.#capacity = capacity
  }
}

/** A column of unsigned 32-bit integers. */
export class U32Column extends Column {
  constructor(arena: Arena) {
    super(arena, 2)
  }

  get(i: number): number {
    return this.arena.u32[this.address(i) >>> 2]!
  }

  set(i: number, value: number): void {
    this.arena.u32[this.address(i) >>> 2] = value
  }

  push(value: number): void {
    const i = this.length
    this.resize(i + 1)
    this.set(i, value)
  }
}

/** A column of bytes. */
export class U8Column extends Column {
  constructor(arena: Arena) {
    super(arena, 0)
  }

  get(i: number): number {
    return this.arena.u8[this.address(i)]!
  }

  set(i: number, value: number): void {
    this.arena.u8[this.address(i)] = value
  }

  push(value: number): void {
    const i = this.length
    this.resize(i + 1)
    this.set(i, value)
  }
}

/** A column of 64-bit floating-point numbers. */
export class F64Column extends Column {
  constructor(arena: Arena) {
    super(arena, 3)
  }

  get(i: number): number {
    return this.arena.f64[this.address(i) >>> 3]!
  }

  set(i: number, value: number): void {
    this.arena.f64[this.address(i) >>> 3] = value
  }

  push(value: number): void {
    const i = this.length
    this.resize(i + 1)
    this.set(i, value)
  }
}
