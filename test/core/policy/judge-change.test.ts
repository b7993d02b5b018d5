import { describe, expect, it } from 'vitest'
import { violationFacts, violationsOf } from '../../../src/core/policy/judge-change.ts'
import { IMAGES } from '../../../src/core/resource-types.ts'
import { compiled, tagsOf } from './policies.ts'

const IMAGE = { '@@assign': ['ims:image'] }
const POLICY = compiled({
  env: {
    tag_value: { '@@assign': ['prod', 'dev*'] },
    enforced_for: IMAGE,
    report_required_tag_for: IMAGE,
    required_on_create: true,
  },
  costcenter: { tag_key: { '@@assign': 'CostCenter' }, enforced_for: IMAGE },
}).forType(IMAGES)!

const found = (before: string | undefined, after: string) =>
  violationsOf(POLICY, before === undefined ? undefined : tagsOf(before), tagsOf(after)).map(
    ({ problem, key, value }) => `${problem} ${key}=${value}`,
  )

describe('a change violates a policy', () => {
  it('when it sets a value that is not allowed', () => {
    expect(found('', 'env=test')).toEqual(['wrong-value env=test'])
    expect(found('env=prod', 'env=test')).toEqual(['wrong-value env=test'])
    expect(found('', 'env=dev-1')).toEqual([])
  })

  it('when it sets a key in a wrong case, whatever the value', () => {
    expect(found('', 'Env=prod')).toEqual(['wrong-case Env=prod'])
    expect(found('', 'costcenter=1')).toEqual(['wrong-case costcenter=1'])
    expect(found('', 'CostCenter=1')).toEqual([])
    expect(found('Env=a', 'Env=b')).toEqual(['wrong-case Env=b'])
  })

  it('when it creates a resource without a key that is required then', () => {
    expect(found(undefined, 'team=web')).toEqual(['missing env=undefined'])
    expect(found(undefined, 'env=prod')).toEqual([])
    expect(found(undefined, 'Env=prod')).toEqual(['wrong-case Env=prod'])
    expect(found('', 'team=web')).toEqual([])
  })
})

describe('a change does not violate a policy', () => {
  it('by leaving an old fault in place', () => {
    expect(found('env=test Env=x', 'env=test Env=x team=web')).toEqual([])
  })

  it('by removing tags, or by setting other keys', () => {
    expect(found('env=prod', '')).toEqual([])
    expect(found('env=test a=1', 'a=2')).toEqual([])
  })

  it('by creating a resource where no rule requires a key', () => {
    const policy = compiled({ env: { enforced_for: IMAGE } }).forType(IMAGES)!
    expect(violationsOf(policy, undefined, [])).toEqual([])
  })
})

describe('the facts of a violation', () => {
  it('name the key, the rule and the value', () => {
    expect(violationsOf(POLICY, undefined, tagsOf('Env=prod')).map(violationFacts)).toEqual([
      { field: 'tags.Env', rule: { name: 'policy-spells', key: 'env' }, value: 'Env' },
    ])
    expect(violationsOf(POLICY, undefined, []).map(violationFacts)).toEqual([
      { field: 'tags.env', rule: { name: 'policy-requires' } },
    ])
    expect(violationsOf(POLICY, [], tagsOf('env=test')).map(violationFacts)).toEqual([
      { field: 'tags.env', rule: { name: 'policy-allows', values: ['dev*', 'prod'] }, value: 'test' },
    ])
  })
})
