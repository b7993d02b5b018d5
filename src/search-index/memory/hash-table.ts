import type { Arena } from './arena.ts'

/** The keys of a hash table, which stores only their ids. */
export type HashedKeys = {
  /** The hash with which an id was added. */
  hashOf(id: number): number
  /** True when the key of an id equals the probe: the key of the current lookup. */
  equalsProbe(id: number): boolean
}

/** Address and depth, for a snapshot. */
export type HashTableState = readonly [directory: number, depth: number]

// A segment consists of a header (words: depth, count, capacity, unused), entries (the id plus one; 0 is free) and for each
// entry a fingerprint: 8 bits of the hash, which avoid most comparisons of keys.
const HEADER_BYTES = 16
const DEPTH = 0
const COUNT = 1
const CAPACITY = 2
const CAPACITY_FIRST = 8
/** Including its header, a segment of this capacity fills a size class of the arena. */
const CAPACITY_MAX = 1020
/** The maximum depth of the directory. Beyond it segments grow instead, so that colliding keys cannot inflate it. */
const DEPTH_MAX = 20
/** The load factor above which a segment is split or grows. */
const LOAD_MAX = 0.8

function bytesFor(capacity: number): number {
  return HEADER_BYTES + 5 * capacity
}

/**
 * An extendible hash table: a directory of segments with linear probing, each of which is split in two when it is full. It
 * grows by one segment at a time, so that no insertion rehashes the whole table.
 */
export class HashTable {
  readonly #arena: Arena
  readonly #keys: HashedKeys
  #directory = 0
  #depth = 0

  constructor(arena: Arena, keys: HashedKeys) {
    this.#arena = arena
    this.#keys = keys
  }

  /** Returns the id whose key equals the probe, -1 when there is none. */
  find(hash: number): number {
    if (this.#directory === 0) return -1
    const { u8, u32 } = this.#arena
    const segment = this.#segmentOf(hash)
    const capacity = u32[(segment >>> 2) + CAPACITY]!
    const entries = (segment + HEADER_BYTES) >>> 2
    const fingerprints = segment + HEADER_BYTES + capacity * 4
    const fingerprint = fingerprintOf(hash)
    for (let at = homeOf(hash, capacity); ; at = at + 1 === capacity ? 0 : at + 1) {
      const entry = u32[entries + at]!
      if (entry === 0) return -1
      if (u8[fingerprints + at] === fingerprint && this.#keys.equalsProbe(entry - 1)) return entry - 1
    }
  }

  /** Adds an id, which must not be present. */
  add(hash: number, id: number): void {
    if (this.#directory === 0) {
      this.#directory = this.#arena.alloc(4)
      const first = this.#newSegment(CAPACITY_FIRST, 0)
      this.#arena.u32[this.#directory >>> 2] = first
    }
    for (;;) {
      const segment = this.#segmentOf(hash)
      const { u32 } = this.#arena
      const count = u32[(segment >>> 2) + COUNT]!
      const capacity = u32[(segment >>> 2) + CAPACITY]!
      if (count < capacity * LOAD_MAX) {
        this.#put(segment, hash, id)
        return
      }
      this.#grow(segment, hash)
    }
  }

  /** Removes an id that was added with this hash. */
  remove(hash: number, id: number): void {
    const { u8, u32 } = this.#arena
    const segment = this.#segmentOf(hash)
    const capacity = u32[(segment >>> 2) + CAPACITY]!
    const entries = (segment + HEADER_BYTES) >>> 2
    const fingerprints = segment + HEADER_BYTES + capacity * 4
    let hole = homeOf(hash, capacity)
    while (u32[entries + hole] !== id + 1) hole = (hole + 1) % capacity
    // Backward-shift deletion: moves up the entries that were displaced past the hole.
    for (let at = (hole + 1) % capacity; u32[entries + at] !== 0; at = (at + 1) % capacity) {
      const home = homeOf(this.#keys.hashOf(u32[entries + at]! - 1), capacity)
      if ((at - home + capacity) % capacity < (at - hole + capacity) % capacity) continue
      u32[entries + hole] = u32[entries + at]!
      u8[fingerprints + hole] = u8[fingerprints + at]!
      hole = at
    }
    u32[entries + hole] = 0
    u32[(segment >>> 2) + COUNT]!--
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

  #newSegment(capacity: number, depth: number): number {
    const segment = this.#arena.allocZeroed(bytesFor(capacity))
    const { u32 } = this.#arena
    u32[(segment >>> 2) + DEPTH] = depth
    u32[(segment >>> 2) + CAPACITY] = capacity
    return segment
  }

  #put(segment: number, hash: number, id: number): void {
    const { u8, u32 } = this.#arena
    const capacity = u32[(segment >>> 2) + CAPACITY]!
    const entries = (segment + HEADER_BYTES) >>> 2
    let at = homeOf(hash, capacity)
    while (u32[entries + at] !== 0) at = at + 1 === capacity ? 0 : at + 1
    u32[entries + at] = id + 1
    u8[segment + HEADER_BYTES + capacity * 4 + at] = fingerprintOf(hash)
    u32[(segment >>> 2) + COUNT]!++
  }

  #grow(segment: number, hash: number): void {
    const { u32 } = this.#arena
    const depth = u32[(segment >>> 2) + DEPTH]!
    const capacity = u32[(segment >>> 2) + CAPACITY]!
    if (capacity < CAPACITY_MAX || depth >= DEPTH_MAX) {
      const larger = this.#newSegment(depth >= DEPTH_MAX ? capacity * 2 : Math.min(capacity * 2, CAPACITY_MAX), depth)
      this.#redirect(hash, depth, () => larger)
      this.#moveEntries(segment, () => larger)
      return
    }
    if (depth === this.#depth) this.#doubleDirectory()
    const halves = [this.#newSegment(capacity, depth + 1), this.#newSegment(capacity, depth + 1)] as const
    const halfFor = (bits: number) => halves[(bits >>> depth) & 1] as number
    this.#redirect(hash, depth, halfFor)
    this.#moveEntries(segment, halfFor)
  }

  /** Redirects all directory entries of a hash's segment. */
  #redirect(hash: number, depth: number, target: (entry: number) => number): void {
    const { u32 } = this.#arena
    const step = 2 ** depth
    for (let entry = hash & (step - 1); entry < 2 ** this.#depth; entry += step) {
      u32[(this.#directory >>> 2) + entry] = target(entry)
    }
  }

  /** Moves all entries of a segment to others and frees it. */
  #moveEntries(segment: number, target: (hash: number) => number): void {
    const { u32 } = this.#arena
    const capacity = u32[(segment >>> 2) + CAPACITY]!
    for (let at = 0; at < capacity; at++) {
      const entry = u32[((segment + HEADER_BYTES) >>> 2) + at]!
      if (entry === 0) continue
      const hash = this.#keys.hashOf(entry - 1)
      this.#put(target(hash), hash, entry - 1)
    }
    this.#arena.free(segment, bytesFor(capacity))
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

function homeOf(hash: number, capacity: number): number {
  return capacity <= CAPACITY_MAX ? ((hash >>> 22) * capacity) >>> 10 : (hash >>> 8) % capacity
}

function fingerprintOf(hash: number): number {
  return (hash >>> 14) & 0xff
}
