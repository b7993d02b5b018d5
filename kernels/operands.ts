import { andBlocks, andNotBlock, clearBlock, copyBlock, orBlock } from './bitmaps'
import {
  BLOCKED_OPERAND, BLOCK_SHIFT, BLOCK_SLOTS, CONTAINER_ADDRESS, CONTAINER_CAPACITY, CONTAINER_COUNT, CONTAINER_SHIFT,
  ENTRY_ADDRESS, ENTRY_CURSOR, ENTRY_LENGTH, ENTRY_OPERATION,
} from './abi'

// The operand of a program's entry in one block: part of a sorted list of slots, or a container with an array or a bitmap.

@inline function isBlocked(entry: usize): bool {
  return (load<u32>(entry, ENTRY_OPERATION) & BLOCKED_OPERAND) != 0
}

/** The position of the first member of a list that is not below `slot`: a galloping search from the entry's cursor. */
function seek(entry: usize, slot: u32): u32 {
  const list = <usize>load<u32>(entry, ENTRY_ADDRESS)
  const count = load<u32>(entry, ENTRY_LENGTH)
  let low = load<u32>(entry, ENTRY_CURSOR)
  if (low >= count || load<u32>(list + (<usize>low << 2)) >= slot) return low
  let step: u32 = 1
  while (low + step < count && load<u32>(list + (<usize>(low + step) << 2)) < slot) {
    low += step
    step <<= 1
  }
  let high = min(low + step, count)
  low++
  while (low < high) {
    const middle = (low + high) >> 1
    if (load<u32>(list + (<usize>middle << 2)) < slot) low = middle + 1
    else high = middle
  }
  return low
}

/** Sets or clears the bits of a list's members in a block. Returns whether there are any. */
@inline function scatterList(entry: usize, block: u32, into: usize, sets: bool): bool {
  const list = <usize>load<u32>(entry, ENTRY_ADDRESS)
  const count = load<u32>(entry, ENTRY_LENGTH)
  const firstSlot = block << BLOCK_SHIFT
  const start = seek(entry, firstSlot)
  let at = start
  while (at < count) {
    const offset = load<u32>(list + (<usize>at << 2)) - firstSlot
    if (offset >= BLOCK_SLOTS) break
    const word = into + ((<usize>offset >> 5) << 2)
    const bit: u32 = 1 << (offset & 31)
    store<u32>(word, sets ? load<u32>(word) | bit : load<u32>(word) & ~bit)
    at++
  }
  store<u32>(entry, at, ENTRY_CURSOR)
  return at > start
}

/** Sets or clears the bits of an array container. */
@inline function scatterArray(offsets: usize, count: u32, into: usize, sets: bool): void {
  const end = offsets + (<usize>count << 1)
  for (let at = offsets; at < end; at += 2) {
    const offset = <u32>load<u16>(at)
    const word = into + ((<usize>offset >> 5) << 2)
    const bit: u32 = 1 << (offset & 31)
    store<u32>(word, sets ? load<u32>(word) | bit : load<u32>(word) & ~bit)
  }
}

/** The address of a blocked operand's container, 0 past the end of its table. */
@inline function containerOf(entry: usize, block: u32): usize {
  return block < load<u32>(entry, ENTRY_LENGTH)
    ? <usize>load<u32>(entry, ENTRY_ADDRESS) + (<usize>block << CONTAINER_SHIFT)
    : 0
}

/** The address of a container's members, 0 when it is empty. */
@inline function membersOf(container: usize): usize {
  return container == 0 ? <usize>0 : <usize>load<u32>(container, CONTAINER_ADDRESS)
}

@inline function isBitmap(container: usize): bool {
  return load<u16>(container, CONTAINER_CAPACITY) == 0
}

@inline function countOf(container: usize): u32 {
  return <u32>load<u16>(container, CONTAINER_COUNT)
}

/** The address of the operand's array or bitmap in a block, 0 for a list or an empty container. */
@inline export function storageOf(entry: usize, block: u32): usize {
  return isBlocked(entry) ? membersOf(containerOf(entry, block)) : 0
}

/** The address of the operand's bitmap in a block, 0 when its members are not stored as a bitmap. */
@inline export function bitmapOf(entry: usize, block: u32): usize {
  if (!isBlocked(entry)) return 0
  const container = containerOf(entry, block)
  return container == 0 || !isBitmap(container) ? <usize>0 : <usize>load<u32>(container, CONTAINER_ADDRESS)
}

/** into = operand. Returns false when the operand is empty; `into` is arbitrary then. */
export function loadOperand(entry: usize, block: u32, into: usize): bool {
  if (!isBlocked(entry)) {
    clearBlock(into)
    return scatterList(entry, block, into, true)
  }
  const container = containerOf(entry, block)
  const members = membersOf(container)
  if (members == 0) return false
  if (isBitmap(container)) copyBlock(into, members)
  else {
    clearBlock(into)
    scatterArray(members, countOf(container), into, true)
  }
  return true
}

/** into |= operand. Returns false when the operand is empty. */
export function orOperand(entry: usize, block: u32, into: usize): bool {
  if (!isBlocked(entry)) return scatterList(entry, block, into, true)
  const container = containerOf(entry, block)
  const members = membersOf(container)
  if (members == 0) return false
  if (isBitmap(container)) orBlock(into, members)
  else scatterArray(members, countOf(container), into, true)
  return true
}

/** into = from & operand. Returns false when the operand is empty; `into` is unchanged then. `temp` is overwritten. */
export function andOperand(entry: usize, block: u32, into: usize, from: usize, temp: usize): bool {
  const bitmap = bitmapOf(entry, block)
  if (bitmap != 0) {
    andBlocks(into, from, bitmap)
    return true
  }
  if (!loadOperand(entry, block, temp)) return false
  andBlocks(into, from, temp)
  return true
}

/** into &= ~operand */
export function andNotOperand(entry: usize, block: u32, into: usize): void {
  if (!isBlocked(entry)) {
    scatterList(entry, block, into, false)
    return
  }
  const container = containerOf(entry, block)
  const members = membersOf(container)
  if (members == 0) return
  if (isBitmap(container)) andNotBlock(into, members)
  else scatterArray(members, countOf(container), into, false)
}
