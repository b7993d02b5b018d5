import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inProject, ofType } from '../../../src/core/expression/decided-query.ts'
import { countTests, EXPRESSION_LIMITS, FALSE, negate, TRUE } from '../../../src/core/expression/expression.ts'
import { type ExpressionCandidate, matchesExpression } from '../../../src/core/expression/matches-expression.ts'
import { parseExpression } from '../../../src/core/expression/parse-expression.ts'
import { printExpression } from '../../../src/core/expression/print-expression.ts'
import { onState } from '../../../src/core/expression/simplify-expression.ts'
import { matches } from '../../../src/core/matches.ts'
import { IMAGES, INSTANCES } from '../../../src/core/resource-types.ts'
import { candidates, expressions } from '../../support/expression/arbitrary.ts'
import { CEL, celContext, celProgram } from '../../support/expression/cel.ts'
import { TYPE_IN_CEL } from '../../support/expression/strict-cel.ts'

function failure(text: string): string {
  try {
    parseExpression(text)
  } catch (error) {
    return (error as Error).message
  }
  throw new Error(`"${text}" was parsed`)
}

const RESOURCE: ExpressionCandidate = {
  id: 'r1',
  type: 'images',
  project: 'p1',
  name: 'Web-1',
  tags: [
    { key: 'env', value: 'prod' },
    { key: '成本', value: '1' },
    { key: 'a"b\\c', value: '' },
  ],
  createdAtMs: Date.parse('2026-01-31T12:00:00Z'),
  updatedAtMs: Date.parse('2026-02-01T12:00:00.500Z'),
}

