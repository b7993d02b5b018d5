import fc from 'fast-check'
import { expect, it } from 'vitest'
import { validityRulesOf } from '../../src/catalog/validity-rules.ts'
import type { EffectivePolicy, PolicyRule } from '../../src/core/policy/effective-policy.ts'
import { problemsOfResource } from '../../src/core/policy/judge-resource.ts'
import { IMAGES } from '../../src/core/resource-types.ts'
import { TagIndex } from '../../src/search-index/tag-index.ts'

const ruleOf = (key: string, values?: readonly string[]): PolicyRule => ({
  key,
  ...(values && { values }),
  enforcedFor: [],
  requiredFor: [],
  requiredOnCreate: false,
})

const rule = fc
  .tuple(
    fc.constantFrom('env', 'owner', 'none'),
    fc.option(fc.uniqueArray(fc.constantFrom('a*', 'a*a', 'prod', '*', 'x'), { minLength: 1 }), { nil: undefined }),
  )
  .map(([key, values]) => ruleOf(key, values))
const policy = fc
  .uniqueArray(rule, { selector: ({ key }) => key, minLength: 1 })
  .map((rules): EffectivePolicy => ({ rules }))
const tags = fc.uniqueArray(
  fc.record({ key: fc.constantFrom('env', 'Env', 'owner'), value: fc.constantFrom('', 'a', 'aa', 'ab', 'prod') }),
  { selector: ({ key }) => key },
)

it('as many resources have a valid value of a key as have the key without being judged to have a wrong value', () => {
  fc.assert(
    fc.property(policy, fc.array(tags, { maxLength: 20 }), (effective, resources) => {
      const index = new TagIndex()
      for (const [i, each] of resources.entries()) {
        index.put({ id: `i${i}`, name: '', detail: '{}', tags: each, sequence: i, createdAtMs: 0, updatedAtMs: 0 })
      }
      const rules = validityRulesOf(effective)
      for (const { key } of effective.rules) {
        const valid = resources.filter(
          (each) =>
            each.some((tag) => tag.key === key) &&
            !problemsOfResource(effective, IMAGES, each).some(
              (one) => one.key === key && one.problem === 'wrong-value',
            ),
        )
        expect([key, rules?.countValid(index, IMAGES, key)]).toEqual([key, valid.length])
      }
      expect(rules?.countValid(index, IMAGES, 'Env')).toBeUndefined()
    }),
  )
})

it('rules have the same id as long as keys and values are the same, and a policy without keys has none', () => {
  const id = (...rules: readonly PolicyRule[]) => validityRulesOf({ rules })?.id
  expect(id(ruleOf('env', ['a']))).toMatch(/^[0-9a-f]{16}$/)
  expect(id({ ...ruleOf('env', ['a']), requiredFor: ['ecs'] })).toBe(id(ruleOf('env', ['a'])))
  expect(id(ruleOf('env', ['b']))).not.toBe(id(ruleOf('env', ['a'])))
  expect(id(ruleOf('env'))).not.toBe(id(ruleOf('env', ['a'])))
  expect(id()).toBeUndefined()
})
