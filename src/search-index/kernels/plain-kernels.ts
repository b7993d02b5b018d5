import {
  BLOCK_BYTES,
  BLOCK_SHIFT,
  BLOCK_SLOTS,
  BLOCKED_OPERAND,
  ENTRY_WORDS,
  ID_KIND,
  JOB,
  JOB_WORDS,
  OPERATION,
  PIECE_KIND,
  PIECE_WORDS,
  SPECIAL_TEXT,
  TABLES,
} from './abi.ts'
import type { ArenaViews, Kernels } from './kernels.ts'

// The kernels in plain TypeScript: for small indexes, for runtimes without the fast ones, and to hold those to.

/** Words of a block. */
const WORDS = BLOCK_BYTES / 4

/** Gives the plain kernels over an arena. */
export function plainKernels(arena: ArenaViews): Kernels {
  return {
    isFast: false,
    check: (...args) => check(arena, ...args),
    evaluate: (...args) => evaluate(arena, ...args),
    filterNames: (...args) => filterNames(arena, ...args),
    writePage: (...args) => writePage(arena, ...args),
  }
}

function u32At({ u32 }: ArenaViews, table: number, i: number): number {
  return u32[(u32[(table >>> 2) + (i >>> 12)]! >>> 2) + (i & 4095)]!
}

function u8At({ u8, u32 }: ArenaViews, table: number, i: number): number {
  return u8[u32[(table >>> 2) + (i >>> 14)]! + (i & 16_383)]!
}

/** The address of an item of 16 bytes. */
function wideAt({ u32 }: ArenaViews, table: number, i: number): number {
  return u32[(table >>> 2) + (i >>> 10)]! + ((i & 1023) << 4)
}

function popcount(word: number): number {
  let bits = word - ((word >>> 1) & 0x5555_5555)
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
}

// ------------------------------------------------------------------------------------------------------ single resources

type CheckArgs = Parameters<Kernels['check']>

function holds(arena: ArenaViews, layout: number, slot: number, masks: readonly number[]): boolean {
  const { u32 } = arena
  const [need = 0, bar = 0, notAll = 0, withKeys = 0] = masks
  const at = layout >>> 2
  const run = u32At(arena, u32[at + TABLES.tagLists]!, slot) >>> 2
  const length = u8At(arena, u32[at + TABLES.tagCounts]!, slot)
  let marked = 0
  for (let i = 0; i < length; i++) {
    const term = u32[run + i]!
    marked |= u32At(arena, u32[at + TABLES.marks]!, term)
    if (withKeys) marked |= u32At(arena, u32[at + TABLES.marks]!, u32At(arena, u32[at + TABLES.parents]!, term))
  }
  return (marked & need) === need && (marked & bar) === 0 && (notAll === 0 || (marked & notAll) !== notAll)
}

function check(arena: ArenaViews, ...args: CheckArgs): number {
  const [layout, list, count, need, bar, notAll, withKeys, offset, limit, out] = args
  const { u32 } = arena
  const masks = [need, bar, notAll, withKeys]
  let total = 0
  for (let i = 0; i < count; i++) {
    const slot = u32[(list >>> 2) + i]!
    if (!holds(arena, layout, slot, masks)) continue
    if (total >= offset && total - offset < limit) u32[(out >>> 2) + total - offset] = slot
    total++
  }
  return total
}

// -------------------------------------------------------------------------------------------------------------- programs

/** Calls back with the places in a block of an operand's members, in ascending order; gives false when there are none. */
function eachPlace(arena: ArenaViews, entry: number, block: number, take: (place: number) => void): boolean {
  const { u16, u32 } = arena
  const operand = u32[entry + 1]!
  const length = u32[entry + 2]!
  const before = block << BLOCK_SHIFT
  if ((u32[entry]! & BLOCKED_OPERAND) === 0) {
    let cursor = u32[entry + 3]!
    while (cursor < length && u32[(operand >>> 2) + cursor]! < before) cursor++
    const first = cursor
    for (; cursor < length && u32[(operand >>> 2) + cursor]! - before < BLOCK_SLOTS; cursor++) {
      take(u32[(operand >>> 2) + cursor]! - before)
    }
    u32[entry + 3] = cursor
    return cursor > first
  }
  const container = (operand >>> 2) + block * 2
  const members = block < length ? u32[container]! : 0
  if (members === 0) return false
  const isList = u32[container + 1]! >>> 16 > 0
  if (isList) {
    const count = u32[container + 1]! & 0xffff
    for (let i = 0; i < count; i++) take(u16[(members >>> 1) + i]!)
    return true
  }
  for (let i = 0; i < WORDS; i++) {
    for (let word = u32[(members >>> 2) + i]!; word !== 0; word &= word - 1) {
      take((i << 5) + (31 - Math.clz32(word & -word)))
    }
  }
  return true
}

