import type { TagFilter, TagQuery } from '../core/tag-query.ts'
import { LIVE, type TagDictionary, UNTAGGED } from './dictionary.ts'
import { ENTRY_WORDS, OPERATION } from './kernels/abi.ts'
import type { Masks } from './kernels/kernels.ts'
import { blocksUpTo } from './name-column.ts'
import type { Operand } from './postings.ts'

/** Terms of which a resource has to carry one. */
export type Union = readonly number[]

/** A query with its texts looked up: what is left are terms. */
export type Plan = {
  /** A resource has to be in each of these, of which the first is the smallest. */
  readonly needs: readonly [Union, ...Union[]]
  /** A resource may carry none of these. */
  readonly bars: Union
  /** A resource may not be in all of these at once; empty when nothing is asked. */
  readonly notAll: readonly Union[]
}

/** Looks up what a query asks of tags. Undefined: no resource can match. */
export function planOf(dictionary: TagDictionary, query: TagQuery): Plan | undefined {
  if (query.withoutAnyTag) return { needs: [[UNTAGGED]], bars: [], notAll: [] }
  const union = (filter: TagFilter) => termsOf(dictionary, filter)
  const needs = (query.tags ?? []).map(union)
  if (query.tagsAny !== undefined) needs.push([...new Set(query.tagsAny.flatMap(union))])
  if (needs.some((terms) => terms.length === 0)) return undefined
  const bars = query.notTagsAny?.flatMap(union) ?? []
  let notAll = query.notTags?.map(union)
  // All of no conditions hold at once, so that a list without any lets nothing through, as `matches` has it.
  if (notAll?.length === 0) return undefined
  // A single condition that may not hold is one that is barred, and all at once means nothing when one never holds.
  if (notAll?.length === 1) bars.push(...notAll[0]!)
  if (notAll?.length === 1 || !notAll?.every((terms) => terms.length > 0)) notAll = []
  const sized = needs.map((terms) => ({ terms, size: sizeOf(dictionary, terms) }))
  sized.sort((a, b) => a.size - b.size)
  const [first = [LIVE], ...others] = sized.map(({ terms }) => terms)
  return {
    needs: [first, ...others],
    bars,
    notAll,
  }
}

function termsOf(dictionary: TagDictionary, { key, values }: TagFilter): Union {
  const keyTerm = dictionary.key(key)
  if (keyTerm === -1) return []
  if (values.length === 0) return [keyTerm]
  return values.map((value) => dictionary.pair(keyTerm, value)).filter((term) => term !== -1)
}

/** How many slots a union has at most. */
export function sizeOf({ postings }: TagDictionary, terms: Union): number {
  let size = 0
  for (const term of terms) size += postings.count(term)
  return size
}

/** Bits that marks have room for. */
const BITS_MAX = 31

/** Gives each condition of a plan a bit, and each term the bits of its conditions; undefined when there are too many. */
export function marksOf(
  dictionary: TagDictionary,
  { needs, bars, notAll }: Plan,
): { readonly masks: Masks; readonly marks: ReadonlyMap<number, number> } | undefined {
  if (needs.length + notAll.length + 1 > BITS_MAX) return undefined
  const marks = new Map<number, number>()
  let bits = 0
  let includeKeys = 0
  const take = (terms: Union): number => {
    const bit = 1 << bits++
    for (const term of terms) {
      marks.set(term, (marks.get(term) ?? 0) | bit)
      if (dictionary.isKey(term)) includeKeys = 1
    }
    return bit
  }
  let required = 0
  // Every candidate is live, and only a resource without any term is untagged.
  for (const terms of needs) if (terms[0] !== LIVE && terms[0] !== UNTAGGED) required |= take(terms)
  const excluded = bars.length > 0 ? take(bars) : 0
  let all = 0
  for (const terms of notAll) all |= take(terms)
  return { masks: { required, excluded, notAll: all, includeKeys }, marks }
}

// What one operation on a block costs, about nanoseconds, so that a few candidates are rather looked at.
const BITMAP_COST = 110
const LIST_COST = 30
const MEMBER_COST = 1

type Step = {
  readonly operation: number
  readonly operand: Operand | undefined
  readonly cost: number
  /** False: what is left after the step may not be looked at. */
  readonly mayCheck: boolean
}

/** A program for the kernels; see `OPERATION` for what its words are. */
export class Program {
  readonly #dictionary: TagDictionary
  readonly #blocks: number
  readonly #steps: Step[] = []

  constructor(dictionary: TagDictionary, slotCount: number) {
    this.#dictionary = dictionary
    this.#blocks = blocksUpTo(slotCount)
  }

  /** Puts a plan into steps; `within` holds every slot in question, and others, even such that no resource has. */
  static of(dictionary: TagDictionary, slotCount: number, plan: Plan, within: Operand | undefined): Program {
    const program = new Program(dictionary, slotCount)
    if (within !== undefined) program.#step(OPERATION.load, within, false)
    for (const [i, terms] of plan.needs.entries()) {
      if (i === 0 && within === undefined) program.#union(terms, OPERATION.load, OPERATION.loadUnion)
      else program.#union(terms, OPERATION.and, OPERATION.andUnion)
    }
    for (const term of plan.bars) program.#step(OPERATION.andNot, dictionary.postings.operand(term))
    if (plan.notAll.length > 0) {
      program.#step(OPERATION.startNand)
      for (const terms of plan.notAll) program.#union(terms, OPERATION.andNand, OPERATION.andNandUnion)
      program.#step(OPERATION.subtractNand)
    }
    return program
  }

  get length(): number {
    return this.#steps.length
  }

  /** How many bytes it takes. */
  get bytes(): number {
    return this.#steps.length * ENTRY_WORDS * 4
  }

  /** Writes it to words from a place on. */
  write(u32: Uint32Array, at: number): void {
    let rest = 0
    for (let i = this.#steps.length - 1; i >= 0; i--) {
      const { operation, operand, cost, mayCheck } = this.#steps[i] as Step
      const entry = at + i * ENTRY_WORDS
      u32[entry] = operation | (operand?.kind ?? 0)
      u32[entry + 1] = operand?.address ?? 0
      u32[entry + 2] = operand?.length ?? 0
      u32[entry + 3] = 0
      u32[entry + 4] = mayCheck ? rest : 0
      rest += cost
    }
  }

  #union(terms: Union, ofOne: number, ofSpare: number): void {
    const { postings } = this.#dictionary
    if (terms.length === 1) {
      this.#step(ofOne, postings.operand(terms[0] as number))
      return
    }
    this.#step(OPERATION.clearUnion)
    for (const term of terms) this.#step(OPERATION.orUnion, postings.operand(term))
    this.#step(ofSpare)
  }

  #step(operation: number, operand?: Operand, mayCheck = true): void {
    const cost = operand?.kind === 0 ? LIST_COST + Math.ceil(operand.length / this.#blocks) * MEMBER_COST : BITMAP_COST
    this.#steps.push({ operation, operand, cost, mayCheck })
  }
}