describe('an expression', () => {
  it('means what CEL says about it, with a test of the key before each test of a value', () => {
    fc.assert(
      fc.property(expressions, candidates, (expression, resource) => {
        expect(matchesExpression(resource, expression)).toBe(celProgram(expression)(celContext(resource)))
      }),
      { numRuns: 3000 },
    )
  })

  it('has a canonical text that parses to the same expression and that CEL accepts', () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        const text = printExpression(expression)
        expect(parseExpression(text)).toEqual(expression)
        expect(CEL.check(text.replaceAll(/\btype\b/g, TYPE_IN_CEL)).valid).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps its meaning when all tests are decided that a change of tags or name cannot alter', () => {
    fc.assert(
      fc.property(expressions, candidates, (expression, resource) => {
        const { name, tags } = resource
        const inside = onState(expression, resource)
        expect(matchesExpression({ id: '', name, tags }, inside)).toBe(matchesExpression(resource, expression))
        if (inside !== TRUE && JSON.stringify(inside) !== JSON.stringify(FALSE)) {
          expect(JSON.stringify(inside)).not.toMatch(/"true"|"member":"(id|type|project|created|updated)"/)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('must not test a member that the resource lacks', () => {
    const { name, tags } = RESOURCE
    for (const text of [
      'type == "images"',
      'project != "p"',
      'created < timestamp("2026-01-01T00:00:00Z")',
      'updated == timestamp("2026-01-01T00:00:00Z")',
    ]) {
      expect(() => matchesExpression({ id: 'r1', name, tags }, parseExpression(text))).toThrow(RangeError)
    }
  })
})

describe('a query with a filter', () => {
  it('matches when the filter and every other condition hold', () => {
    const filter = parseExpression('tags.env == "prod"')
    expect(matches(RESOURCE, { filter })).toBe(true)
    expect(matches(RESOURCE, { filter, nameEquals: 'other' })).toBe(false)
    expect(matches(RESOURCE, { filter: negate(filter), nameEquals: 'Web-1' })).toBe(false)
  })

  it('is decided for a project and a type, and unchanged without a filter', () => {
    const filter = parseExpression('type == "images" && project == "p1" && tags.env == "prod"')
    const rest = { filter: parseExpression('tags.env == "prod"') }
    expect(ofType(inProject({ filter }, 'p1'), IMAGES)).toEqual(rest)
    expect(ofType(inProject({ filter }, 'p2'), IMAGES)).toEqual({ filter: FALSE })
    expect(ofType(inProject({ filter }, 'p1'), INSTANCES)).toEqual({ filter: FALSE })
    const query = { nameEquals: 'x' }
    expect(ofType(inProject(query, 'p1'), IMAGES)).toBe(query)
  })
})

describe('parseExpression', () => {
  it.each([
    ['tags.env == "prod"', true],
    ["tags['env'] == 'prod'", true],
    ['tags.env != "prod"', false],
    ['tags.owner != "me"', true],
    ['tags.owner == ""', false],
    ['!("owner" in tags) && tags.env in ["a", "prod"]', true],
    ['tags.env in []', false],
    ['has(tags.env)', true],
    ['has(tags.owner)', false],
    ['tags["成本"] == "1"', true],
    ['tags["a\\"b\\\\c"] == ""', true],
    ['tags["\\u6210\\U0000672c"] == "\\x31" && tags["\\346"] != "1"', true],
    ['tags.env.startsWith("pr") && tags.env.endsWith("od") && tags.env.contains("ro")', true],
    ['tags.owner.contains("")', false],
    [
      'size(tags) == 3 && size(tags) != 2 && size(tags) > 2 && size(tags) < 4 && size(tags) >= 3 && size(tags) <= 3',
      true,
    ],
    ['id == "r1" && type in ["images"] && project != "p2" && name == "Web-1"', true],
    ['name.contains("web")', false],
    ['name.containsFold("wEB") && name.startsWith("Web")', true],
    ['created > timestamp("2026-01-31T13:00:00+02:00")', true],
    ['updated == timestamp("2026-02-01T12:00:00.5Z")', true],
    ['tags.env == "dev" || tags.env == "prod" && true', true],
    ['(tags.env == "prod" || true) && !true', false],
    ['!!!(true)', false],
    [' \n true\t', true],
  ])('reads %s', (text, expected) => {
    expect(matchesExpression(RESOURCE, parseExpression(text))).toBe(expected)
  })

  it.each([
    [
      '',
      'expected a test, such as tags.env == "prod", "env" in tags, size(tags) > 0, name.contains("web") at character 1',
    ],
    [
      'env == "prod"',
      'expected a test, such as tags.env == "prod", "env" in tags, size(tags) > 0, name.contains("web") at character 1',
    ],
    [
      'true && ]',
      'expected a test, such as tags.env == "prod", "env" in tags, size(tags) > 0, name.contains("web") at character 9',
    ],
    ['tags.env = "prod"', 'expected a name, a text in quotes, a number or an operator at character 10'],
    ['tags.env', 'expected ==, !=, in or . at character 9'],
    ['tags', 'expected .key or ["key"] at character 5'],
    ['tags.1 == "a"', 'expected a key at character 6'],
    ['tags.in == "a"', 'expected a key that is no word of CEL, or tags["in"] instead at character 6'],
    ['tags[env] == "a"', 'expected a text in quotes at character 6'],
    ['tags["env" == "a"', 'expected ] at character 12'],
    ['tags.env == prod', 'expected a text in quotes at character 13'],
    ['tags.env.matches("a")', 'expected startsWith or endsWith or contains at character 10'],
    ['tags.env."contains"("a")', 'expected startsWith or endsWith or contains at character 10'],
    ['tags.env.contains "a"', 'expected ( at character 19'],
    ['tags.env in "a"', 'expected [ at character 13'],
    ['tags.env in ["a" "b"]', 'expected , or ] at character 18'],
    ['"env" in names', 'expected tags at character 10'],
    ['size(tags) == "1"', 'expected a number at character 15'],
    ['size(tags) in [1]', 'expected == or != or < or <= or > or >= at character 12'],
    ['name ~ "x"', 'expected a name, a text in quotes, a number or an operator at character 6'],
    ['name', 'expected ==, !=, in or . at character 5'],
    ['id.contains("x")', 'expected ==, != or in at character 3'],
    ['created > "2026-01-01T00:00:00Z"', 'expected timestamp at character 11'],
    [
      'created > timestamp("2026-01-01")',
      'expected a time of RFC 3339 with at most milliseconds, such as "2026-01-31T00:00:00Z" at character 21',
    ],
    ['(true', 'expected &&, || or ) at character 6'],
    ['true true', 'expected &&, || or the end at character 6'],
    ['"😀" in x', 'expected tags at character 8'],
    ['tags.a == "b', 'expected " at the end of the text at character 13'],
    ['tags.a == "b\n"', 'expected " at the end of the text at character 13'],
    ['tags.a == "\\q"', 'expected an escape sequence of CEL, such as \\" or \\\\ or \\u00e9 at character 12'],
    ['tags.a == "\\U00110000"', 'expected an escape sequence of CEL, such as \\" or \\\\ or \\u00e9 at character 12'],
  ])('refuses %s and names the position and what is expected there', (text, message) => {
    expect(failure(text)).toBe(message)
  })

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00+00:60',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '2026-01-01T00:00:00.1234Z',
    '2026-01-01 00:00:00Z',
  ])('refuses the time %s', (time) => {
    expect(failure(`created < timestamp("${time}")`)).toMatch(/^expected a time of RFC 3339/)
  })

  it('accepts every limit and refuses one more', () => {
    const { characters, listItems, nesting, tests } = EXPRESSION_LIMITS
    const list = (items: number) => `tags.a in [${Array(items).fill('"x"').join()}]`
    const all = (count: number) => Array(count).fill('true').join('&&')
    const nested = (levels: number) => `${'('.repeat(levels)}true${')'.repeat(levels)}`
    const long = (length: number) => `${'true'.padEnd(length - 1)}\t`
    for (const text of [list(listItems), all(tests), nested(nesting), long(characters)]) parseExpression(text)
    expect(failure(list(listItems + 1))).toBe(`expected at most 200 items at character ${12 + 4 * listItems}`)
    expect(failure(all(tests + 1))).toBe(`expected at most 64 tests at character ${1 + 6 * tests}`)
    expect(failure(nested(nesting + 1))).toBe(`expected at most 8 levels of parentheses at character ${nesting + 1}`)
    expect(failure(long(characters + 1))).toBe('expected at most 4096 characters at character 4097')
  })

  it.each([
    ['true', 1],
    ['!("a" in tags)', 1],
    ['tags.a == "1" && (tags.b == "2" || !(tags.c == "3" && size(tags) > 1))', 4],
  ])('counts the tests of %s', (text, count) => {
    expect(countTests(parseExpression(text))).toBe(count)
  })

  it('counts the levels of parentheses and not their number', () => {
    expect(parseExpression(Array(20).fill('(true)').join('||')).kind).toBe('or')
  })
})
