import {
  BLOCK_BYTES, ENTRY_ADDRESS, NAMED_REGISTERS, OPERATION_CUT, OPERATION_CUT_FROM_SAVED, OPERATION_CUT_SAVED,
  OPERATION_JOIN, OPERATION_JOIN_SAVED, OPERATION_MEET, OPERATION_MEET_SAVED, OPERATION_PUT, OPERATION_SAVE,
} from './abi'
import { andBlocks, andNotBlock, clearBlock, copyBlock, orBlock } from './bitmaps'
import { andNotOperand, andOperand, loadOperand, orOperand } from './operands'

/** Runs an operation from OPERATION_PUT on: it computes a part of a result, so an empty one does not end the program. */
export function evaluatePart(operation: u32, entry: usize, block: u32, result: usize, union: usize): void {
  switch (operation) {
    case OPERATION_PUT:
      if (!loadOperand(entry, block, result)) clearBlock(result)
      return
    case OPERATION_MEET:
      if (!andOperand(entry, block, result, result, union)) clearBlock(result)
      return
    case OPERATION_JOIN:
      orOperand(entry, block, result)
      return
    case OPERATION_CUT:
      andNotOperand(entry, block, result)
      return
  }
  const saved = result + (<usize>load<u32>(entry, ENTRY_ADDRESS) + NAMED_REGISTERS) * BLOCK_BYTES
  switch (operation) {
    case OPERATION_SAVE:
      copyBlock(saved, result)
      return
    case OPERATION_MEET_SAVED:
      andBlocks(result, result, saved)
      return
    case OPERATION_JOIN_SAVED:
      orBlock(result, saved)
      return
    case OPERATION_CUT_SAVED:
      andNotBlock(result, saved)
      return
    case OPERATION_CUT_FROM_SAVED:
      andNotBlock(saved, result)
      copyBlock(result, saved)
  }
}
