import type { TagFilter, TagQuery } from '../core/tag-query.ts'
import { LIVE, type TagDictionary, UNTAGGED } from './dictionary.ts'
import { type Formula, isAll, outline } from './formula.ts'
import type { Masks } from './kernels/kernels.ts'

/** Terms of which a resource must carry at least one. */
export type Union = readonly number[]

/** The conditions of a query that terms tell of, with keys and values resolved to terms. */
export type QueryPlan = {
  /** A resource must be in each of these. The first has the smallest upper bound of members. */
  readonly required: readonly [Union, ...Union[]]
  /** A resource must not carry any of these terms. */
  readonly excluded: Union
  /** A resource must not be in all of these at once. Empty for no such condition. */
  readonly notAll: readonly Union[]
  /** A resource must fulfil these too. */
  readonly formulas: readonly Formula[]
  /** False when the filter has conditions that are not in the plan: each resource must be tested. */
  readonly isExact: boolean
}

/** Resolves the tag conditions of a query. Undefined when no resource can match. */
export function planQuery(dictionary: TagDictionary, query: TagQuery): QueryPlan | undefined {
  const parts = query.withoutAnyTag ? { ...NO_PARTS, required: [[UNTAGGED]] } : planLists(dictionary, query)
  if (parts === undefined) return undefined
  const filter = query.filter === undefined ? undefined : outline(dictionary, query.filter)
  const { required, excluded, notAll, formulas } = filter === undefined ? parts : withFormula(parts, filter.formula)
  if (required.some((terms) => terms.length === 0)) return undefined
  const sized = required.map((terms) => ({ terms, size: sizeOf(dictionary, terms) }))
  sized.sort((a, b) => a.size - b.size)
  const [first = [LIVE], ...others] = sized.map(({ terms }) => terms)
  return { required: [first, ...others], excluded, notAll, formulas, isExact: filter?.isExact ?? true }
}

type Parts = {
  readonly required: readonly Union[]
  readonly excluded: Union
  readonly notAll: readonly Union[]
  readonly formulas: readonly Formula[]
}

const NO_PARTS: Parts = { required: [], excluded: [], notAll: [], formulas: [] }

/** Adds the conditions of a formula: those of a form that has a place of its own in the plan, and the rest as formulas. */
function withFormula(parts: Parts, formula: Formula): Parts {
  if (isAll(formula)) return parts
  const required = [...parts.required]
  const excluded = [...parts.excluded]
  let { notAll } = parts
  const formulas: Formula[] = []
  for (const operand of formula.kind === 'and' ? formula.operands : [formula]) {
    const negated = operand.kind === 'not' ? operand.operand : undefined
    const unions = negated?.kind === 'and' ? unionsOf(negated.operands) : undefined
    if (operand.kind === 'union') required.push(operand.terms)
    else if (negated?.kind === 'union') excluded.push(...negated.terms)
    else if (unions !== undefined && notAll.length === 0) notAll = unions
    else formulas.push(operand)
  }
  return { required, excluded, notAll, formulas }
}

/** The terms of formulas if all are unions. */
function unionsOf(formulas: readonly Formula[]): readonly Union[] | undefined {
  const unions = formulas.flatMap((formula) => (formula.kind === 'union' ? [formula.terms] : []))
  return unions.length === formulas.length ? unions : undefined
}

/** Resolves the four lists of a query. Undefined when no resource can match. */
function planLists(dictionary: TagDictionary, query: TagQuery): Parts | undefined {
  const union = (filter: TagFilter) => termsOf(dictionary, filter)
  const required = (query.tags ?? []).map(union)
  if (query.tagsAny !== undefined) required.push([...new Set(query.tagsAny.flatMap(union))])
  if (required.some((terms) => terms.length === 0)) return undefined
  const excluded = query.notTagsAny?.flatMap(union) ?? []
  let notAll = query.notTags?.map(union)
  // NAND of an empty list is false (`[].every()` is true), as in `matches.ts`.
  if (notAll?.length === 0) return undefined
  // NAND of one condition excludes it. A condition that no resource meets makes the NAND true.
  if (notAll?.length === 1) excluded.push(...notAll[0]!)
  if (notAll?.length === 1 || !notAll?.every((terms) => terms.length > 0)) notAll = []
  return { required, excluded, notAll, formulas: [] }
}

function termsOf(dictionary: TagDictionary, { key, values }: TagFilter): Union {
  const keyTerm = dictionary.key(key)
  if (keyTerm === -1) return []
  if (values.length === 0) return [keyTerm]
  return values.map((value) => dictionary.pair(keyTerm, value)).filter((term) => term !== -1)
}

/** An upper bound of the members of a union: the sum of its postings. */
export function sizeOf({ postings }: TagDictionary, terms: Union): number {
  let size = 0
  for (const term of terms) size += postings.count(term)
  return size
}

/** True when the plan consists of a single term. */
export function isSingleTerm({ required, excluded, notAll, formulas }: QueryPlan): boolean {
  const hasOthers = excluded.length > 0 || notAll.length > 0 || formulas.length > 0
  return required.length === 1 && required[0].length === 1 && !hasOthers
}

/** Bits of a mark that can be used. */
const BITS_MAX = 31

/** The bits of each condition, and the marks of the terms: a term has the bits of the conditions that name it. */
export type TermMarks = { readonly masks: Masks; readonly marks: ReadonlyMap<number, number> }

/** Assigns a bit to each condition of a plan. Undefined when marks cannot tell of all of them. */
export function assignMarks(
  dictionary: TagDictionary,
  { required, excluded, notAll, formulas }: QueryPlan,
): TermMarks | undefined {
  if (formulas.length > 0 || required.length + notAll.length + 1 > BITS_MAX) return undefined
  // No pair of an untagged resource could have a mark.
  const isAlone = required.length === 1 && excluded.length === 0 && notAll.length === 0
  const lists = [...required, excluded, ...notAll]
  if (!(isAlone && required[0].length === 1) && lists.some((terms) => terms.includes(UNTAGGED))) return undefined
  const marks = new Map<number, number>()
  let bits = 0
  let includeKeys = 0
  const assign = (terms: Union): number => {
    const bit = 1 << bits++
    for (const term of terms) {
      marks.set(term, (marks.get(term) ?? 0) | bit)
      if (dictionary.isKey(term)) includeKeys = 1
    }
    return bit
  }
  let requiredBits = 0
  // Candidates are live, and an untagged resource carries no terms, so these two need no bit.
  for (const terms of required) if (terms[0] !== LIVE && terms[0] !== UNTAGGED) requiredBits |= assign(terms)
  const excludedBits = excluded.length > 0 ? assign(excluded) : 0
  let notAllBits = 0
  for (const terms of notAll) notAllBits |= assign(terms)
  return { masks: { required: requiredBits, excluded: excludedBits, notAll: notAllBits, includeKeys }, marks }
}
