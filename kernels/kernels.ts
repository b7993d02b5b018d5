// The inner loops of the tag engine for WebAssembly with SIMD, in AssemblyScript. `src/search-index/kernels/plain-kernels.ts` says the same
// in plain TypeScript and is held to the same tests; `src/search-index/kernels/kernels.ts` describes every function and its memory.
// `npm run gen` compiles this file into `src/search-index/kernels/wasm-kernels.ts`.

const BLOCK_SHIFT: u32 = 15
const BLOCK_SLOTS: u32 = 1 << 15
const BLOCK_BYTES: usize = 4096

// Members of the layout, as byte offsets; see `Layout` in `src/search-index/kernels/kernels.ts`.
const REGISTERS: usize = 0
const RUNS: usize = 4
const LENGTHS: usize = 8
const PARENTS: usize = 12
const MARKS: usize = 16
const TEXTS: usize = 20
const ID_BYTES: usize = 24
const ID_KINDS: usize = 28
const NAMES: usize = 32
const DETAILS: usize = 36
const RENDERED: usize = 40

// Chunks of columns hold 16 KiB.
@inline function u32At(table: usize, i: u32): u32 {
  return load<u32>(<usize>load<u32>(table + ((<usize>i >> 12) << 2)) + ((<usize>i & 4095) << 2))
}
@inline function u8At(table: usize, i: u32): u32 {
  return <u32>load<u8>(<usize>load<u32>(table + ((<usize>i >> 14) << 2)) + (<usize>i & 16383))
}
@inline function wideAt(table: usize, i: u32): usize {
  return <usize>load<u32>(table + ((<usize>i >> 10) << 2)) + ((<usize>i & 1023) << 4)
}

// ---------------------------------------------------------------------------------------------------- sets of one block

@inline function clearBlock(into: usize): void {
  memory.fill(into, 0, BLOCK_BYTES)
}

@inline function copyBlock(into: usize, from: usize): void {
  for (let i: usize = 0; i < BLOCK_BYTES; i += 64) {
    v128.store(into + i, v128.load(from + i))
    v128.store(into + i, v128.load(from + i, 16), 16)
    v128.store(into + i, v128.load(from + i, 32), 32)
    v128.store(into + i, v128.load(from + i, 48), 48)
  }
}

/** `into` becomes what is in both of two bitmaps. */
@inline function andBlocks(into: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < BLOCK_BYTES; i += 64) {
    v128.store(into + i, v128.and(v128.load(a + i), v128.load(b + i)))
    v128.store(into + i, v128.and(v128.load(a + i, 16), v128.load(b + i, 16)), 16)
    v128.store(into + i, v128.and(v128.load(a + i, 32), v128.load(b + i, 32)), 32)
    v128.store(into + i, v128.and(v128.load(a + i, 48), v128.load(b + i, 48)), 48)
  }
}

@inline function orBlock(into: usize, from: usize): void {
  for (let i: usize = 0; i < BLOCK_BYTES; i += 64) {
    v128.store(into + i, v128.or(v128.load(into + i), v128.load(from + i)))
    v128.store(into + i, v128.or(v128.load(into + i, 16), v128.load(from + i, 16)), 16)
    v128.store(into + i, v128.or(v128.load(into + i, 32), v128.load(from + i, 32)), 32)
    v128.store(into + i, v128.or(v128.load(into + i, 48), v128.load(from + i, 48)), 48)
  }
}

/** What is in at least one of four bitmaps, sixteen bytes from a place on. */
@inline function anyAt(a: usize, b: usize, c: usize, d: usize, at: usize): v128 {
  return v128.or(v128.or(v128.load(a + at), v128.load(b + at)), v128.or(v128.load(c + at), v128.load(d + at)))
}

/** `into` becomes what is in `from` and in at least one of four bitmaps. */
function andAny(into: usize, from: usize, a: usize, b: usize, c: usize, d: usize): void {
  for (let i: usize = 0; i < BLOCK_BYTES; i += 64) {
    v128.store(into + i, v128.and(v128.load(from + i), anyAt(a, b, c, d, i)))
    v128.store(into + i, v128.and(v128.load(from + i, 16), anyAt(a, b, c, d, i + 16)), 16)
    v128.store(into + i, v128.and(v128.load(from + i, 32), anyAt(a, b, c, d, i + 32)), 32)
    v128.store(into + i, v128.and(v128.load(from + i, 48), anyAt(a, b, c, d, i + 48)), 48)
  }
}

