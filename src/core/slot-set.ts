import { countBits, sliceBits, type Words } from './bitmap.ts'

/** The answer to a query: which slots, in ascending order, that is in order of creation. */
export type SlotSet = {
  /** How many slots match. */
  readonly count: number
  /** Up to `limit` of them, leaving out the first `offset`. */
  page(offset: number, limit: number): readonly number[]
}

export const NO_SLOTS: SlotSet = { count: 0, page: () => [] }

/** Wraps an ascending list of slots. */
export function slotsOfList(slots: readonly number[]): SlotSet {
  return { count: slots.length, page: (offset, limit) => slots.slice(offset, offset + limit) }
}

/** Wraps words that nobody changes any more. */
export function slotsOfWords(words: Words): SlotSet {
  return { count: countBits(words), page: (offset, limit) => sliceBits(words, offset, limit) }
}
