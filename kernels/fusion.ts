import {
  ENTRY_BYTES, ENTRY_OPERATION, OPERATION_AND_NOT, OPERATION_AND_UNION, OPERATION_LOAD, OPERATION_LOAD_UNION,
  OPERATION_MASK, OPERATION_OR_UNION,
} from './abi'
import { andBlocks, andFour, andOr, andTwo, copyBlock, orFour, orFourMore } from './bitmaps'
import { bitmapOf, loadOperand, orOperand } from './operands'

// Several entries of a program in one pass over memory: each bitmap is read once, up to four at a time.

/** How many entries the last `fuseEntries` combined, and how many members it left. */
export let fusedEntries: u32 = 0
export let fusedCount: u32 = 0

/**
 * Combines up to four LOAD, AND and AND_NOT entries from `from` on whose operands are bitmaps in this block. Returns false,
 * without effect, when there are fewer than two bitmaps to combine.
 */
export function fuseEntries(program: usize, from: u32, entryCount: u32, block: u32, result: usize): bool {
  const loads = (load<u32>(program + <usize>from * ENTRY_BYTES, ENTRY_OPERATION) & OPERATION_MASK) == OPERATION_LOAD
  let a: usize = loads ? 0 : result
  let b: usize = 0
  let c: usize = 0
  let d: usize = 0
  let notB: u32 = 0
  let notC: u32 = 0
  let notD: u32 = 0
  let at = from
  for (; at < entryCount && d == 0; at++) {
    const entry = program + <usize>at * ENTRY_BYTES
    const operation = load<u32>(entry, ENTRY_OPERATION) & OPERATION_MASK
    if (operation > OPERATION_AND_NOT || (operation == OPERATION_LOAD && at > from)) break
    const bitmap = bitmapOf(entry, block)
    if (bitmap == 0) break
    const not: u32 = operation == OPERATION_AND_NOT ? 0xffffffff : 0
    if (a == 0) a = bitmap
    else if (b == 0) {
      b = bitmap
      notB = not
    } else if (c == 0) {
      c = bitmap
      notC = not
    } else {
      d = bitmap
      notD = not
    }
  }
  if (b == 0) return false
  fusedEntries = at - from
  fusedCount =
    c == 0 ? andTwo(result, a, b, notB) : andFour(result, a, b, c, d == 0 ? a : d, notB, notC, d == 0 ? 0 : notD)
  return true
}

/** The index of the entry that consumed the last union. */
export let unionEnd: u32 = 0

/**
 * Computes the union whose OR_UNION entries begin at `start`, and runs the entry that follows them: LOAD_UNION and AND_UNION
 * write `result`, AND_NAND_UNION computes nand = from & union. Lists and arrays are collected in `union`. Returns false,
 * without effect, when the union is empty.
 */
export function applyUnion(
  program: usize, start: u32, block: u32, result: usize, union: usize, nand: usize, from: usize,
): bool {
  let a: usize = 0
  let b: usize = 0
  let c: usize = 0
  let d: usize = 0
  let isUsed = false
  let at = start
  let operation: u32 = 0
  for (; ; at++) {
    const entry = program + <usize>at * ENTRY_BYTES
    operation = load<u32>(entry, ENTRY_OPERATION) & OPERATION_MASK
    if (operation != OPERATION_OR_UNION) break
    const bitmap = bitmapOf(entry, block)
    if (bitmap == 0) {
      if (isUsed) orOperand(entry, block, union)
      else isUsed = loadOperand(entry, block, union)
      continue
    }
    if (d != 0) {
      if (isUsed) orFourMore(union, a, b, c, d)
      else orFour(union, a, b, c, d)
      isUsed = true
      a = bitmap
      b = c = d = 0
    } else if (a == 0) a = bitmap
    else if (b == 0) b = bitmap
    else if (c == 0) c = bitmap
    else d = bitmap
  }
  unionEnd = at
  if (isUsed) {
    if (d != 0) {
      orFourMore(union, a, b, c, d)
      a = union
      b = c = d = 0
    } else if (a == 0) a = union
    else if (b == 0) b = union
    else if (c == 0) c = union
    else d = union
  }
  if (a == 0) return false
  if (b == 0) {
    if (operation == OPERATION_LOAD_UNION) copyBlock(result, a)
    else if (operation == OPERATION_AND_UNION) andBlocks(result, result, a)
    else andBlocks(nand, from, a)
    return true
  }
  if (c == 0) c = b
  if (d == 0) d = b
  if (operation == OPERATION_LOAD_UNION) orFour(result, a, b, c, d)
  else if (operation == OPERATION_AND_UNION) andOr(result, result, a, b, c, d)
  else andOr(nand, from, a, b, c, d)
  return true
}