/** `into` becomes what is in at least one of four bitmaps. */
function orAll(into: usize, a: usize, b: usize, c: usize, d: usize): void {
  for (let i: usize = 0; i < BLOCK_BYTES; i += 64) {
    v128.store(into + i, anyAt(a, b, c, d, i))
    v128.store(into + i, anyAt(a, b, c, d, i + 16), 16)
    v128.store(into + i, anyAt(a, b, c, d, i + 32), 32)
    v128.store(into + i, anyAt(a, b, c, d, i + 48), 48)
  }
}

/** The same with what is there already. */
function orMore(into: usize, a: usize, b: usize, c: usize, d: usize): void {
  for (let i: usize = 0; i < BLOCK_BYTES; i += 64) {
    v128.store(into + i, v128.or(v128.load(into + i), anyAt(a, b, c, d, i)))
    v128.store(into + i, v128.or(v128.load(into + i, 16), anyAt(a, b, c, d, i + 16)), 16)
    v128.store(into + i, v128.or(v128.load(into + i, 32), anyAt(a, b, c, d, i + 32)), 32)
    v128.store(into + i, v128.or(v128.load(into + i, 48), anyAt(a, b, c, d, i + 48)), 48)
  }
}

@inline function andNotBlock(into: usize, from: usize): void {
  for (let i: usize = 0; i < BLOCK_BYTES; i += 64) {
    v128.store(into + i, v128.andnot(v128.load(into + i), v128.load(from + i)))
    v128.store(into + i, v128.andnot(v128.load(into + i, 16), v128.load(from + i, 16)), 16)
    v128.store(into + i, v128.andnot(v128.load(into + i, 32), v128.load(from + i, 32)), 32)
    v128.store(into + i, v128.andnot(v128.load(into + i, 48), v128.load(from + i, 48)), 48)
  }
}

function countBlock(from: usize): u32 {
  let sums = i32x4.splat(0)
  for (let i: usize = 0; i < BLOCK_BYTES; i += 256) {
    // Sixteen counts of at most eight each fit a byte.
    let bytes = i8x16.splat(0)
    for (let j: usize = i; j < i + 256; j += 64) {
      const low = i8x16.add(i8x16.popcnt(v128.load(from + j)), i8x16.popcnt(v128.load(from + j, 16)))
      const high = i8x16.add(i8x16.popcnt(v128.load(from + j, 32)), i8x16.popcnt(v128.load(from + j, 48)))
      bytes = i8x16.add(bytes, i8x16.add(low, high))
    }
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)))
  }
  return (
    i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3)
  )
}

// ------------------------------------------------------------------------------------------------------------- operands

const ENTRY_BYTES: usize = 20
const BLOCKED: u32 = 1

