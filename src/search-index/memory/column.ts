import type { Arena } from './arena.ts'

/** Columns lie in chunks of so many bytes, so that a growing one is never copied. */
const CHUNK_SHIFT = 14

/** Where a column lies, for a snapshot. */
export type ColumnState = readonly [table: number, tableRoom: number, length: number, room: number]

/**
 * A growable list of items of one size in an arena: a table of chunks, each of 16 KiB. Only the first chunk may be smaller,
 * for the sake of small indexes.
 */
export class Column {
  readonly arena: Arena
  /** Address of the table; moves when the column grows. */
  table = 0
  #tableRoom = 0
  #length = 0
  /** How many items there is room for. */
  #room = 0
  readonly #itemShift: number
  readonly #chunkShift: number
  readonly #mask: number

  /** `itemShift`: an item has two to the power of so many bytes, 0 to 4. */
  constructor(arena: Arena, itemShift: number) {
    this.arena = arena
    this.#itemShift = itemShift
    this.#chunkShift = CHUNK_SHIFT - itemShift
    this.#mask = (1 << this.#chunkShift) - 1
  }

  get length(): number {
    return this.#length
  }

  /** Items in one chunk. */
  get chunkItems(): number {
    return this.#mask + 1
  }

  /** The address of an item below `length`; valid until the next growth of this column while it has one chunk. */
  address(i: number): number {
    return this.arena.u32[(this.table >>> 2) + (i >>> this.#chunkShift)]! + ((i & this.#mask) << this.#itemShift)
  }

  /** Makes room so that the column has a length; what is new is arbitrary. */
  resize(length: number): void {
    while (this.#room < length) this.#grow(length)
    this.#length = length
  }

  /** Lets go of everything; the column is empty then. */
  free(): void {
    const { arena } = this
    for (let item = 0; item < this.#room; item += this.#mask + 1) {
      const bytes = Math.min(this.#room, this.#mask + 1) << this.#itemShift
      arena.free(arena.u32[(this.table >>> 2) + (item >>> this.#chunkShift)]!, bytes)
    }
    if (this.#tableRoom > 0) arena.free(this.table, this.#tableRoom * 4)
    this.table = 0
    this.#tableRoom = 0
    this.#length = 0
    this.#room = 0
  }

  state(): ColumnState {
    return [this.table, this.#tableRoom, this.#length, this.#room]
  }

  restore([table, tableRoom, length, room]: ColumnState): void {
    this.table = table
    this.#tableRoom = tableRoom
    this.#length = length
    this.#room = room
  }

  #grow(length: number): void {
    const { arena } = this
    if (this.#room <= this.#mask) {
      this.#growFirst(length)
      return
    }
    const chunks = this.#room >>> this.#chunkShift
    if (chunks === this.#tableRoom) {
      const table = arena.alloc(chunks * 8)
      arena.u8.copyWithin(table, this.table, this.table + chunks * 4)
      arena.free(this.table, chunks * 4)
      this.table = table
      this.#tableRoom = chunks * 2
    }
    const chunk = arena.alloc(1 << CHUNK_SHIFT)
    arena.u32[(this.table >>> 2) + chunks] = chunk
    this.#room += this.#mask + 1
  }

  #growFirst(length: number): void {
    const { arena } = this
    const room = Math.min(Math.max(16, this.#room * 2, length), this.#mask + 1)
    const chunk = arena.alloc(room << this.#itemShift)
    if (this.#tableRoom === 0) {
      this.#tableRoom = 2
      this.table = arena.alloc(8)
    } else {
      const old = arena.u32[this.table >>> 2]!
      arena.u8.copyWithin(chunk, old, old + (this.#room << this.#itemShift))
      arena.free(old, this.#room << this.#itemShift)
    }
    arena.u32[this.table >>> 2] = chunk
    this.#room = room
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

/** A column of numbers of any kind. */
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
