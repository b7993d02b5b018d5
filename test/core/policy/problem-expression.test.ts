import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FALSE } from '../../../src/core/expression/expression.ts'
import { matchesExpression } from '../../../src/core/expression/matches-expression.ts'
import type { PolicyRule } from '../../../src/core/policy/effective-policy.ts'
import { PROBLEMS, problemsOfResource } from '../../../src/core/policy/judge-resource.ts'
import { allowedExpression, problemExpression } from '../../../src/core/policy/problem-expression.ts'
import type { ResourceType } from '../../../src/core/resource-types.ts'

const TYPES = ['ecs', 'images', 'acme:thing'] as ResourceType[]
const KEYS = ['env', 'Env', 'ENV', 'owner', 'Owner', 'ſ', 'S']
const VALUES = ['', 'a', 'aa', 'aaa', 'ab', 'aba', 'abab', 'ba', 'b*', 'prod']
const PATTERNS = ['*', 'a*', '*a', 'a*a', 'ab*ab', 'aba*ba', 'ab*', 'prod', 'a', 'x*y', 'b*b']

const rule: fc.Arbitrary<PolicyRule> = fc.record({
  key: fc.constantFrom(...KEYS),
  values: fc.option(fc.uniqueArray(fc.constantFrom(...PATTERNS), { minLength: 1, maxLength: 3 }), { nil: undefined }),
  enforcedFor: fc.constant([]),
  requiredFor: fc.subarray(['ecs', 'acme:*', 'images']),
  requiredOnCreate: fc.constant(false),
}) as fc.Arbitrary<PolicyRule>

const tags = fc.uniqueArray(fc.record({ key: fc.constantFrom(...KEYS), value: fc.constantFrom(...VALUES) }), {
  selector: ({ key }) => key,
  maxLength: 4,
})

it('the expression of a problem holds exactly for the resources that are judged to have it', () => {
  const one = fc.record({ type: fc.constantFrom(...TYPES), tags })
  fc.assert(
    fc.property(rule, fc.array(one, { maxLength: 12 }), fc.subarray(TYPES, { minLength: 1 }), (given, all, types) => {
      const resources = all.filter(({ type }) => types.includes(type))
      const used = new Set(resources.flatMap((each) => each.tags.map(({ key }) => key)))
      // More spellings than are in use change nothing, and neither do other keys' own.
      const spellings = [...used, 'eNV'].filter(
        (key) => key !== given.key && key.toLowerCase() === given.key.toLowerCase(),
      )
      for (const resource of resources) {
        const found = problemsOfResource({ rules: [given] }, resource.type, resource.tags).map(({ problem }) => problem)
        for (const problem of PROBLEMS) {
          const expression = problemExpression(given, problem, { types, spellings })
          const candidate = { name: '', id: 'i', project: 'p', createdAtMs: 0, updatedAtMs: 0, ...resource }
          expect([problem, matchesExpression(candidate, expression)]).toEqual([problem, found.includes(problem)])
        }
      }
    }),
    { numRuns: 1000 },
  )
})

it('a problem that no resource can have is an expression that never holds', () => {
  const free = { key: 'env', enforcedFor: [], requiredFor: [], requiredOnCreate: false }
  const searched = { types: TYPES, spellings: [] }
  expect(PROBLEMS.map((problem) => problemExpression(free, problem, searched))).toEqual([FALSE, FALSE, FALSE])
  expect(allowedExpression(free)).toBeUndefined()
})
