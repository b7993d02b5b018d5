import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chipsOf, expressionOf, textOfFilter } from '../../console/src/query/chips.ts'
import {
  conditionOn,
  conditionOnUntagged,
  keysOf,
  toggleExcluded,
  toggleHaving,
  toggleLacking,
  toggleUntagged,
  toggleValue,
  withCondition,
  withNegated,
  withoutCondition,
} from '../../console/src/query/facets.ts'
import { paintsOf, readFilter } from '../../console/src/query/filter-text.ts'
import { type Expression, negate, TRUE } from '../../src/core/expression/expression.ts'
import { matchesExpression } from '../../src/core/expression/matches-expression.ts'
import { parseExpression } from '../../src/core/expression/parse-expression.ts'
import { printExpression } from '../../src/core/expression/print-expression.ts'
import { candidates, expressions } from '../support/expression/arbitrary.ts'

const keys = fc.constantFrom('env', 'team')
const values = fc.constantFrom('prod', 'dev', '')
/** Queries of conditions that facets read, beside others. */
const queries = fc
  .array(
    fc.oneof(
      expressions,
      keys.chain((key) => facetConditions(key)),
    ),
    { maxLength: 4 },
  )
  .map((conditions) => expressionOf(conditions.map((expression) => ({ expression }))))

function facetConditions(key: string): fc.Arbitrary<Expression> {
  const lists = fc.uniqueArray(values, { minLength: 1 })
  return fc.oneof(
    lists.map((list): Expression => ({ kind: 'tag-in', key, values: list })),
    lists.map((list) => negate({ kind: 'tag-in', key, values: list })),
    fc.constant<Expression>({ kind: 'has-tag', key }),
    fc.constant(negate({ kind: 'has-tag', key })),
  )
}

function parse(text: string): Expression {
  return text === '' ? TRUE : parseExpression(text)
}

describe('chips of a query', () => {
  it('hold for what the query holds for, and survive being written and read', () => {
    fc.assert(
      fc.property(queries, candidates, (query, resource) => {
        const chips = chipsOf(query)
        const again = parse(textOfFilter(expressionOf(chips)) ?? '')
        expect(again).toEqual(expressionOf(chips))
        expect(chipsOf(again)).toEqual(chips)
        expect(chips.every(({ expression }) => matchesExpression(resource, expression))).toBe(
          matchesExpression(resource, query),
        )
        expect(new Set(chips.map(({ id }) => id)).size).toBe(chips.length)
      }),
    )
  })

  it('say tests and alternatives of tests, and leave what is nested deeper to its text', () => {
    const terms = (text: string) => chipsOf(parse(text)).map((chip) => chip.terms?.map(({ isNegated }) => isNegated))
    expect(terms('')).toEqual([])
    expect(terms('true')).toEqual([])
    expect(terms('tags.env == "prod" && !("owner" in tags)')).toEqual([[false], [true]])
    expect(terms('tags.env == "prod" || !("env" in tags)')).toEqual([[false, true]])
    expect(terms('(tags.env == "prod" && tags.team == "a") || size(tags) == 0')).toEqual([undefined])
    expect(terms('!(tags.env == "prod" || tags.team == "a") && true')).toEqual([undefined])
    expect(terms('tags.env in []')).toEqual([undefined])
  })

  it('have different names if the same condition stands twice', () => {
    expect(chipsOf(parse('"a" in tags && "a" in tags')).map(({ id }) => id)).toEqual(['"a" in tags', '"a" in tags #2'])
  })

  it('are removed and negated by their place', () => {
    const query = parse('tags.env == "prod" && "owner" in tags')
    expect(printExpression(withoutCondition(query, 0))).toBe('"owner" in tags')
    expect(withoutCondition(withoutCondition(query, 0), 0)).toEqual(TRUE)
    expect(printExpression(withNegated(query, 1))).toBe('tags.env == "prod" && !("owner" in tags)')
    expect(withNegated(withNegated(query, 0), 0)).toEqual(query)
  })

  it('are added once', () => {
    const has: Expression = { kind: 'has-tag', key: 'owner' }
    expect(printExpression(withCondition(withCondition(TRUE, has), has))).toBe('"owner" in tags')
    expect(withCondition(TRUE, TRUE)).toEqual(TRUE)
  })
})

