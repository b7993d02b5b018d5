import {
  BLOCK_BYTES, BLOCK_SHIFT, ENTRY_BYTES, ENTRY_OPERATION, ENTRY_REST_COST, JOB_BYTES, JOB_ENTRY_COUNT, JOB_EXCLUDED,
  JOB_INCLUDE_KEYS, JOB_LIMIT, JOB_NOT_ALL, JOB_OFFSET, JOB_OUT, JOB_PROGRAM, JOB_REQUIRED, JOB_TOTAL, JOB_WRITTEN,
  OPERATION_AND, OPERATION_AND_NAND, OPERATION_AND_NAND_UNION, OPERATION_AND_NOT, OPERATION_CLEAR_UNION, OPERATION_LOAD,
  OPERATION_MASK, OPERATION_PUT, OPERATION_START_NAND, OPERATION_SUBTRACT_NAND, TABLES_REGISTERS,
} from './abi'
import { andNotBlock, countBlock } from './bitmaps'
import { checkBlock } from './check'
import { applyUnion, fuseEntries, fusedCount, fusedEntries, unionEnd } from './fusion'
import { evaluatePart } from './parts'
import { andNotOperand, andOperand, loadOperand, storageOf } from './operands'

/** Nanoseconds to test one resource against the masks; same unit as an entry's rest cost. */
const CHECK_COST: u32 = 40
/** Below this rest cost, counting the remaining members would cost more than it saves. */
const REST_COST_TO_CHECK: u32 = 400

/** Runs a program on one block. The members are in the result register; returns their number. */
function evaluateBlock(
  tables: usize, program: usize, entryCount: u32, block: u32,
  required: u32, excluded: u32, notAll: u32, includeKeys: u32,
): u32 {
  const result = <usize>load<u32>(tables, TABLES_REGISTERS)
  const union = result + BLOCK_BYTES
  const nand = union + BLOCK_BYTES
  const mayCheck = (required | excluded | notAll) != 0
  // The nand register is copied lazily: until its first AND it is the result itself.
  let from = nand
  let count: u32 = 0
  let i: u32 = 0
  while (i < entryCount) {
    let entry = program + <usize>i * ENTRY_BYTES
    const operation = load<u32>(entry, ENTRY_OPERATION) & OPERATION_MASK
    i++
    if (operation >= OPERATION_PUT) {
      evaluatePart(operation, entry, block, result, union)
      continue
    }
    let isCounted = false
    if (operation <= OPERATION_AND_NOT && fuseEntries(program, i - 1, entryCount, block, result)) {
      i += fusedEntries - 1
      entry = program + <usize>(i - 1) * ENTRY_BYTES
      count = fusedCount
      if (count == 0 || i == entryCount) return count
      isCounted = true
    } else {
      switch (operation) {
        case OPERATION_LOAD:
          if (!loadOperand(entry, block, result)) return 0
          break
        case OPERATION_AND:
          if (!andOperand(entry, block, result, result, union)) return 0
          break
        case OPERATION_AND_NOT:
          andNotOperand(entry, block, result)
          continue
        case OPERATION_CLEAR_UNION: {
          const hasMembers = applyUnion(program, i, block, result, union, nand, from)
          entry = program + <usize>unionEnd * ENTRY_BYTES
          i = unionEnd + 1
          const isNand = (load<u32>(entry, ENTRY_OPERATION) & OPERATION_MASK) == OPERATION_AND_NAND_UNION
          if (!hasMembers) return isNand ? countBlock(result) : 0
          if (!isNand) break
          from = nand
          continue
        }
        case OPERATION_START_NAND:
          from = result
          continue
        case OPERATION_AND_NAND:
          if (!andOperand(entry, block, nand, from, union)) return countBlock(result)
          from = nand
          continue
        case OPERATION_SUBTRACT_NAND:
          andNotBlock(result, from)
          continue
      }
    }
    // An empty block is done. When few members remain, test each of them instead of running the remaining entries.
    const restCost = load<u32>(entry, ENTRY_REST_COST)
    if (restCost > REST_COST_TO_CHECK && mayCheck) {
      if (!isCounted) count = countBlock(result)
      if (count == 0) return 0
      if (count * CHECK_COST < restCost) {
        return checkBlock(tables, block, result, required, excluded, notAll, includeKeys)
      }
    }
  }
  return countBlock(result)
}

/** Runs a job on one block: adds to its total and stores the slots that belong to its page. */
function evaluateJob(tables: usize, job: usize, block: u32): void {
  const result = <usize>load<u32>(tables, TABLES_REGISTERS)
  const count = evaluateBlock(
    tables, load<u32>(job, JOB_PROGRAM), load<u32>(job, JOB_ENTRY_COUNT), block,
    load<u32>(job, JOB_REQUIRED), load<u32>(job, JOB_EXCLUDED), load<u32>(job, JOB_NOT_ALL),
    load<u32>(job, JOB_INCLUDE_KEYS),
  )
  if (count == 0) return
  const offset = load<u32>(job, JOB_OFFSET)
  const limit = load<u32>(job, JOB_LIMIT)
  const out = <usize>load<u32>(job, JOB_OUT)
  const total = load<u32>(job, JOB_TOTAL)
  let written = load<u32>(job, JOB_WRITTEN)
  store<u32>(job, total + count, JOB_TOTAL)
  if (written >= limit || total + count <= offset) return
  let skip = offset > total ? offset - total : 0
  for (let i: usize = 0; i < BLOCK_BYTES && written < limit; i += 8) {
    let word = load<u64>(result + i)
    if (word == 0) continue
    const inWord = <u32>popcnt(word)
    if (skip >= inWord) {
      skip -= inWord
      continue
    }
    while (skip > 0) {
      word &= word - 1
      skip--
    }
    const firstSlot = (block << BLOCK_SHIFT) + (<u32>i << 3)
    while (word != 0 && written < limit) {
      store<u32>(out + (<usize>written << 2), firstSlot + <u32>ctz(word))
      word &= word - 1
      written++
    }
  }
  store<u32>(job, written, JOB_WRITTEN)
}

/** Keeps the compiler from removing the prefetching loads. */
let prefetched: u32 = 0

/** A block of a long program is usually empty before its later entries. */
const ENTRIES_TO_PREFETCH: u32 = 32

/** Loads the first cache lines of each operand of a program in a block, so that the cache misses overlap. */
function prefetchBlock(program: usize, entryCount: u32, block: u32): void {
  let bits: u32 = 0
  const end = program + <usize>min(entryCount, ENTRIES_TO_PREFETCH) * ENTRY_BYTES
  for (let entry = program; entry < end; entry += ENTRY_BYTES) {
    const storage = storageOf(entry, block)
    if (storage == 0) continue
    bits ^= load<u32>(storage) ^ load<u32>(storage, 64) ^ load<u32>(storage, 128) ^ load<u32>(storage, 192)
  }
  prefetched = bits
}

export function evaluate(tables: usize, jobs: usize, count: u32, blocks: u32): void {
  const end = jobs + <usize>count * JOB_BYTES
  for (let block: u32 = 0; block < blocks; block++) {
    for (let job = jobs; job < end; job += JOB_BYTES) {
      prefetchBlock(load<u32>(job, JOB_PROGRAM), load<u32>(job, JOB_ENTRY_COUNT), block + 1)
      evaluateJob(tables, job, block)
    }
  }
}
