import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CompiledPolicy, valueTest } from '../../../src/core/policy/compiled-policy.ts'
import type { EffectivePolicy } from '../../../src/core/policy/effective-policy.ts'
import { violationsOf } from '../../../src/core/policy/judge-change.ts'
import { PROBLEMS, problemsOfResource } from '../../../src/core/policy/judge-resource.ts'
import { IMAGES, type ResourceType } from '../../../src/core/resource-types.ts'
import { effectiveOf, tagsOf } from './policies.ts'

const POLICY = effectiveOf({
  env: { tag_value: { '@@assign': ['prod', 'dev*'] }, report_required_tag_for: { '@@assign': ['ims:image'] } },
  owner: { tag_key: { '@@assign': 'Owner' } },
})
const problems = (tags: string, type: ResourceType = IMAGES) =>
  problemsOfResource(POLICY, type, tagsOf(tags)).map(({ key, problem }) => `${key} ${problem}`)

describe('the problems of a resource', () => {
  it('are none when each key has the right case and an allowed value', () => {
    expect(problems('env=prod Owner=')).toEqual([])
    expect(problems('env=dev-2')).toEqual([])
    expect(PROBLEMS).toHaveLength(3)
  })

  it('are a missing key only for types that must have it, and only without the key in any case', () => {
    expect(problems('')).toEqual(['env missing'])
    expect(problems('', 'rds' as ResourceType)).toEqual([])
    expect(problems('ENV=prod')).toEqual(['env wrong-case'])
  })

  it('are wrong values and wrong cases for every type', () => {
    expect(problems('env=test owner=me', 'rds' as ResourceType)).toEqual(['Owner wrong-case', 'env wrong-value'])
    expect(problems('env=test Env=prod')).toEqual(['env wrong-value', 'env wrong-case'])
  })
})

const texts = fc.stringMatching(/^[abA*]{0,3}$/)
const values = texts.filter((text) => text.split('*').length < 3)
const keys = fc.constantFrom('k', 'K', 'l', 'L', 'other')
const tags = fc.uniqueArray(fc.record({ key: keys, value: texts }), { selector: ({ key }) => key })
const policies: fc.Arbitrary<EffectivePolicy> = fc
  .uniqueArray(
    fc.record({
      key: fc.constantFrom('k', 'K', 'L'),
      values: fc.option(fc.array(values, { minLength: 1 }), { nil: undefined }),
    }),
    { selector: ({ key }) => key.toLowerCase() },
  )
  .map((rules) => ({
    rules: rules.map(({ key, values: allowed }) => ({
      key,
      ...(allowed && { values: allowed }),
      enforcedFor: [IMAGES],
      requiredFor: [IMAGES],
      requiredOnCreate: true,
    })),
  }))

describe('both judges', () => {
  it('find the same faults in a resource whose tags are all new', () => {
    fc.assert(
      fc.property(policies, tags, (policy, after) => {
        const ofType = new CompiledPolicy(policy).forType(IMAGES)
        const ofChange = ofType === undefined ? [] : violationsOf(ofType, undefined, after)
        const inChange = new Set(ofChange.map(({ rule, problem }) => `${rule.key} ${problem}`))
        const inResource = problemsOfResource(policy, IMAGES, after).map(({ key, problem }) => `${key} ${problem}`)
        expect([...inChange].sort()).toEqual(inResource.sort())
      }),
    )
  })

  it('allow the same values', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1 }), texts, (allowed, value) => {
        const policy = {
          rules: [{ key: 'k', values: allowed, enforcedFor: [], requiredFor: [], requiredOnCreate: false }],
        }
        const isRefused = problemsOfResource(policy, IMAGES, [{ key: 'k', value }]).length > 0
        expect(isRefused).toBe(!valueTest(allowed)(value))
      }),
    )
  })
})
