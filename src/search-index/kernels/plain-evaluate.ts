import { capacityOf, countOf, membersOf } from '../container-format.ts'
import {
  BLOCK_BYTES,
  BLOCK_SHIFT,
  BLOCK_SLOTS,
  BLOCKED_OPERAND,
  CONTAINER_BYTES,
  ENTRY,
  ENTRY_WORDS,
  JOB,
  JOB_WORDS,
  NAMED_REGISTERS,
  OPERATION,
  OPERATION_MASK,
  TABLES,
} from './abi.ts'
import type { ArenaViews } from './kernels.ts'

/** Words of a bitmap of one block. */
const WORDS = BLOCK_BYTES / 4
/** In place of a container's address, which is never below 16. */
const NO_MEMBERS = 0
const LIST = -1

/** Bitmaps of one block; see `OPERATION`. */
type Registers = {
  readonly result: Uint32Array
  readonly union: Uint32Array
  readonly nand: Uint32Array
  readonly saved: (n: number) => Uint32Array
}

/** into |= operand. Returns false when the operand is empty. */
function orOperand(arena: ArenaViews, entry: number, block: number, into: Uint32Array): boolean {
  const container = containerOf(arena, entry, block)
  if (container > 0 && capacityOf(arena, container) === 0) {
    const first = membersOf(arena, container) >>> 2
    for (let i = 0; i < WORDS; i++) into[i]! |= arena.u32[first + i]!
    return true
  }
  return forEachOffset(arena, entry, block, container, (offset) => {
    into[offset >>> 5]! |= 1 << (offset & 31)
  })
}

/** into &= ~operand */
function andNotOperand(arena: ArenaViews, entry: number, block: number, into: Uint32Array): void {
  const container = containerOf(arena, entry, block)
  if (container > 0 && capacityOf(arena, container) === 0) {
    const first = membersOf(arena, container) >>> 2
    for (let i = 0; i < WORDS; i++) into[i]! &= ~arena.u32[first + i]!
    return
  }
  forEachOffset(arena, entry, block, container, (offset) => {
    into[offset >>> 5]! &= ~(1 << (offset & 31))
  })
}

/** The container of an operand in a block: `NO_MEMBERS` when it is empty, `LIST` when the operand is a list. */
function containerOf(arena: ArenaViews, entry: number, block: number): number {
  const { u32 } = arena
  if ((u32[entry + ENTRY.operation]! & BLOCKED_OPERAND) === 0) return LIST
  const container = u32[entry + ENTRY.address]! + block * CONTAINER_BYTES
  return block >= u32[entry + ENTRY.length]! || membersOf(arena, container) === 0 ? NO_MEMBERS : container
}

/** Calls back with the offset of each member of a list or an array. Returns false when there are none. */
function forEachOffset(
  arena: ArenaViews,
  entry: number,
  block: number,
  container: number,
  take: (offset: number) => void,
): boolean {
  if (container === NO_MEMBERS) return false
  const { u16, u32 } = arena
  if (container !== LIST) {
    const members = membersOf(arena, container) >>> 1
    const count = countOf(arena, container)
    for (let i = 0; i < count; i++) take(u16[members + i]!)
    return true
  }
  const list = u32[entry + ENTRY.address]! >>> 2
  const length = u32[entry + ENTRY.length]!
  const firstSlot = block << BLOCK_SHIFT
  let cursor = u32[entry + ENTRY.cursor]!
  while (cursor < length && u32[list + cursor]! < firstSlot) cursor++
  const start = cursor
  for (; cursor < length && u32[list + cursor]! - firstSlot < BLOCK_SLOTS; cursor++) {
    take(u32[list + cursor]! - firstSlot)
  }
  u32[entry + ENTRY.cursor] = cursor
  return cursor > start
}

