/**
 * Sets of slots as bits: slot `s` is bit `s & 31` of word `s >>> 5`. Plain functions on words; a set that is shorter
 * than another has no members beyond its end.
 */
export type Words = Uint32Array

/** How many words hold the slots 0 to `slots - 1`. */
export function wordsFor(slots: number): number {
  return (slots + 31) >>> 5
}

export function hasBit(words: Words, slot: number): boolean {
  return ((words[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0
}

export function setBit(words: Words, slot: number): void {
  words[slot >>> 5]! |= 1 << (slot & 31)
}

export function clearBit(words: Words, slot: number): void {
  words[slot >>> 5]! &= ~(1 << (slot & 31))
}

/** `into` keeps what is in both. */
export function intersect(into: Words, other: Words): void {
  const shared = Math.min(into.length, other.length)
  for (let i = 0; i < shared; i++) into[i]! &= other[i]!
  into.fill(0, shared)
}

/** `into` loses what is in the other. */
export function subtract(into: Words, other: Words): void {
  const shared = Math.min(into.length, other.length)
  for (let i = 0; i < shared; i++) into[i]! &= ~other[i]!
}

/** `into` gains what is in the other, whose members are all below the end of `into`. */
export function unite(into: Words, other: Words): void {
  const shared = Math.min(into.length, other.length)
  for (let i = 0; i < shared; i++) into[i]! |= other[i]!
}

/** How many bits of a 32-bit word are set. */
export function popcount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

export function countBits(words: Words): number {
  let count = 0
  for (let i = 0; i < words.length; i++) count += popcount(words[i]!)
  return count
}

/** Gives up to `limit` members in ascending order, leaving out the first `offset`. */
export function sliceBits(words: Words, offset: number, limit: number): number[] {
  const slots: number[] = []
  let skip = offset
  for (let i = 0; i < words.length && slots.length < limit; i++) {
    let word = words[i]!
    const count = popcount(word)
    if (skip >= count) {
      skip -= count
      continue
    }
    for (; word !== 0 && slots.length < limit; word &= word - 1) {
      if (skip > 0) skip--
      else slots.push((i << 5) + (31 - Math.clz32(word & -word)))
    }
  }
  return slots
}

/** Removes the members that a check does not keep. */
export function filterBits(words: Words, keeps: (slot: number) => boolean): void {
  for (let i = 0; i < words.length; i++) {
    for (let word = words[i]!; word !== 0; word &= word - 1) {
      const bit = word & -word
      if (!keeps((i << 5) + (31 - Math.clz32(bit)))) words[i]! &= ~bit
    }
  }
}