/** Where the members of a list begin that are not below `slot`; the search starts at the entry's cursor. */
function seek(entry: usize, slot: u32): u32 {
  const list = <usize>load<u32>(entry, 4)
  const count = load<u32>(entry, 8)
  let low = load<u32>(entry, 12)
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

/** Sets (or clears) in a register what an entry's list has in a block. Gives whether there was anything. */
@inline function scatterList(entry: usize, block: u32, into: usize, sets: bool): bool {
  const list = <usize>load<u32>(entry, 4)
  const count = load<u32>(entry, 8)
  const first = block << BLOCK_SHIFT
  const start = seek(entry, first)
  let at = start
  while (at < count) {
    const place = load<u32>(list + (<usize>at << 2)) - first
    if (place >= BLOCK_SLOTS) break
    const word = into + ((<usize>place >> 5) << 2)
    const bit: u32 = 1 << (place & 31)
    store<u32>(word, sets ? load<u32>(word) | bit : load<u32>(word) & ~bit)
    at++
  }
  store<u32>(entry, at, 12)
  return at > start
}

@inline function scatterPlaces(places: usize, count: u32, into: usize, sets: bool): void {
  const end = places + (<usize>count << 1)
  for (let at = places; at < end; at += 2) {
    const place = <u32>load<u16>(at)
    const word = into + ((<usize>place >> 5) << 2)
    const bit: u32 = 1 << (place & 31)
    store<u32>(word, sets ? load<u32>(word) | bit : load<u32>(word) & ~bit)
  }
}

/** The container of a blocked set: its address, 0 when the block is empty. */
@inline function containerOf(entry: usize, block: u32): usize {
  return block < load<u32>(entry, 8) ? <usize>load<u32>(entry, 4) + (<usize>block << 3) : 0
}

@inline function refOf(container: usize): usize {
  return container == 0 ? <usize>0 : <usize>load<u32>(container)
}

/** The bitmap that an entry has for a block; 0 when it has a list there, or nothing. */
@inline function bitmapOf(entry: usize, block: u32): usize {
  if (((load<u32>(entry) >> 8) & BLOCKED) == 0) return 0
  const container = containerOf(entry, block)
  return container == 0 || load<u16>(container, 6) != 0 ? <usize>0 : <usize>load<u32>(container)
}

/** `into` becomes the operand. Gives false when that is empty. */
function loadOperand(entry: usize, block: u32, into: usize): bool {
  if (((load<u32>(entry) >> 8) & BLOCKED) == 0) {
    clearBlock(into)
    return scatterList(entry, block, into, true)
  }
  const container = containerOf(entry, block)
  const ref = refOf(container)
  if (ref == 0) return false
  if (load<u16>(container, 6) == 0) copyBlock(into, ref)
  else {
    clearBlock(into)
    scatterPlaces(ref, <u32>load<u16>(container, 4), into, true)
  }
  return true
}

function uniteOperand(entry: usize, block: u32, into: usize): bool {
  if (((load<u32>(entry) >> 8) & BLOCKED) == 0) return scatterList(entry, block, into, true)
  const container = containerOf(entry, block)
  const ref = refOf(container)
  if (ref == 0) return false
  if (load<u16>(container, 6) == 0) orBlock(into, ref)
  else scatterPlaces(ref, <u32>load<u16>(container, 4), into, true)
  return true
}

/** `into` becomes what is in `from` and in the operand. Gives false when nothing is left for certain. */
function intersectOperand(entry: usize, block: u32, into: usize, from: usize, spare: usize): bool {
  const bitmap = bitmapOf(entry, block)
  if (bitmap != 0) {
    andBlocks(into, from, bitmap)
    return true
  }
  if (!loadOperand(entry, block, spare)) return false
  andBlocks(into, from, spare)
  return true
}

function subtractOperand(entry: usize, block: u32, into: usize): void {
  if (((load<u32>(entry) >> 8) & BLOCKED) == 0) {
    scatterList(entry, block, into, false)
    return
  }
  const container = containerOf(entry, block)
  const ref = refOf(container)
  if (ref == 0) return
  if (load<u16>(container, 6) == 0) andNotBlock(into, ref)
  else scatterPlaces(ref, <u32>load<u16>(container, 4), into, false)
}

// ------------------------------------------------------------------------------------------------------ single resources

@inline function holds(layout: usize, slot: u32, need: u32, bar: u32, notAll: u32, withKeys: u32): bool {
  let item = <usize>u32At(load<u32>(layout, RUNS), slot)
  const length = u8At(load<u32>(layout, LENGTHS), slot)
  const marks = <usize>load<u32>(layout, MARKS)
  let marked: u32 = 0
  for (let i: u32 = 0; i < length; i++, item += 4) {
    const term = load<u32>(item)
    marked |= u32At(marks, term)
    if (withKeys != 0) marked |= u32At(marks, u32At(load<u32>(layout, PARENTS), term))
  }
  return (marked & need) == need && (marked & bar) == 0 && (notAll == 0 || (marked & notAll) != notAll)
}

export function check(
  layout: usize, list: usize, count: u32,
  need: u32, bar: u32, notAll: u32, withKeys: u32,
  offset: u32, limit: u32, out: usize,
): u32 {
  let total: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    const slot = load<u32>(list + (<usize>i << 2))
    if (!holds(layout, slot, need, bar, notAll, withKeys)) continue
    const place = total - offset
    if (total >= offset && place < limit) store<u32>(out + (<usize>place << 2), slot)
    total++
  }
  return total
}

