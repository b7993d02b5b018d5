import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combine, EXPRESSION_LIMITS, type Expression, negate } from '../../src/core/expression/expression.ts'
import { parseExpression } from '../../src/core/expression/parse-expression.ts'
import { runLength } from '../support/effort.ts'
import { expectFound, indexOf, KERNEL_MODES } from './indexes.ts'
import { largeOf } from './large.ts'
import { anyFilter, idOf, KEYS, resourceFrom } from './queries.ts'

const RESOURCES = 60

/** An expression of as many tests as are allowed, as deep as a balanced tree of a shape can be. */
function largest(shape: (depth: number, parts: readonly Expression[]) => Expression): Expression {
  let tests: Expression[] = Array.from({ length: EXPRESSION_LIMITS.tests }, (_, n) => ({
    kind: 'tag-in',
    key: KEYS[n % KEYS.length] as string,
    values: [String(n % 3), String((n + 1) % 3)],
  }))
  for (let depth = 0; tests.length > 1; depth++) {
    tests = Array.from({ length: tests.length / 2 }, (_, n) => shape(depth, tests.slice(2 * n, 2 * n + 2)))
  }
  return tests[0] as Expression
}

const alternating = (depth: number, parts: readonly Expression[]) => combine(depth % 2 === 0 ? 'or' : 'and', parts)

const SHAPES: [string, (depth: number, parts: readonly Expression[]) => Expression][] = [
  ['and and or in turn', alternating],
  ['or and and in turn', (depth, parts) => alternating(depth + 1, parts)],
  ['negations at every level', (depth, parts) => negate(alternating(depth, parts))],
  ['negations of every part', (depth, parts) => alternating(depth, parts.map(negate))],
  [
    'the negation of one part of two',
    (depth, [a, b]) => alternating(depth, [negate(a as Expression), b as Expression]),
  ],
  ['only negated conjunctions', (_, parts) => negate(combine('and', parts))],
  ['only negated disjunctions', (_, parts) => negate(combine('or', parts))],
]

describe.each(KERNEL_MODES)('an index with %s kernels', (kernels) => {
  const model = Array.from({ length: RESOURCES }, (_, n) =>
    resourceFrom(idOf(n), n + 1, Math.imul(n + 1, 2_654_435_761) >>> 2),
  )
  const index = indexOf(model, kernels)

  it('finds what matches() finds for any filter', () => {
    fc.assert(
      fc.property(anyFilter(RESOURCES), fc.nat(8), fc.nat(8), (filter, offset, limit) => {
        expectFound(index, model, { query: { filter }, offset, limit })
      }),
      { numRuns: runLength(3000, 10_000) },
    )
  })

  it.each(SHAPES)('answers a filter of the most tests with %s', (_name, shape) => {
    expectFound(index, model, { query: { filter: largest(shape) }, offset: 1, limit: 3 })
  })

  it.each([
    'tags.all == "1" || tags.third == ""',
    '!(tags.all == "1" || tags.third == "") && tags.wide.startsWith("1")',
    'tags.many.startsWith("29") && (tags.half == "x" || size(tags) == 4)',
    '"rare" in tags || "first" in tags && tags.all != "2"',
    '!("all" in tags) || tags.wide in ["3", "4"]',
    'size(tags) == 0 || name.containsFold("größe-1")',
    '(size(tags) == 0 || tags.all == "1") && name.startsWith("even")',
    '!(tags.all == "1" && tags.half == "y" && size(tags) > 0) && created < timestamp("1970-01-01T00:00:02Z")',
    'tags.all == "3" || tags.wide in ["1", "2", "3"] && tags.many.startsWith("1") && !(tags.half == "x" && tags.third == "")',
    'name == "Shared" && tags.wide.endsWith("1")',
    `id in ["${idOf(3)}", "${idOf(1)}", "${idOf(2999)}", "none"] && size(tags) > 0`,
    'tags.all == "1" && !(tags.third == "" && (tags.half == "x" || "rare" in tags))',
  ])('finds what matches() finds in a large index for %s', (text) => {
    const large = largeOf(3000, kernels)
    for (const offset of [0, 7, 100_000]) {
      expectFound(large.index, large.model, { query: { filter: parseExpression(text) }, offset, limit: 20 })
    }
  })

  it('compares the values of a key that has too many to look up, resource by resource', () => {
    const many = Array.from({ length: 10_200 }, (_, n) => ({
      ...resourceFrom(idOf(n), n + 1, 14),
      tags: n % 50 === 0 ? [] : [{ key: 'k', value: `${n}` }],
    }))
    const wide = indexOf(many, kernels)
    const filters = ['tags.k.contains("99")', '!(tags.k.endsWith("9"))', 'tags.k.startsWith("1019") || size(tags) == 0']
    // Before and after the values in use are collected.
    for (const isCollected of [false, true]) {
      if (isCollected) while (!wide.tagsInUse.prepare());
      for (const text of filters) {
        expectFound(wide, many, { query: { filter: parseExpression(text) }, offset: 3, limit: 5 })
      }
    }
  })

  it('combines a filter with each list of a query', () => {
    const filter = parseExpression('tags.a == "1" || !("b" in tags)')
    const list = [
      { key: 'c', values: ['1', '2'] },
      { key: 'A', values: [] },
    ]
    for (const query of [
      { tags: list },
      { tagsAny: list },
      { notTags: list },
      { notTagsAny: list },
      { withoutAnyTag: true },
    ]) {
      expectFound(index, model, { query: { ...query, filter }, offset: 0, limit: 5 })
      expect(index.count({ ...query, filter })).toBeLessThanOrEqual(index.count(query))
    }
  })
})
