import { clearBit, filterBits, intersect, subtract, type Words, wordsFor } from './bitmap.ts'
import type { Posting } from './posting.ts'
import { NO_SLOTS, type SlotSet, slotsOfList, slotsOfWords } from './slot-set.ts'
import type { TagIndex } from './tag-index.ts'
import type { TagFilter, TagQuery } from './tag-query.ts'
import { foldCase } from './text.ts'

/** A slot is in a union when it is in at least one of its postings. */
type Union = readonly Posting[]

/** A condition on the name: where to look, and how to check one slot. */
type NamePlan = {
  /** Every slot whose name fits is in each of these. */
  readonly needs: readonly Union[]
  readonly fits: (slot: number) => boolean
  /** True when whoever is in all of them fits, so that there is nothing left to check. */
  readonly isExact: boolean
}

/** A query with its texts looked up: what is left are postings, and names to be checked. */
type Plan = {
  /** A slot has to be in each of these. */
  readonly needs: readonly Union[]
  /** A slot may be in none of these. */
  readonly bars: Union
  /** A slot may not be in all of these at once. */
  readonly notAll: readonly Union[] | undefined
  /** All of these have to fit. */
  readonly names: readonly NamePlan[]
}

/** Up to this many candidates are checked one by one; more are worked out as bitmaps. */
const CANDIDATES_MIN = 256

/** Finds the slots of a query. What `matches` says of each resource is the measure of it. */
export function search(index: TagIndex, query: TagQuery): SlotSet {
  const plan = planOf(index, query)
  const unions = [...plan.needs, ...plan.names.flatMap(({ needs }) => needs)]
  if (query.id !== undefined) {
    const slot = index.slotOf(query.id)
    return slot !== undefined && holds(plan, slot) ? slotsOfList([slot]) : NO_SLOTS
  }
  const candidates = smallest(unions)
  const candidatesMax = Math.max(CANDIDATES_MIN, index.slotCount >>> 6)
  return candidates !== undefined && sizeOf(candidates) <= candidatesMax
    ? checkEach(plan, candidates)
    : slotsOfWords(combine(index, plan, unions))
}

function planOf(index: TagIndex, query: TagQuery): Plan {
  const union = (filter: TagFilter) => postingsOf(index, filter)
  const names = planNames(index, query)
  if (query.withoutAnyTag) return { needs: [[index.untagged]], bars: [], notAll: undefined, names }
  const needs = (query.tags ?? []).map(union)
  if (query.tagsAny !== undefined) needs.push(query.tagsAny.flatMap(union))
  return { needs, bars: (query.notTagsAny ?? []).flatMap(union), notAll: query.notTags?.map(union), names }
}

function planNames(index: TagIndex, { nameContains, nameEquals }: TagQuery): NamePlan[] {
  const plans: NamePlan[] = []
  if (nameContains !== undefined && nameContains !== '') {
    const part = foldCase(nameContains)
    const fits = (slot: number) => index.names.foldedName(slot).includes(part)
    plans.push({ ...index.names.lookUpPart(part), fits })
  }
  if (nameEquals !== undefined) {
    const fits = (slot: number) => index.nameAt(slot) === nameEquals
    plans.push({ ...index.names.lookUpWhole(foldCase(nameEquals)), fits })
  }
  return plans
}

function postingsOf({ dictionary }: TagIndex, filter: TagFilter): Union {
  const postings =
    filter.values.length === 0
      ? [dictionary.keyPosting(filter.key)]
      : filter.values.map((value) => dictionary.pairPosting(filter.key, value))
  return postings.filter((posting) => posting !== undefined)
}

/** How many slots a union has at most. */
function sizeOf(union: Union): number {
  return union.reduce((sum, posting) => sum + posting.count, 0)
}

function smallest(unions: readonly Union[]): Union | undefined {
  let least: Union | undefined
  let leastSize = Number.POSITIVE_INFINITY
  for (const union of unions) {
    const size = sizeOf(union)
    if (size < leastSize) [least, leastSize] = [union, size]
  }
  return least
}

/** Checks the slots of one union, few as they are, against the whole plan. */
function checkEach(plan: Plan, candidates: Union): SlotSet {
  const slots = new Set<number>()
  for (const posting of candidates) {
    for (const slot of posting.slots()) if (holds(plan, slot)) slots.add(slot)
  }
  return slotsOfList([...slots].sort((a, b) => a - b))
}

function holds({ needs, bars, notAll, names }: Plan, slot: number): boolean {
  const isIn = (union: Union) => union.some((posting) => posting.has(slot))
  return needs.every(isIn) && !isIn(bars) && !notAll?.every(isIn) && names.every(({ fits }) => fits(slot))
}

/** Works out a plan over all slots at once. */
function combine(index: TagIndex, plan: Plan, unions: readonly Union[]): Words {
  const length = wordsFor(index.slotCount)
  const result: Words = new Uint32Array(length)
  index.live.uniteInto(result)
  for (const union of unions) intersect(result, wordsOf(union, length))
  for (const posting of plan.bars) subtractPosting(result, posting)
  if (plan.notAll !== undefined) {
    const all = result.slice()
    for (const union of plan.notAll) intersect(all, wordsOf(union, length))
    subtract(result, all)
  }
  for (const { fits, isExact } of plan.names) if (!isExact) filterBits(result, fits)
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
    for (const slot of posting.slots()) clearBit(words, slot)
  }
}