// -------------------------------------------------------------------------------------------------------------- programs

const FIRST: u32 = 0
const AND: u32 = 1
const AND_NOT: u32 = 2
const SPARE_CLEAR: u32 = 3
const SPARE_OR: u32 = 4
const AND_SPARE: u32 = 5
const FIRST_SPARE: u32 = 6
const OTHER_COPY: u32 = 7
const OTHER_AND: u32 = 8
const OTHER_AND_SPARE: u32 = 9
const AND_NOT_OTHER: u32 = 10

/** What the check of one resource costs, in the unit of an entry's `rest`. */
const CHECK_COST: u32 = 40
/** With less than that to come, counting what is left would be most of it. */
const REST_TO_CHECK: u32 = 400

/** Keeps of a block what `holds` says; gives how many that are. */
function checkBlock(layout: usize, block: u32, into: usize, need: u32, bar: u32, notAll: u32, withKeys: u32): u32 {
  let kept: u32 = 0
  for (let i: usize = 0; i < BLOCK_BYTES; i += 8) {
    let word = load<u64>(into + i)
    if (word == 0) continue
    let keep: u64 = 0
    const first = (block << BLOCK_SHIFT) + (<u32>i << 3)
    while (word != 0) {
      const bit = ctz(word)
      if (holds(layout, first + <u32>bit, need, bar, notAll, withKeys)) keep |= <u64>1 << bit
      word &= word - 1
    }
    store<u64>(into + i, keep)
    kept += <u32>popcnt(keep)
  }
  return kept
}

/** `into` becomes what is in up to four bitmaps, or not in one where its mask is all ones; gives how many that are. */
function fuse(into: usize, a: usize, b: usize, c: usize, d: usize, notB: u32, notC: u32, notD: u32): u32 {
  const maskB = i32x4.splat(notB)
  const maskC = i32x4.splat(notC)
  const maskD = i32x4.splat(notD)
  let sums = i32x4.splat(0)
  for (let i: usize = 0; i < BLOCK_BYTES; i += 256) {
    let bytes = i8x16.splat(0)
    for (let j: usize = i; j < i + 256; j += 16) {
      const first = v128.and(v128.load(a + j), v128.xor(v128.load(b + j), maskB))
      const second = v128.and(v128.xor(v128.load(c + j), maskC), v128.xor(v128.load(d + j), maskD))
      const all = v128.and(first, second)
      v128.store(into + j, all)
      bytes = i8x16.add(bytes, i8x16.popcnt(all))
    }
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)))
  }
  return (
    i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3)
  )
}

function fuseTwo(into: usize, a: usize, b: usize, notB: u32): u32 {
  const maskB = i32x4.splat(notB)
  let sums = i32x4.splat(0)
  for (let i: usize = 0; i < BLOCK_BYTES; i += 256) {
    let bytes = i8x16.splat(0)
    for (let j: usize = i; j < i + 256; j += 16) {
      const both = v128.and(v128.load(a + j), v128.xor(v128.load(b + j), maskB))
      v128.store(into + j, both)
      bytes = i8x16.add(bytes, i8x16.popcnt(both))
    }
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)))
  }
  return (
    i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3)
  )
}

/** How many steps the last fusion took, and how many members it left. */
let fusedSteps: u32 = 0
let fusedCount: u32 = 0

