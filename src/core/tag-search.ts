import { hasBit, intersect, subtract, type Words, wordsFor } from './bitmap.ts'
import type { Posting } from './posting.ts'
import { NO_SLOTS, type SlotSet, slotsOfList, slotsOfWords } from './slot-set.ts'
import type { TagIndex } from './tag-index.ts'
import type { TagFilter, TagQuery } from './tag-query.ts'
import { foldCase } from './text.ts'

/** A slot is in a union when it is in at least one of its postings. */
type Union = readonly Posting[]

/** A query with its texts looked up: what is left are postings. */
type Plan = {
  /** A slot has to be in each of these. */
  readonly needs: readonly Union[]
  /** A slot may be in none of these. */
  readonly bars: Union
  /** A slot may not be in all of these at once. */
  readonly notAll: readonly Union[] | undefined
  readonly nameContains: string | undefined
  readonly nameEquals: string | undefined
}

/** Up to this many candidates are checked one by one; more are worked out as bitmaps. */
const CANDIDATES_MIN = 256

/** Finds the slots of a query. What `matches` says of each resource is the measure of it. */
export function search(index: TagIndex, query: TagQuery): SlotSet {
  const plan = planOf(index, query)
  if (plan.needs.some((union) => union.length === 0)) return NO_SLOTS
  if (plan.notAll?.length === 0) return NO_SLOTS
  if (query.id !== undefined) {
    const slot = index.slotOf(query.id)
    return slot !== undefined && holds(index, plan, slot) ? slotsOfList([slot]) : NO_SLOTS
  }
  const candidatesMax = Math.max(CANDIDATES_MIN, index.slotCount >>> 6)
  const byTags = smallest(plan.needs)
  if (byTags !== undefined && sizeOf(byTags) <= candidatesMax) return checkEach(index, plan, byTags)
  const byName = lookUpName(index, plan)
  if (byName === undefined) return slotsOfWords(combine(index, plan))
  if (byName.length === 0) return NO_SLOTS
  const named = afterLookUp(plan, byName)
  if (named.nameEquals !== undefined || named.nameContains !== undefined || sizeOf(byName) <= candidatesMax) {
    return checkEach(index, named, byName)
  }
  return slotsOfWords(combine(index, named))
}

function planOf(index: TagIndex, query: TagQuery): Plan {
  const union = (filter: TagFilter) => postingsOf(index, filter)
  const nameContains = query.nameContains === undefined ? undefined : foldCase(query.nameContains)
  const name = { nameContains: nameContains === '' ? undefined : nameContains, nameEquals: query.nameEquals }
  if (query.withoutAnyTag) return { needs: [[index.untagged]], bars: [], notAll: undefined, ...name }
  const needs = (query.tags ?? []).map(union)
  if (query.tagsAny !== undefined) needs.push(query.tagsAny.flatMap(union))
  return { needs, bars: (query.notTagsAny ?? []).flatMap(union), notAll: query.notTags?.map(union), ...name }
}

function postingsOf(index: TagIndex, filter: TagFilter): Union {
  const { dictionary } = index
  const postings =
    filter.values.length === 0
      ? [dictionary.keyPosting(filter.key)]
      : filter.values.map((value) => dictionary.pairPosting(filter.key, value))
  return postings.filter((posting) => posting !== undefined)
}

function lookUpName(index: TagIndex, plan: Plan): Union | undefined {
  if (plan.nameEquals !== undefined) return index.names.findWhole(foldCase(plan.nameEquals))
  if (plan.nameContains !== undefined) return index.names.find(plan.nameContains)
  return undefined
}

/**
 * The plan once its name was looked up: the slots found join the other conditions as one more union. What the look-up
 * leaves open stays to be checked: letter case of an exact name, and the part of a name that has to be exact too.
 */
function afterLookUp(plan: Plan, byName: Union): Plan {
  const needs = [...plan.needs, byName]
  if (plan.nameEquals === undefined) return { ...plan, needs, nameContains: undefined }
  // Only the empty name folds to the empty text.
  return { ...plan, needs, nameEquals: plan.nameEquals === '' ? undefined : plan.nameEquals }
}

/** How many slots a union has at most. */
function sizeOf(union: Union): number {
  return union.reduce((sum, posting) => sum + posting.count, 0)
}

function smallest(unions: readonly Union[]): Union | undefined {
  return unions.reduce<Union | undefined>(
    (least, union) => (least === undefined || sizeOf(union) < sizeOf(least) ? union : least),
    undefined,
  )
}

/** Checks the slots of one union, few as they are, against the whole plan. */
function checkEach(index: TagIndex, plan: Plan, candidates: Union): SlotSet {
  const slots = new Set<number>()
  for (const posting of candidates) {
    for (const slot of posting.slots()) if (holds(index, plan, slot)) slots.add(slot)
  }
  return slotsOfList([...slots].sort((a, b) => a - b))
}

function holds(index: TagIndex, plan: Plan, slot: number): boolean {
  const isIn = (union: Union) => union.some((posting) => posting.has(slot))
  if (!plan.needs.every(isIn)) return false
  if (isIn(plan.bars)) return false
  if (plan.notAll?.every(isIn)) return false
  if (plan.nameEquals !== undefined && index.nameAt(slot) !== plan.nameEquals) return false
  return plan.nameContains === undefined || index.names.foldedName(slot).includes(plan.nameContains)
}

/** Works out the tag conditions of a plan over all slots at once. */
function combine(index: TagIndex, plan: Plan): Words {
  const length = wordsFor(index.slotCount)
  const result: Words = new Uint32Array(length)
  index.live.uniteInto(result)
  for (const union of plan.needs) intersect(result, wordsOf(union, length))
  for (const posting of plan.bars) subtractPosting(result, posting)
  if (plan.notAll !== undefined) {
    const all = result.slice()
    for (const union of plan.notAll) intersect(all, wordsOf(union, length))
    subtract(result, all)
  }
  return result
}

function wordsOf(union: Union, length: number): Words {
  const only = union.length === 1 ? union[0]!.words : undefined
  if (only !== undefined) return only
  const words = new Uint32Array(length)
  for (const posting of union) posting.uniteInto(words)
  return words
}

function subtractPosting(words: Words, posting: Posting): void {
  if (posting.words !== undefined) subtract(words, posting.words)
  else {
    for (const slot of posting.slots()) if (hasBit(words, slot)) words[slot >>> 5]! &= ~(1 << (slot & 31))
  }
}