/** Three sets of places of one block, each as words. */
type Registers = { result: Uint32Array; spare: Uint32Array; other: Uint32Array }

function evaluateBlock(
  arena: ArenaViews,
  program: number,
  entries: number,
  block: number,
  registers: Registers,
): boolean {
  const { result, spare, other } = registers
  const load = (entry: number, into: Uint32Array) => {
    into.fill(0)
    return unite(entry, into)
  }
  const unite = (entry: number, into: Uint32Array) =>
    eachPlace(arena, entry, block, (place) => {
      into[place >>> 5]! |= 1 << (place & 31)
    })
  const intersect = (into: Uint32Array, from: Uint32Array) => {
    for (let i = 0; i < WORDS; i++) into[i]! &= from[i]!
  }
  for (let i = 0; i < entries; i++) {
    const entry = (program >>> 2) + i * ENTRY_WORDS
    switch (arena.u32[entry]! & 0xff) {
      case OPERATION.load:
        if (!load(entry, result)) return false
        break
      case OPERATION.and:
        if (!load(entry, spare)) return false
        intersect(result, spare)
        break
      case OPERATION.andNot:
        eachPlace(arena, entry, block, (place) => {
          result[place >>> 5]! &= ~(1 << (place & 31))
        })
        break
      case OPERATION.clearUnion:
        spare.fill(0)
        break
      case OPERATION.orUnion:
        unite(entry, spare)
        break
      case OPERATION.andUnion:
        intersect(result, spare)
        break
      case OPERATION.loadUnion:
        result.set(spare)
        break
      case OPERATION.startNand:
        other.set(result)
        break
      case OPERATION.andNand:
        if (!load(entry, spare)) return true
        intersect(other, spare)
        break
      case OPERATION.andNandUnion:
        intersect(other, spare)
        break
      case OPERATION.subtractNand:
        for (let word = 0; word < WORDS; word++) result[word]! &= ~other[word]!
    }
  }
  return true
}

function evaluate(arena: ArenaViews, layout: number, jobs: number, count: number, blocks: number): void {
  const { u32 } = arena
  const first = u32[(layout >>> 2) + TABLES.registers]! >>> 2
  const [result, spare, other] = [0, 1, 2].map((n) => u32.subarray(first + n * WORDS, first + (n + 1) * WORDS))
  const registers = { result, spare, other } as Registers
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < count; i++) evaluateFor(arena, (jobs >>> 2) + i * JOB_WORDS, block, registers)
  }
}

/** Works one block out for the job at a word, and notes what it adds to the job's answer. */
function evaluateFor(arena: ArenaViews, job: number, block: number, registers: Registers): void {
  const { u32 } = arena
  if (!evaluateBlock(arena, u32[job + JOB.program]!, u32[job + JOB.entryCount]!, block, registers)) return
  const offset = u32[job + JOB.offset]!
  const limit = u32[job + JOB.limit]!
  const out = u32[job + JOB.out]! >>> 2
  let total = u32[job + JOB.total]!
  for (let i = 0; i < WORDS; i++) {
    let word = registers.result[i]!
    if (word === 0) continue
    const count = popcount(word)
    if (total + count <= offset || total - offset >= limit) {
      total += count
      continue
    }
    for (; word !== 0; word &= word - 1) {
      const place = total - offset
      if (place >= 0 && place < limit) {
        u32[out + place] = (block << BLOCK_SHIFT) + (i << 5) + (31 - Math.clz32(word & -word))
        u32[job + JOB.written] = place + 1
      }
      total++
    }
  }
  u32[job + JOB.total] = total
}

// ----------------------------------------------------------------------------------------------------------------- names

function foldedByte(byte: number): number {
  return byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte
}

function containsFolded(u8: Uint8Array, text: number, length: number, needle: number, needleLength: number): boolean {
  for (let from = 0; from + needleLength <= length; from++) {
    let same = 0
    while (same < needleLength && foldedByte(u8[text + from + same]!) === u8[needle + same]) same++
    if (same === needleLength) return true
  }
  return false
}

function filterNames(arena: ArenaViews, ...args: Parameters<Kernels['filterNames']>): number {
  const [layout, list, count, needle, needleLength, whole, out] = args
  const { u8, u32 } = arena
  const fits = (name: number) => {
    const head = u32[name >>> 2]!
    const length = (head & ~SPECIAL_TEXT) >>> 0
    if (whole) {
      if (length !== needleLength) return false
      for (let i = 0; i < length; i++) if (u8[name + 4 + i] !== u8[needle + i]) return false
      return true
    }
    if ((head & SPECIAL_TEXT) === 0) return containsFolded(u8, name + 4, length, needle, needleLength)
    const other = name + 4 + ((length + 3) & ~3)
    return containsFolded(u8, other + 4, u32[other >>> 2]!, needle, needleLength)
  }
  let kept = 0
  for (let i = 0; i < count; i++) {
    const slot = u32[(list >>> 2) + i]!
    if (!fits(u32At(arena, u32[(layout >>> 2) + TABLES.names]!, slot))) continue
    u32[(out >>> 2) + kept++] = slot
  }
  return kept
}