/** Takes steps from `from` on together, as long as each is on a bitmap; gives false when there are not two of them. */
function fuseSteps(program: usize, from: u32, entries: u32, block: u32, result: usize): bool {
  const starts = (load<u32>(program + <usize>from * ENTRY_BYTES) & 0xff) == FIRST
  let a: usize = starts ? 0 : result
  let b: usize = 0
  let c: usize = 0
  let d: usize = 0
  let notB: u32 = 0
  let notC: u32 = 0
  let notD: u32 = 0
  let at = from
  for (; at < entries && d == 0; at++) {
    const entry = program + <usize>at * ENTRY_BYTES
    const operation = load<u32>(entry) & 0xff
    if (operation > AND_NOT || (operation == FIRST && at > from)) break
    const bitmap = bitmapOf(entry, block)
    if (bitmap == 0) break
    const not: u32 = operation == AND_NOT ? 0xffffffff : 0
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
  fusedSteps = at - from
  fusedCount =
    c == 0 ? fuseTwo(result, a, b, notB) : fuse(result, a, b, c, d == 0 ? a : d, notB, notC, d == 0 ? 0 : notD)
  return true
}

/** How far the last union went: the place of the step that uses it. */
let unionEnd: u32 = 0

/**
 * Works out the union that begins after a SPARE_CLEAR, and does what the step that uses it says: FIRST_SPARE and AND_SPARE to
 * `result`, OTHER_AND_SPARE to `other` out of `from`. Bitmaps are read once, four at a time, and lists gathered before. Gives
 * false when the union is empty; then nothing was done.
 */
function applyUnion(program: usize, start: u32, block: u32, result: usize, spare: usize, other: usize, from: usize): bool {
  let a: usize = 0
  let b: usize = 0
  let c: usize = 0
  let d: usize = 0
  let hasSpare = false
  let at = start
  let operation: u32 = 0
  for (; ; at++) {
    const entry = program + <usize>at * ENTRY_BYTES
    operation = load<u32>(entry) & 0xff
    if (operation != SPARE_OR) break
    const bitmap = bitmapOf(entry, block)
    if (bitmap == 0) {
      if (hasSpare) uniteOperand(entry, block, spare)
      else hasSpare = loadOperand(entry, block, spare)
      continue
    }
    if (d != 0) {
      if (hasSpare) orMore(spare, a, b, c, d)
      else orAll(spare, a, b, c, d)
      hasSpare = true
      a = bitmap
      b = c = d = 0
    } else if (a == 0) a = bitmap
    else if (b == 0) b = bitmap
    else if (c == 0) c = bitmap
    else d = bitmap
  }
  unionEnd = at
  if (hasSpare) {
    if (d != 0) {
      orMore(spare, a, b, c, d)
      a = spare
      b = c = d = 0
    } else if (a == 0) a = spare
    else if (b == 0) b = spare
    else if (c == 0) c = spare
    else d = spare
  }
  if (a == 0) return false
  if (b == 0) {
    if (operation == FIRST_SPARE) copyBlock(result, a)
    else if (operation == AND_SPARE) andBlocks(result, result, a)
    else andBlocks(other, from, a)
    return true
  }
  if (c == 0) c = b
  if (d == 0) d = b
  if (operation == FIRST_SPARE) orAll(result, a, b, c, d)
  else if (operation == AND_SPARE) andAny(result, result, a, b, c, d)
  else andAny(other, from, a, b, c, d)
  return true
}

/** Works one block out into the first register; gives how many members it has. */
function evaluateBlock(
  layout: usize, program: usize, entries: u32, block: u32,
  need: u32, bar: u32, notAll: u32, withKeys: u32,
): u32 {
  const result = <usize>load<u32>(layout, REGISTERS)
  const spare = result + BLOCK_BYTES
  const other = spare + BLOCK_BYTES
  const mayCheck = (need | bar | notAll) != 0
  // Where `other` is taken from: it begins as the result.
  let from = other
  let count: u32 = 0
  let i: u32 = 0
  while (i < entries) {
    let entry = program + <usize>i * ENTRY_BYTES
    const operation = load<u32>(entry) & 0xff
    i++
    let isCounted = false
    if (operation <= AND_NOT && fuseSteps(program, i - 1, entries, block, result)) {
      i += fusedSteps - 1
      entry = program + <usize>(i - 1) * ENTRY_BYTES
      count = fusedCount
      if (count == 0 || i == entries) return count
      isCounted = true
    } else {
      switch (operation) {
        case FIRST:
          if (!loadOperand(entry, block, result)) return 0
          break
        case AND:
          if (!intersectOperand(entry, block, result, result, spare)) return 0
          break
        case AND_NOT:
          subtractOperand(entry, block, result)
          continue
        case SPARE_CLEAR: {
          const isThere = applyUnion(program, i, block, result, spare, other, from)
          entry = program + <usize>unionEnd * ENTRY_BYTES
          i = unionEnd + 1
          const isOther = (load<u32>(entry) & 0xff) == OTHER_AND_SPARE
          if (!isThere) return isOther ? countBlock(result) : 0
          if (!isOther) break
          from = other
          continue
        }
        case OTHER_COPY:
          from = result
          continue
        case OTHER_AND:
          if (!intersectOperand(entry, block, other, from, spare)) return countBlock(result)
          from = other
          continue
        case AND_NOT_OTHER:
          andNotBlock(result, from)
          continue
      }
    }
    // After a step that leaves less: nothing left, or so little that looking at each is cheaper than what is to come.
    const rest = load<u32>(entry, 16)
    if (rest > REST_TO_CHECK && mayCheck) {
      if (!isCounted) count = countBlock(result)
      if (count == 0) return 0
      if (count * CHECK_COST < rest) return checkBlock(layout, block, result, need, bar, notAll, withKeys)
    }
  }
  return countBlock(result)
}

const JOB_BYTES: usize = 44

/** Works one block out for one job, and notes what it adds to the job's answer. */
function evaluateFor(layout: usize, job: usize, block: u32): void {
  const result = <usize>load<u32>(layout, REGISTERS)
  const count = evaluateBlock(
    layout, load<u32>(job), load<u32>(job, 4), block,
    load<u32>(job, 8), load<u32>(job, 12), load<u32>(job, 16), load<u32>(job, 20),
  )
  if (count == 0) return
  const offset = load<u32>(job, 24)
  const limit = load<u32>(job, 28)
  const out = <usize>load<u32>(job, 32)
  const total = load<u32>(job, 36)
  let written = load<u32>(job, 40)
  store<u32>(job, total + count, 36)
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
    const first = (block << BLOCK_SHIFT) + (<u32>i << 3)
    while (word != 0 && written < limit) {
      store<u32>(out + (<usize>written << 2), first + <u32>ctz(word))
      word &= word - 1
      written++
    }
  }
  store<u32>(job, written, 40)
}

