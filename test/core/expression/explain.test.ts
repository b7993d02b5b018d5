import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explainOn, type Part, type PartOnResource, partsOf } from '../../../src/core/expression/explain-expression.ts'
import { withoutConditionsOn } from '../../../src/core/expression/facet-query.ts'
import { matchesExpression } from '../../../src/core/expression/matches-expression.ts'
import { parseExpression } from '../../../src/core/expression/parse-expression.ts'
import { foldKey, foldValue } from '../../../src/core/near-duplicates/fold.ts'
import { candidates, expressions } from '../../support/expression/arbitrary.ts'

const RESOURCE = {
  id: 'r1',
  type: 'images',
  project: 'p1',
  name: 'Web-1',
  tags: [
    { key: 'Env', value: 'Prod' },
    { key: 'team', value: 'Web Shop' },
    { key: 'zone', value: '1' },
  ],
  createdAtMs: 0,
  updatedAtMs: 1000,
}

const explained = (text: string) => explainOn(RESOURCE, partsOf(parseExpression(text)))

describe('the explanation of an expression', () => {
  it('has the meaning of every part, and nothing to say about a test that holds', () => {
    fc.assert(
      fc.property(expressions, candidates, (expression, resource) => {
        const compare = (part: Part, on: PartOnResource) => {
          expect(on.holds).toBe(matchesExpression(resource, part.expression))
          expect([on.op, on.text]).toEqual([part.op, part.text])
          if (on.holds || on.op !== 'test') expect(on).not.toHaveProperty('actual')
          else expect(on).toHaveProperty('actual')
          for (const [i, child] of part.children.entries()) compare(child, on.children[i] as PartOnResource)
        }
        const parts = partsOf(expression)
        compare(parts, explainOn(resource, parts))
      }),
    )
  })

  it.each([
    ['tags.env == "prod"', null, { key: 'Env', value: 'Prod' }],
    ['"owner" in tags', null, undefined],
    ['tags.Env == "prod"', 'Prod', { key: 'Env', value: 'Prod' }],
    ['tags.team in ["webshop", "x"]', 'Web Shop', { key: 'team', value: 'Web Shop' }],
    ['tags.team == "other"', 'Web Shop', undefined],
    ['tags.team.startsWith("x")', 'Web Shop', undefined],
    ['size(tags) == 0', 3, undefined],
    ['id == "x"', 'r1', undefined],
    ['name.contains("web")', 'Web-1', undefined],
    ['created > timestamp("2026-01-01T00:00:00Z")', '1970-01-01T00:00:00.000Z', undefined],
    ['updated == timestamp("2026-01-01T00:00:00Z")', '1970-01-01T00:00:01.000Z', undefined],
  ])('of %s says what the resource has', (text, actual, near) => {
    expect(explained(text)).toEqual({
      op: 'test',
      text,
      holds: false,
      actual,
      ...(near && { near }),
      children: [],
    })
  })
})

describe('the query of a facet without its own conditions', () => {
  const [a, b] = [
    { key: 'a', values: ['1'] },
    { key: 'b', values: [] },
  ]
  it.each([
    [
      { tags: [a, b], notTagsAny: [a, b] },
      { tags: [b], notTagsAny: [b] },
    ],
    [{ tags: [a], notTagsAny: [a], nameContains: 'x' }, { nameContains: 'x' }],
    [{ tagsAny: [a], notTags: [a] }, {}],
    [
      { tagsAny: [a, b], notTags: [a, b] },
      { tagsAny: [a, b], notTags: [a, b] },
    ],
    [{ withoutAnyTag: true }, { withoutAnyTag: true }],
  ])('of %j is %j', (query, expected) => {
    expect(withoutConditionsOn(query, 'a')).toEqual(expected)
  })

  it.each([
    ['tags.a == "1"', undefined],
    ['tags.a == "1" && tags.b == "2"', 'tags.b == "2"'],
    ['(tags.a == "1" || "a" in tags || !(tags.a.contains("x"))) && size(tags) > 1', 'size(tags) > 1'],
    ['!(tags.a == "1" && tags.a != "2") && name == "x"', 'name == "x"'],
    ['tags.a == "1" || tags.b == "2"', 'tags.a == "1" || tags.b == "2"'],
  ])('leaves out the parts of the filter %s that test only the key', (text, expected) => {
    const filter = parseExpression(text)
    expect(withoutConditionsOn({ filter }, 'a')).toEqual(
      expected === undefined ? {} : { filter: parseExpression(expected) },
    )
  })
})

describe('a fold', () => {
  it.each([
    ['Cost-Center', 'cost_center'],
    ['cost center', 'ＣＯＳＴ．center'],
    ['app:name', 'App/Name@'],
  ])('of the keys %s and %s is the same', (one, other) => {
    expect(foldKey(one)).toBe(foldKey(other))
  })

  it.each([
    ['Web Shop', 'web-shop', true],
    ['v1', 'v2', false],
    ['1.2', '12', false],
    ['2024-01', '202401', false],
    ['a.b', 'ab', true],
    ['az-1a', 'az1a', true],
    ['az-1a', 'az-1b', false],
    ['1.x', '1x', true],
  ])('of the values %s and %s is the same: %s', (one, other, same) => {
    expect(foldValue(one) === foldValue(other)).toBe(same)
  })
})
