import fc from 'fast-check'
import {
  combine,
  type Expression,
  negate,
  type Test,
  type TextMember,
} from '../../../src/core/expression/expression.ts'
import type { ExpressionCandidate } from '../../../src/core/expression/matches-expression.ts'

/** The texts and times that occur in expressions. */
export type Vocabulary = {
  readonly keys: readonly string[]
  readonly values: readonly string[]
  /** Parts of values and of names. */
  readonly parts: readonly string[]
  readonly names: readonly string[]
  readonly timesMs: readonly number[]
  /** What `id`, `type` and `project` are compared with. */
  readonly members: Readonly<Partial<Record<'id' | 'type' | 'project', readonly string[]>>>
}

const SMALL: Vocabulary = {
  keys: ['env', 'Env', 'business-unit', '成本', 'a"b\\c', 'in', 'x y'],
  values: ['', 'prod', 'Prod', 'production', 'dev', "o'k", 'ß', 'SS', 'é', 'a\\n', '😀'],
  parts: ['', 'pro', 'od', 'n', 'web', 'WEB', 'b-', 'STRASSE', 'ß', '😀'],
  names: ['', 'web-1', 'Web-2', 'straße', 'db', 'prod-web'],
  timesMs: [0, 1, 999, 1000, 86_400_000, 1_790_000_000_123],
  members: { id: ['r1', 'r2'], type: ['images', 'instances'], project: ['p1', 'p2'] },
}

const comparison = fc.constantFrom('==' as const, '<' as const, '<=' as const, '>' as const, '>=' as const)

function testsOf({ keys, values, parts, names, timesMs, members }: Vocabulary): fc.Arbitrary<Test> {
  const key = fc.constantFrom(...keys)
  const text = fc.constantFrom(...parts)
  const memberTests = Object.entries({ ...members, name: names }).map(([member, texts]) =>
    fc.record({
      kind: fc.constant('member-in' as const),
      member: fc.constant(member as TextMember),
      values: fc.array(fc.constantFrom(...texts), { maxLength: 3 }),
    }),
  )
  return fc.oneof(
    fc.constant({ kind: 'true' as const }),
    fc.record({
      kind: fc.constant('tag-in' as const),
      key,
      values: fc.array(fc.constantFrom(...values), { maxLength: 4 }),
    }),
    fc.record({ kind: fc.constant('has-tag' as const), key }),
    fc.record({
      kind: fc.constant('tag-text' as const),
      key,
      method: fc.constantFrom('startsWith' as const, 'endsWith' as const, 'contains' as const),
      text: fc.constantFrom(...values, ...parts),
    }),
    fc.record({ kind: fc.constant('tag-count' as const), comparison, count: fc.integer({ min: 0, max: 4 }) }),
    fc.oneof(...memberTests),
    fc.record({
      kind: fc.constant('name-text' as const),
      method: fc.constantFrom('startsWith' as const, 'contains' as const, 'containsFold' as const),
      text,
    }),
    fc.record({
      kind: fc.constant('time' as const),
      member: fc.constantFrom('created' as const, 'updated' as const),
      comparison,
      atMs: fc.constantFrom(...timesMs),
    }),
  )
}

/** Random expressions in normal form. */
export function expressionsOf(vocabulary: Vocabulary, maxDepth = 4): fc.Arbitrary<Expression> {
  const test = testsOf(vocabulary)
  return fc.letrec<{ any: Expression }>((tie) => ({
    any: fc.oneof(
      { maxDepth },
      test,
      fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('any'), { minLength: 1, maxLength: 3 }))
        .map(([kind, operands]) => combine(kind, operands)),
      tie('any').map(negate),
    ),
  })).any
}

export const expressions = expressionsOf(SMALL)

/** Random resources with the same keys, values and names as the expressions. */
export const candidates: fc.Arbitrary<Required<ExpressionCandidate>> = fc.record({
  id: fc.constantFrom('r1', 'r2', 'r3'),
  type: fc.constantFrom('images', 'instances'),
  project: fc.constantFrom('p1', 'p2'),
  name: fc.constantFrom(...SMALL.names),
  tags: fc.uniqueArray(fc.record({ key: fc.constantFrom(...SMALL.keys), value: fc.constantFrom(...SMALL.values) }), {
    selector: (tag) => tag.key,
    maxLength: 4,
  }),
  createdAtMs: fc.constantFrom(...SMALL.timesMs),
  updatedAtMs: fc.constantFrom(...SMALL.timesMs),
})