/** What was read only to have it in the cache; kept, so that the reading is not left out. */
let touched: u32 = 0

/** Of a longer program most is never come to. */
const STEPS_TO_TOUCH: u32 = 32

/** Reads the first lines of what a program begins with in a block: the waits for them then pass side by side. */
function touchBlock(program: usize, entries: u32, block: u32): void {
  let seen: u32 = 0
  const end = program + <usize>min(entries, STEPS_TO_TOUCH) * ENTRY_BYTES
  for (let entry = program; entry < end; entry += ENTRY_BYTES) {
    if (((load<u32>(entry) >> 8) & BLOCKED) == 0) continue
    const ref = refOf(containerOf(entry, block))
    if (ref == 0) continue
    seen ^= load<u32>(ref) ^ load<u32>(ref, 64) ^ load<u32>(ref, 128) ^ load<u32>(ref, 192)
  }
  touched = seen
}

export function evaluate(layout: usize, jobs: usize, count: u32, blocks: u32): void {
  const end = jobs + <usize>count * JOB_BYTES
  for (let block: u32 = 0; block < blocks; block++) {
    for (let job = jobs; job < end; job += JOB_BYTES) {
      touchBlock(load<u32>(job), load<u32>(job, 4), block + 1)
      evaluateFor(layout, job, block)
    }
  }
}

// ----------------------------------------------------------------------------------------------------------------- names

const IS_SPECIAL: u32 = 0x80000000

@inline function folded(bytes: v128): v128 {
  const isSmall = v128.and(i8x16.ge_u(bytes, i8x16.splat(0x61)), i8x16.le_u(bytes, i8x16.splat(0x7a)))
  return i8x16.sub(bytes, v128.and(isSmall, i8x16.splat(0x20)))
}

@inline function foldedByte(byte: u32): u32 {
  return byte - 0x61 <= 25 ? byte - 32 : byte
}

