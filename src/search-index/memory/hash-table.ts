import type { Arena } from './arena.ts'

/** Whose numbers a hash index holds. */
export type HashedKeys = {
  /** The hash under which a number was added. */
  hashOf(id: number): number
  /** Says whether a number is the one that is looked for now. */
  isSought(id: number): boolean
}

/** Where it lies, for a snapshot. */
export type HashTableState = readonly [directory: number, depth: number]

// A segment: its depth, how many it holds and how many it has room for, a spare word, the numbers plus one (0: free), and
// for each eight bits of its hash, which spare most looks at what is behind a number.
const HEAD_BYTES = 16
const ROOM_FIRST = 8
/** With its head a segment of so many fills a block of the arena. */
const ROOM_MAX = 1020
/** A segment is split no further than so many bits tell apart; it grows from there on, as with texts made to collide. */
const DEPTH_MAX = 20

function bytesFor(room: number): number {
  return HEAD_BYTES + 5 * room
}

/**
 * Finds numbers by the hash of what they stand for: a directory of segments, each split in two when it is full. So it
 * grows a little at a time, and never all of it at once.
 */
export class HashTable {
  readonly #arena: Arena
  readonly #owner: HashedKeys
  #directory = 0
  #depth = 0

  constructor(arena: Arena, owner: HashedKeys) {
    this.#arena = arena
    this.#owner = owner
  }

  /** Gives the number that the owner is looking for, -1 when it is not there. */
  find(hash: number): number {
    if (this.#directory === 0) return -1
    const { u8, u32 } = this.#arena
    const segment = this.#segmentOf(hash)
    const room = u32[(segment >>> 2) + 2]!
    const entries = (segment + HEAD_BYTES) >>> 2
    const tags = segment + HEAD_BYTES + room * 4
    const tag = tagOf(hash)
    for (let at = homeOf(hash, room); ; at = at + 1 === room ? 0 : at + 1) {
      const entry = u32[entries + at]!
      if (entry === 0) return -1
      if (u8[tags + at] === tag && this.#owner.isSought(entry - 1)) return entry - 1
    }
  }

  /** Adds a number that is not there yet. */
  add(hash: number, id: number): void {
    if (this.#directory === 0) {
      this.#directory = this.#arena.alloc(4)
      const first = this.#newSegment(ROOM_FIRST, 0)
      this.#arena.u32[this.#directory >>> 2] = first
    }
    for (;;) {
      const segment = this.#segmentOf(hash)
      const { u32 } = this.#arena
      const count = u32[(segment >>> 2) + 1]!
      const room = u32[(segment >>> 2) + 2]!
      if (count < room * 0.8) {
        this.#put(segment, hash, id)
        return
      }
      this.#makeRoom(segment, hash)
    }
  }

  /** Takes a number out that was added with this hash. */
  remove(hash: number, id: number): void {
    const { u8, u32 } = this.#arena
    const segment = this.#segmentOf(hash)
    const room = u32[(segment >>> 2) + 2]!
    const entries = (segment + HEAD_BYTES) >>> 2
    const tags = segment + HEAD_BYTES + room * 4
    let hole = homeOf(hash, room)
    while (u32[entries + hole] !== id + 1) hole = (hole + 1) % room
    // Whoever was put further on because this place was taken moves up.
    for (let at = (hole + 1) % room; u32[entries + at] !== 0; at = (at + 1) % room) {
      const home = homeOf(this.#owner.hashOf(u32[entries + at]! - 1), room)
      if ((at - home + room) % room < (at - hole + room) % room) continue
      u32[entries + hole] = u32[entries + at]!
      u8[tags + hole] = u8[tags + at]!
      hole = at
    }
    u32[entries + hole] = 0
    u32[(segment >>> 2) + 1]!--
  }

  state(): HashTableState {
    return [this.#directory, this.#depth]
  }

  restore([directory, depth]: HashTableState): void {
    this.#directory = directory
    this.#depth = depth
  }

  #segmentOf(hash: number): number {
    return this.#arena.u32[(this.#directory >>> 2) + (hash & (2 ** this.#depth - 1))]!
  }

  #newSegment(room: number, depth: number): number {
    const segment = this.#arena.allocZeroed(bytesFor(room))
    const { u32 } = this.#arena
    u32[segment >>> 2] = depth
    u32[(segment >>> 2) + 2] = room
    return segment
  }

  #put(segment: number, hash: number, id: number): void {
    const { u8, u32 } = this.#arena
    const room = u32[(segment >>> 2) + 2]!
    const entries = (segment + HEAD_BYTES) >>> 2
    let at = homeOf(hash, room)
    while (u32[entries + at] !== 0) at = at + 1 === room ? 0 : at + 1
    u32[entries + at] = id + 1
    u8[segment + HEAD_BYTES + room * 4 + at] = tagOf(hash)
    u32[(segment >>> 2) + 1]!++
  }

  #makeRoom(segment: number, hash: number): void {
    const { u32 } = this.#arena
    const depth = u32[segment >>> 2]!
    const room = u32[(segment >>> 2) + 2]!
    if (room < ROOM_MAX || depth >= DEPTH_MAX) {
      const larger = this.#newSegment(depth >= DEPTH_MAX ? room * 2 : Math.min(room * 2, ROOM_MAX), depth)
      this.#point(hash, depth, () => larger)
      this.#empty(segment, () => larger)
      return
    }
    if (depth === this.#depth) this.#doubleDirectory()
    const halves = [this.#newSegment(room, depth + 1), this.#newSegment(room, depth + 1)] as const
    const halfOf = (bits: number) => halves[(bits >>> depth) & 1] as number
    this.#point(hash, depth, halfOf)
    this.#empty(segment, halfOf)
  }

  /** Lets every place of the directory that leads to the segment of a hash lead elsewhere. */
  #point(hash: number, depth: number, target: (place: number) => number): void {
    const { u32 } = this.#arena
    const step = 2 ** depth
    for (let place = hash & (step - 1); place < 2 ** this.#depth; place += step) {
      u32[(this.#directory >>> 2) + place] = target(place)
    }
  }

  /** Moves all that a segment holds to others, and lets go of it. */
  #empty(segment: number, target: (hash: number) => number): void {
    const { u32 } = this.#arena
    const room = u32[(segment >>> 2) + 2]!
    for (let at = 0; at < room; at++) {
      const entry = u32[((segment + HEAD_BYTES) >>> 2) + at]!
      if (entry === 0) continue
      const hash = this.#owner.hashOf(entry - 1)
      this.#put(target(hash), hash, entry - 1)
    }
    this.#arena.free(segment, bytesFor(room))
  }

  #doubleDirectory(): void {
    const bytes = 4 * 2 ** this.#depth
    const directory = this.#arena.alloc(bytes * 2)
    const { u8 } = this.#arena
    u8.copyWithin(directory, this.#directory, this.#directory + bytes)
    u8.copyWithin(directory + bytes, this.#directory, this.#directory + bytes)
    this.#arena.free(this.#directory, bytes)
    this.#directory = directory
    this.#depth++
  }
}

function homeOf(hash: number, room: number): number {
  return room <= ROOM_MAX ? ((hash >>> 22) * room) >>> 10 : (hash >>> 8) % room
}

function tagOf(hash: number): number {
  return (hash >>> 14) & 0xff
}