/** Runs a program on one block. Returns false when the result is empty and the result register was not written. */
function evaluateBlock(
  arena: ArenaViews,
  program: number,
  entryCount: number,
  block: number,
  registers: Registers,
): boolean {
  const { result, union, nand } = registers
  const load = (entry: number, into: Uint32Array) => {
    into.fill(0)
    return orOperand(arena, entry, block, into)
  }
  for (let i = 0; i < entryCount; i++) {
    const entry = (program >>> 2) + i * ENTRY_WORDS
    switch (arena.u32[entry + ENTRY.operation]! & OPERATION_MASK) {
      case OPERATION.load:
        if (!load(entry, result)) return false
        break
      case OPERATION.and:
        if (!load(entry, union)) return false
        and(result, union)
        break
      case OPERATION.andNot:
        andNotOperand(arena, entry, block, result)
        break
      case OPERATION.clearUnion:
        union.fill(0)
        break
      case OPERATION.orUnion:
        orOperand(arena, entry, block, union)
        break
      case OPERATION.andUnion:
        and(result, union)
        break
      case OPERATION.loadUnion:
        result.set(union)
        break
      case OPERATION.startNand:
        nand.set(result)
        break
      case OPERATION.andNand:
        if (!load(entry, union)) return true
        and(nand, union)
        break
      case OPERATION.andNandUnion:
        and(nand, union)
        break
      case OPERATION.subtractNand:
        for (let word = 0; word < WORDS; word++) result[word]! &= ~nand[word]!
        break
      default:
        evaluatePart(arena, entry, block, registers)
    }
  }
  return true
}

/** Runs an operation from `put` on: it computes a part of a result, so an empty one does not end the program. */
function evaluatePart(arena: ArenaViews, entry: number, block: number, { result, union, saved }: Registers): void {
  const operation = arena.u32[entry + ENTRY.operation]! & OPERATION_MASK
  switch (operation) {
    case OPERATION.put:
      result.fill(0)
      orOperand(arena, entry, block, result)
      return
    case OPERATION.meet:
      union.fill(0)
      orOperand(arena, entry, block, union)
      and(result, union)
      return
    case OPERATION.join:
      orOperand(arena, entry, block, result)
      return
    case OPERATION.cut:
      andNotOperand(arena, entry, block, result)
      return
  }
  const other = saved(arena.u32[entry + ENTRY.address]!)
  switch (operation) {
    case OPERATION.save:
      other.set(result)
      return
    case OPERATION.meetSaved:
      and(result, other)
      return
    case OPERATION.joinSaved:
      for (let word = 0; word < WORDS; word++) result[word]! |= other[word]!
      return
    case OPERATION.cutSaved:
      for (let word = 0; word < WORDS; word++) result[word]! &= ~other[word]!
      return
    case OPERATION.cutFromSaved:
      for (let word = 0; word < WORDS; word++) result[word] = other[word]! & ~result[word]!
  }
}

function and(into: Uint32Array, from: Uint32Array): void {
  for (let i = 0; i < WORDS; i++) into[i]! &= from[i]!
}

export function evaluate(arena: ArenaViews, tables: number, jobs: number, count: number, blocks: number): void {
  const { u32 } = arena
  const first = u32[(tables >>> 2) + TABLES.registers]! >>> 2
  const register = (n: number) => u32.subarray(first + n * WORDS, first + (n + 1) * WORDS)
  const registers: Registers = {
    result: register(0),
    union: register(1),
    nand: register(2),
    saved: (n) => register(NAMED_REGISTERS + n),
  }
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < count; i++) evaluateJob(arena, (jobs >>> 2) + i * JOB_WORDS, block, registers)
  }
}

/** Runs a job on one block: adds to its total and stores the slots that belong to its page. `job` counts words. */
function evaluateJob(arena: ArenaViews, job: number, block: number, registers: Registers): void {
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
      const position = total - offset
      if (position >= 0 && position < limit) {
        u32[out + position] = (block << BLOCK_SHIFT) + (i << 5) + (31 - Math.clz32(word & -word))
        u32[job + JOB.written] = position + 1
      }
      total++
    }
  }
  u32[job + JOB.total] = total
}

function popcount(word: number): number {
  let bits = word - ((word >>> 1) & 0x5555_5555)
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
}