// ----------------------------------------------------------------------------------------------------------------- pages

const HEX = Uint8Array.from('0123456789abcdef', (char) => char.charCodeAt(0))
const IN07 = Uint8Array.from('in07', (char) => char.charCodeAt(0))
const DASH = 0x2d
const COMMA = 0x2c
/** In front of which byte of a UUID a dash stands. */
const DASHES = new Set([4, 6, 8, 10])

/** Writes what one resource is made of; every step gives the address after it, or 0 when there is no room. */
class PageWriter {
  readonly #arena: ArenaViews
  readonly #layout: number
  readonly #room: number

  constructor(arena: ArenaViews, layout: number, room: number) {
    this.#arena = arena
    this.#layout = layout
    this.#room = room
  }

  #table(name: keyof typeof TABLES): number {
    return this.#arena.u32[(this.#layout >>> 2) + TABLES[name]]!
  }

  copy(from: number, length: number, at: number): number {
    if (at === 0 || at + length > this.#room) return 0
    this.#arena.u8.copyWithin(at, from, from + length)
    return at + length
  }

  text(address: number, at: number): number {
    return this.copy(address + 4, (this.#arena.u32[address >>> 2]! & ~SPECIAL_TEXT) >>> 0, at)
  }

  id(slot: number, into: number): number {
    const { u8, u32 } = this.#arena
    const id = wideAt(this.#arena, this.#table('idBytes'), slot)
    const kind = u8At(this.#arena, this.#table('idKinds'), slot)
    if (kind === ID_KIND.text) return this.text(u32[id >>> 2]!, into)
    if (into + 36 > this.#room) return 0
    let at = into
    for (let i = 0; i < 16; i++) {
      if (kind === ID_KIND.uuid && DASHES.has(i)) u8[at++] = DASH
      u8[at++] = HEX[u8[id + i]! >>> 4]!
      u8[at++] = HEX[u8[id + i]! & 15]!
    }
    if (kind === ID_KIND.in07) u8.set(IN07, at)
    return into + 36
  }

  name(slot: number, at: number): number {
    return this.text(u32At(this.#arena, this.#table('names'), slot), at)
  }

  detail(slot: number, at: number): number {
    const detail = u32At(this.#arena, this.#table('detailOf'), slot)
    return this.text(u32At(this.#arena, this.#table('renderedDetails'), detail), at)
  }

  tags(slot: number, words: number, into: number): number {
    const arena = this.#arena
    const run = u32At(arena, this.#table('tagLists'), slot) >>> 2
    const length = u8At(arena, this.#table('tagCounts'), slot)
    let at = into
    for (let i = 0; i < length; i++) {
      const term = arena.u32[run + i]!
      at = i === 0 ? this.copy(words + 1, 8, at) : this.copy(words, 9, at)
      at = this.text(u32At(arena, this.#table('termTexts'), u32At(arena, this.#table('parents'), term)), at)
      at = this.copy(words + 16, 11, at)
      at = this.text(u32At(arena, this.#table('termTexts'), term), at)
      at = this.copy(words + 32, 2, at)
      if (at === 0) return 0
    }
    return at
  }
}

function writePage(arena: ArenaViews, ...args: Parameters<Kernels['writePage']>): number {
  const [layout, slots, count, pieces, piecesCount, out, room] = args
  const { u8, u32 } = arena
  const writer = new PageWriter(arena, layout, room)
  const write = (piece: number, slot: number, at: number): number => {
    switch (u32[piece]) {
      case PIECE_KIND.literal:
        return writer.copy(u32[piece + 1]!, u32[piece + 2]!, at)
      case PIECE_KIND.id:
        return writer.id(slot, at)
      case PIECE_KIND.name:
        return writer.name(slot, at)
      case PIECE_KIND.detail:
        return writer.detail(slot, at)
      default:
        return writer.tags(slot, u32[piece + 1]!, at)
    }
  }
  let at = out
  for (let i = 0; i < count; i++) {
    if (i > 0) {
      if (at >= room) return 0
      u8[at++] = COMMA
    }
    for (let p = 0; p < piecesCount; p++) {
      at = write((pieces >>> 2) + p * PIECE_WORDS, u32[(slots >>> 2) + i]!, at)
      if (at === 0) return 0
    }
  }
  return at
}
