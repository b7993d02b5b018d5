import { describe, expect, it } from 'vitest'
import { valueTest } from '../../../src/core/policy/compiled-policy.ts'
import { IMAGES, type ResourceType } from '../../../src/core/resource-types.ts'
import { compiled } from './policies.ts'

const ENFORCED = { '@@assign': ['ims:image'] }

describe('a compiled policy', () => {
  it('has nothing for a type that no rule is enforced for', () => {
    const policy = compiled({ env: { enforced_for: ENFORCED }, team: { report_required_tag_for: ENFORCED } })
    expect(policy.forType('rds' as ResourceType)).toBeUndefined()
    expect([...(policy.forType(IMAGES)?.enforced.keys() ?? [])]).toEqual(['env'])
    expect(policy.forType(IMAGES)?.requiredOnCreate).toEqual([])
  })

  it('has the rules whose keys new resources must have', () => {
    const policy = compiled({ env: { required_on_create: true, report_required_tag_for: ENFORCED } })
    expect(policy.forType(IMAGES)?.requiredOnCreate.map(({ rule }) => rule.key)).toEqual(['env'])
  })

  it('remembers a bounded number of types', () => {
    const policy = compiled({ env: { enforced_for: ENFORCED } })
    const first = policy.forType(IMAGES)
    expect(policy.forType(IMAGES)).toBe(first)
    for (let i = 0; i < 1000; i++) policy.forType(`type-${i}` as ResourceType)
    expect(policy.forType(IMAGES)).not.toBe(first)
    expect(policy.forType(IMAGES)).toEqual(first)
  })
})

describe('a test of values', () => {
  it.each([
    ['prod', 'prod', true],
    ['prod', 'Prod', false],
    ['300*', '300', true],
    ['300*', '3001', true],
    ['300*', '30', false],
    ['*@example.com', 'me@example.com', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['*', '', true],
  ])('by %s has for %s the answer %s', (pattern, value, answer) => {
    expect(valueTest(['other', pattern])(value)).toBe(answer)
  })

  it('passes every value without a list', () => {
    expect(valueTest(undefined)('')).toBe(true)
  })
})
