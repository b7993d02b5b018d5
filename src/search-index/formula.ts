import type { Expression, Test } from '../core/expression/expression.ts'
import { testText } from '../core/expression/matches-expression.ts'
import { LIVE, type TagDictionary, UNTAGGED } from './dictionary.ts'

/** A boolean combination of terms. */
export type Formula =
  /** Carries at least one of these terms. Empty: never true. */
  | { readonly kind: 'union'; readonly terms: readonly number[] }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Formula[] }
  | { readonly kind: 'not'; readonly operand: Formula }

const NONE: Formula = { kind: 'union', terms: [] }
const ALL: Formula = { kind: 'union', terms: [LIVE] }
const TAGGED: Formula = { kind: 'not', operand: { kind: 'union', terms: [UNTAGGED] } }

/** A test of the text of values compares at most this many values of the key; of more, each resource is tested. */
const VALUES_MAX = 10_000
/** The same for all tests of one expression together: it is resolved without a break. */
const VALUES_IN_ALL_MAX = 40_000

/** What holds for every resource that matches, and what holds only for resources that match. */
type Bounds = { readonly upper: Formula; readonly lower: Formula }

/** A formula that every resource fulfils which matches an expression; `isExact`: and no other resource. */
export type Outline = { readonly formula: Formula; readonly isExact: boolean }

/** Values that the tests of an expression may still compare. */
type Budget = { values: number }

/** Resolves the keys and values of an expression to terms. Tests of something other than tags are not in the formula. */
export function outline(dictionary: TagDictionary, expression: Expression): Outline {
  let isExact = true
  const budget = { values: VALUES_IN_ALL_MAX }
  const bound = (test: Test): Bounds => {
    const exact = termsOf(dictionary, test, budget)
    if (exact !== undefined) return { upper: exact, lower: exact }
    isExact = false
    return { upper: upperBound(dictionary, test), lower: NONE }
  }
  return { formula: boundsOf(expression, bound).upper, isExact }
}

function boundsOf(expression: Expression, bound: (test: Test) => Bounds): Bounds {
  switch (expression.kind) {
    case 'not': {
      const { upper, lower } = boundsOf(expression.operand, bound)
      return { upper: not(lower), lower: not(upper) }
    }
    case 'and':
    case 'or': {
      const all = expression.operands.map((operand) => boundsOf(operand, bound))
      const join = (operands: readonly Formula[]) => (expression.kind === 'and' ? and(operands) : or(operands))
      return { upper: join(all.map(({ upper }) => upper)), lower: join(all.map(({ lower }) => lower)) }
    }
    default:
      return bound(expression)
  }
}

/** The resources for which a test holds; undefined where terms do not tell. */
function termsOf(dictionary: TagDictionary, test: Test, budget: Budget): Formula | undefined {
  switch (test.kind) {
    case 'true':
      return ALL
    case 'has-tag':
      return keyFormula(dictionary, test.key)
    case 'tag-in': {
      const keyTerm = dictionary.key(test.key)
      if (keyTerm === -1) return NONE
      const terms = test.values.map((value) => dictionary.pair(keyTerm, value))
      return { kind: 'union', terms: [...new Set(terms.filter((term) => term !== -1))] }
    }
    case 'tag-text':
      return valuesFormula(dictionary, test, budget)
    case 'tag-count':
      return countFormula(test)
    default:
      return undefined
  }
}

function keyFormula(dictionary: TagDictionary, key: string): Formula {
  const term = dictionary.key(key)
  return term === -1 ? NONE : { kind: 'union', terms: [term] }
}

function valuesFormula(
  dictionary: TagDictionary,
  { key, method, text }: Extract<Test, { kind: 'tag-text' }>,
  budget: Budget,
): Formula | undefined {
  const keyTerm = dictionary.key(key)
  if (keyTerm === -1) return NONE
  // Collecting the values of a large index takes many time slices, which is up to the caller.
  if (dictionary.inUse.uncollected > VALUES_MAX) return undefined
  const terms: number[] = []
  let compared = 0
  for (const value of dictionary.inUse.valuesFrom(key, method === 'startsWith' ? text : '')) {
    if (method === 'startsWith' && !value.startsWith(text)) break
    if (++compared > VALUES_MAX || --budget.values < 0) return undefined
    if (testText(value, method, text)) terms.push(dictionary.pair(keyTerm, value))
  }
  return { kind: 'union', terms }
}

/** Distinguishes no tags from some tags. */
function countFormula({ comparison, count }: Extract<Test, { kind: 'tag-count' }>): Formula | undefined {
  const untagged: Formula = { kind: 'union', terms: [UNTAGGED] }
  switch (comparison) {
    case '==':
    case '<=':
      return count === 0 ? untagged : undefined
    case '<':
      if (count === 0) return NONE
      return count === 1 ? untagged : undefined
    case '>':
      return count === 0 ? TAGGED : undefined
    case '>=':
      if (count === 0) return ALL
      return count === 1 ? TAGGED : undefined
  }
}

function upperBound(dictionary: TagDictionary, test: Test): Formula {
  return test.kind === 'tag-text' ? keyFormula(dictionary, test.key) : ALL
}

/** True for a formula that no resource fulfils. */
export function isNone(formula: Formula): boolean {
  return formula.kind === 'union' && formula.terms.length === 0
}

/** True for a formula that every resource fulfils. */
export function isAll(formula: Formula): boolean {
  return formula.kind === 'union' && formula.terms[0] === LIVE
}

export function not(formula: Formula): Formula {
  if (isNone(formula)) return ALL
  if (isAll(formula)) return NONE
  return formula.kind === 'not' ? formula.operand : { kind: 'not', operand: formula }
}

export function and(formulas: readonly Formula[]): Formula {
  if (formulas.some(isNone)) return NONE
  const operands = formulas.filter((formula) => !isAll(formula)).flatMap((formula) => operandsOf(formula, 'and'))
  return combined('and', operands) ?? ALL
}

export function or(formulas: readonly Formula[]): Formula {
  if (formulas.some(isAll)) return ALL
  const operands = formulas.flatMap((formula) => operandsOf(formula, 'or'))
  // One union of all terms costs less than several.
  const terms = operands.flatMap((operand) => (operand.kind === 'union' ? operand.terms : []))
  const others = operands.filter(({ kind }) => kind !== 'union')
  const unions: Formula[] = terms.length === 0 ? [] : [{ kind: 'union', terms: [...new Set(terms)] }]
  return combined('or', [...unions, ...others]) ?? NONE
}

function operandsOf(formula: Formula, kind: 'and' | 'or'): readonly Formula[] {
  return formula.kind === kind ? formula.operands : [formula]
}

function combined(kind: 'and' | 'or', operands: readonly Formula[]): Formula | undefined {
  return operands.length < 2 ? operands[0] : { kind, operands }
}