function containsFolded(text: usize, length: u32, needle: usize, needleLength: u32): bool {
  if (needleLength > length) return false
  const first = i8x16.splat(load<u8>(needle))
  const last = length - needleLength
  for (let from: u32 = 0; from <= last; from += 16) {
    let hits = i8x16.bitmask(i8x16.eq(folded(v128.load(text + <usize>from)), first))
    while (hits != 0) {
      const at = from + ctz(hits)
      if (at > last) return false
      let same: u32 = 1
      while (same < needleLength && foldedByte(load<u8>(text + <usize>(at + same))) == <u32>load<u8>(needle + <usize>same)) same++
      if (same >= needleLength) return true
      hits &= hits - 1
    }
  }
  return false
}

@inline function equalBytes(a: usize, b: usize, length: u32): bool {
  for (let i: usize = 0; i < <usize>length; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false
  return true
}

/** Whether a name holds a folded text (or, with `whole`, is the text as it stands). */
@inline function nameFits(name: usize, needle: usize, needleLength: u32, whole: u32): bool {
  const head = load<u32>(name)
  const length = head & ~IS_SPECIAL
  if (whole != 0) return length == needleLength && equalBytes(name + 4, needle, length)
  if ((head & IS_SPECIAL) == 0) return containsFolded(name + 4, length, needle, needleLength)
  const other = name + 4 + ((<usize>length + 3) & ~3)
  return containsFolded(other + 4, load<u32>(other), needle, needleLength)
}

/** How many names are looked at together. */
const AHEAD: u32 = 64

export function filterNames(
  layout: usize, list: usize, count: u32, needle: usize, needleLength: u32, whole: u32, out: usize,
): u32 {
  const names = <usize>load<u32>(layout, NAMES)
  const ahead = <usize>load<u32>(layout, REGISTERS)
  let kept: u32 = 0
  for (let from: u32 = 0; from < count; from += AHEAD) {
    const batch = min(AHEAD, count - from)
    // Touched together first, so that memory brings them all at once.
    let touched: u32 = 0
    for (let i: u32 = 0; i < batch; i++) {
      const name = u32At(names, load<u32>(list + (<usize>(from + i) << 2)))
      touched ^= load<u32>(<usize>name)
      store<u32>(ahead + (<usize>i << 2), name)
    }
    store<u32>(ahead + (<usize>AHEAD << 2), touched)
    for (let i: u32 = 0; i < batch; i++) {
      if (!nameFits(<usize>load<u32>(ahead + (<usize>i << 2)), needle, needleLength, whole)) continue
      store<u32>(out + (<usize>kept << 2), load<u32>(list + (<usize>(from + i) << 2)))
      kept++
    }
  }
  return kept
}

// ----------------------------------------------------------------------------------------------------------------- pages

const PIECE_BYTES: usize = 12
const LITERAL: u32 = 0
const ID: u32 = 1
const NAME: u32 = 2
const DETAIL: u32 = 3
const TAGS: u32 = 4

/** Copies in steps of 16 bytes, past the end of both; whoever comes next writes over it. */
@inline function copy(into: usize, from: usize, length: usize): usize {
  let i: usize = 0
  do {
    v128.store(into + i, v128.load(from + i))
    i += 16
  } while (i < length)
  return into + length
}

@inline function hexDigits(nibbles: v128): v128 {
  const letters = v128.and(i8x16.gt_u(nibbles, i8x16.splat(9)), i8x16.splat(39))
  return i8x16.add(i8x16.add(nibbles, i8x16.splat(0x30)), letters)
}

/** Writes the 16 bytes of an id as 32 digits. */
@inline function writeHex(into: usize, id: usize): void {
  const bytes = v128.load(id)
  const high = hexDigits(i8x16.shr_u(bytes, 4))
  const low = hexDigits(v128.and(bytes, i8x16.splat(15)))
  v128.store(into, v128.shuffle<u8>(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23))
  v128.store(into, v128.shuffle<u8>(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), 16)
}

function writeId(layout: usize, slot: u32, into: usize, room: usize): usize {
  const id = wideAt(load<u32>(layout, ID_BYTES), slot)
  const kind = u8At(load<u32>(layout, ID_KINDS), slot)
  if (kind == 2) {
    const text = <usize>load<u32>(id)
    const length = <usize>load<u32>(text)
    return into + length > room ? 0 : copy(into, text + 4, length)
  }
  if (into + 36 > room) return 0
  if (kind == 1) {
    writeHex(into, id)
    store<u32>(into, 0x37306e69, 32)
    return into + 36
  }
  const digits = <usize>load<u32>(layout, REGISTERS)
  writeHex(digits, id)
  store<u64>(into, load<u64>(digits))
  store<u8>(into, 0x2d, 8)
  store<u32>(into, load<u32>(digits, 8), 9)
  store<u8>(into, 0x2d, 13)
  store<u32>(into, load<u32>(digits, 12), 14)
  store<u8>(into, 0x2d, 18)
  store<u32>(into, load<u32>(digits, 16), 19)
  store<u8>(into, 0x2d, 23)
  store<u64>(into, load<u64>(digits, 20), 24)
  store<u32>(into, load<u32>(digits, 28), 32)
  return into + 36
}

@inline function writeText(text: usize, into: usize, room: usize): usize {
  const length = <usize>(load<u32>(text) & ~IS_SPECIAL)
  return into + length > room ? 0 : copy(into, text + 4, length)
}

function writeTags(layout: usize, slot: u32, piece: usize, into: usize, room: usize): usize {
  const words = <usize>load<u32>(piece, 4)
  const item = <usize>u32At(load<u32>(layout, RUNS), slot)
  const length = u8At(load<u32>(layout, LENGTHS), slot)
  const parents = <usize>load<u32>(layout, PARENTS)
  const texts = <usize>load<u32>(layout, TEXTS)
  const ahead = <usize>load<u32>(layout, REGISTERS)
  if (length == 0) return into
  // All texts are touched first, so that memory brings them together; what they need is known then.
  let bytes: usize = 0
  for (let i: u32 = 0; i < length; i++) {
    const term = load<u32>(item + (<usize>i << 2))
    const key = u32At(texts, u32At(parents, term))
    const value = u32At(texts, term)
    bytes += <usize>load<u32>(<usize>key) + <usize>load<u32>(<usize>value) + 22
    store<u32>(ahead + (<usize>i << 3), key)
    store<u32>(ahead + (<usize>i << 3), value, 4)
  }
  // The first one has no comma.
  if (into + bytes - 1 > room) return 0
  let at = into
  for (let i: u32 = 0; i < length; i++) {
    const key = <usize>load<u32>(ahead + (<usize>i << 3))
    const value = <usize>load<u32>(ahead + (<usize>i << 3), 4)
    // The words are `,{"key":"`, `","value":"` and `"}`, sixteen bytes each.
    at = i == 0 ? copy(at, words + 1, 8) : copy(at, words, 9)
    at = copy(at, key + 4, <usize>load<u32>(key))
    at = copy(at, words + 16, 11)
    at = copy(at, value + 4, <usize>load<u32>(value))
    at = copy(at, words + 32, 2)
  }
  return at
}

export function writePage(
  layout: usize, slots: usize, count: u32, pieces: usize, piecesCount: u32, out: usize, room: usize,
): usize {
  let at = out
  for (let i: u32 = 0; i < count; i++) {
    const slot = load<u32>(slots + (<usize>i << 2))
    if (i > 0) {
      if (at >= room) return 0
      store<u8>(at, 0x2c)
      at++
    }
    for (let p: u32 = 0; p < piecesCount; p++) {
      const piece = pieces + <usize>p * PIECE_BYTES
      switch (load<u32>(piece)) {
        case LITERAL: {
          const length = <usize>load<u32>(piece, 8)
          at = at + length > room ? 0 : copy(at, <usize>load<u32>(piece, 4), length)
          break
        }
        case ID:
          at = writeId(layout, slot, at, room)
          break
        case NAME:
          at = writeText(<usize>u32At(load<u32>(layout, NAMES), slot), at, room)
          break
        case DETAIL:
          at = writeText(<usize>u32At(load<u32>(layout, RENDERED), u32At(load<u32>(layout, DETAILS), slot)), at, room)
          break
        case TAGS:
          at = writeTags(layout, slot, piece, at, room)
          break
      }
      if (at == 0) return 0
    }
  }
  return at
}