describe('a facet of a key', () => {
  it('has a value after it was chosen and loses it when it is chosen again, whatever else is asked for', () => {
    fc.assert(
      fc.property(queries, keys, values, (query, key, value) => {
        const before = conditionOn(query, key)
        const once = toggleValue(query, key, value)
        const after = conditionOn(once, key)
        if (before.excluded.includes(value)) {
          expect(after.excluded).not.toContain(value)
        } else {
          expect(after.included.includes(value)).toBe(!before.included.includes(value))
          const again = conditionOn(toggleValue(once, key, value), key)
          expect(again.included.toSorted()).toEqual(before.included.toSorted())
          expect({ ...again, included: [] }).toEqual({ ...before, included: [] })
        }
        expect(parse(textOfFilter(once) ?? '')).toEqual(once)
      }),
      { numRuns: 1000 },
    )
  })

  it('never both has and excludes a value that was excluded by a click', () => {
    fc.assert(
      fc.property(queries, keys, values, (query, key, value) => {
        const before = conditionOn(query, key)
        const after = conditionOn(toggleExcluded(query, key, value), key)
        expect(after.excluded.includes(value)).toBe(!before.excluded.includes(value))
        if (after.excluded.includes(value)) expect(after.included).not.toContain(value)
      }),
    )
  })

  it('leaves conditions on other keys as they are', () => {
    fc.assert(
      fc.property(queries, values, (query, value) => {
        const before = conditionOn(query, 'team')
        for (const change of [toggleValue, toggleExcluded]) {
          expect(conditionOn(change(query, 'env', value), 'team')).toEqual(before)
        }
        for (const change of [toggleLacking, toggleHaving]) {
          expect(conditionOn(change(query, 'env'), 'team')).toEqual(before)
        }
      }),
    )
  })

  it('writes one condition for the values to have, one for those not to have, and one for the key', () => {
    const text = (query: Expression) => printExpression(query)
    let query = toggleValue(TRUE, 'env', 'prod')
    expect(text(query)).toBe('tags.env == "prod"')
    query = toggleValue(query, 'env', 'staging')
    expect(text(query)).toBe('tags.env in ["prod", "staging"]')
    query = toggleLacking(query, 'env')
    expect(text(query)).toBe('tags.env in ["prod", "staging"] || !("env" in tags)')
    query = toggleExcluded(query, 'env', 'staging')
    expect(text(query)).toBe('(tags.env == "prod" || !("env" in tags)) && tags.env != "staging"')
    query = toggleHaving(query, 'env')
    expect(text(query)).toBe('tags.env == "prod" && tags.env != "staging" && "env" in tags')
    query = toggleLacking(query, 'env')
    expect(text(query)).toBe('tags.env == "prod" && tags.env != "staging"')
    query = toggleValue(query, 'env', 'staging')
    expect(text(query)).toBe('tags.env == "prod"')
    expect(toggleValue(query, 'env', 'prod')).toEqual(TRUE)
    expect(toggleHaving(toggleHaving(TRUE, 'env'), 'env')).toEqual(TRUE)
  })

  it('goes beside an expression that is nested too deeply for chips', () => {
    const query = parse('(tags.env == "prod" && tags.team == "a") || size(tags) == 0')
    const next = toggleValue(query, 'env', 'dev')
    expect(printExpression(next)).toBe(
      '(tags.env == "prod" && tags.team == "a" || size(tags) == 0) && tags.env == "dev"',
    )
    expect(toggleValue(next, 'env', 'dev')).toEqual(query)
  })

  it('names the keys that a query has conditions for', () => {
    expect(keysOf(parse('(tags.b == "1" || !("a" in tags)) && tags.c.contains("x") && tags.b == "2"'))).toEqual([
      'b',
      'a',
      'c',
    ])
    expect(keysOf(parse('size(tags) > 1 && name == "x"'))).toEqual([])
  })
})

describe('the facet of resources without any tag', () => {
  it('looks for them only, or for the others only, and ends either by another click', () => {
    const env = parse('tags.env == "prod"')
    const untagged = toggleUntagged(env, false)
    expect(printExpression(untagged)).toBe('tags.env == "prod" && size(tags) == 0')
    expect(conditionOnUntagged(untagged)).toBe('included')
    expect(toggleUntagged(untagged, true)).toEqual(env)
    const tagged = toggleUntagged(env, true)
    expect(conditionOnUntagged(tagged)).toBe('excluded')
    expect(toggleUntagged(tagged, false)).toEqual(env)
    expect(conditionOnUntagged(env)).toBeUndefined()
  })
})

describe('the text of a filter', () => {
  it('holds for everything if it is empty', () => {
    expect(readFilter('  ')).toEqual({ expression: TRUE })
    expect(textOfFilter(TRUE)).toBeUndefined()
  })

  it('is painted as it is, with a blank more if its fault is at the end', () => {
    fc.assert(
      fc.property(fc.oneof(expressions.map(printExpression), fc.string({ unit: 'grapheme' })), (text) => {
        const painted = paintsOf(text)
        const { error } = readFilter(text)
        const isAtEnd = error !== undefined && [...text].length < error.position
        expect(painted.map((each) => each.text).join('')).toBe(isAtEnd ? `${text} ` : text)
        expect(painted.some(({ look }) => look === 'fault')).toBe(error !== undefined)
      }),
    )
  })

  it('is painted by what its parts are, up to the fault', () => {
    expect(paintsOf('tags.env == "prod" && size(tags) > 2').map(({ text, look }) => `${look}:${text}`)).toEqual([
      'word:tags',
      'operator:.',
      'word:env',
      'blank: ',
      'operator:==',
      'blank: ',
      'text:"prod"',
      'blank: ',
      'operator:&&',
      'blank: ',
      'word:size',
      'operator:(',
      'word:tags',
      'operator:)',
      'blank: ',
      'operator:>',
      'blank: ',
      'number:2',
    ])
    expect(paintsOf('size(tags) = 2')).toContainEqual({ text: '=', look: 'fault' })
    expect(paintsOf('tags.env == "prod').at(-1)).toEqual({ text: ' ', look: 'fault' })
  })
})
