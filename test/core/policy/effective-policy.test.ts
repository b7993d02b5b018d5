import { describe, expect, it } from 'vitest'
import { type MergedPolicies, mergePolicies } from '../../../src/core/policy/effective-policy.ts'
import { policyOf } from './policies.ts'

type Tags = Readonly<Record<string, unknown>>
const named = (policies: Readonly<Record<string, Tags>>) =>
  Object.entries(policies).map(([name, tags]) => ({ name, policy: policyOf(tags) }))
const merge = (domain: Readonly<Record<string, Tags>>, project: Readonly<Record<string, Tags>> = {}): MergedPolicies =>
  mergePolicies(named(domain), named(project))
const ruleOf = (merged: MergedPolicies, key: string) => merged.effective.rules.find((rule) => rule.key === key)
const reasons = ({ ignored }: MergedPolicies) =>
  ignored.map(({ level, policy, field, reason, by }) => `${level} ${policy} ${field} ${reason}${by ? ` ${by}` : ''}`)

const CHILD = '@@operators_allowed_for_child_policies'

describe('the effective policy', () => {
  it('of no policies is empty', () => {
    expect(merge({})).toEqual({ effective: { rules: [] }, ignored: [] })
  })

  it('has a rule for each key, sorted, with the key in lower case unless a policy spells it', () => {
    const merged = merge({ a: { Team: {}, costcenter: { tag_key: { '@@assign': 'CostCenter' } } } })
    const rest = { enforcedFor: [], requiredFor: [], requiredOnCreate: false }
    expect(merged.effective.rules).toEqual([
      { key: 'CostCenter', ...rest },
      { key: 'team', ...rest },
    ])
  })

  it('allows any value when the list of values is empty', () => {
    const merged = merge(
      { a: { env: { tag_value: { '@@assign': ['prod'] } } } },
      { b: { env: { tag_value: { '@@remove': ['prod'] } } } },
    )
    expect(ruleOf(merged, 'env')?.values).toBeUndefined()
  })

  // The six examples of the AWS guide, "Inheritance examples", with two levels.
  it('has the values of the project where the project assigns them', () => {
    const merged = merge(
      {
        a: {
          costcenter: { tag_key: { '@@assign': 'CostCenter' }, tag_value: { '@@assign': ['Development', 'Support'] } },
        },
      },
      {
        b: {
          costcenter: { tag_value: { '@@assign': ['Sandbox'] }, enforced_for: { '@@assign': ['rds:*', 'ims:image'] } },
        },
      },
    )
    expect(merged.effective.rules).toEqual([
      {
        key: 'CostCenter',
        values: ['Sandbox'],
        enforcedFor: ['images', 'rds', 'rds:*'],
        requiredFor: [],
        requiredOnCreate: false,
      },
    ])
  })

  it('has the values of both where the project appends', () => {
    const merged = merge(
      { a: { costcenter: { tag_value: { '@@assign': ['Development', 'Support'] } } } },
      { c: { costcenter: { tag_value: { '@@append': ['Marketing'] } } } },
    )
    expect(ruleOf(merged, 'costcenter')?.values).toEqual(['Development', 'Marketing', 'Support'])
  })

  it('lacks the values that the project removes', () => {
    const merged = merge(
      { a: { costcenter: { tag_value: { '@@assign': ['Development', 'Support'] } } } },
      { d: { costcenter: { tag_value: { '@@remove': ['Development'] } } } },
    )
    expect(ruleOf(merged, 'costcenter')?.values).toEqual(['Support'])
  })

  it('holds a project to the operators that the domain allows', () => {
    const merged = merge(
      {
        e: {
          project: {
            tag_key: { [CHILD]: ['@@none'], '@@assign': 'Project' },
            tag_value: { [CHILD]: ['@@append'], '@@assign': ['Maintenance', 'Escalations'] },
          },
        },
      },
      {
        f: {
          project: {
            tag_key: { '@@assign': 'PROJECT' },
            tag_value: { '@@append': ['Escalations - research'], '@@remove': ['Maintenance'] },
          },
        },
      },
    )
    expect(merged.effective.rules).toMatchObject([
      { key: 'Project', values: ['Escalations', 'Escalations - research', 'Maintenance'] },
    ])
    expect(reasons(merged)).toEqual([
      'project f tags.project.tag_key.@@assign not-allowed',
      'project f tags.project.tag_value.@@remove not-allowed',
    ])
  })

  it('allows projects what all policies of the domain allow together', () => {
    const merged = merge(
      {
        g: { project: { tag_value: { [CHILD]: ['@@append', '@@remove'], '@@assign': ['Maintenance'] } } },
        h: { project: { tag_value: { [CHILD]: ['@@append'] } } },
      },
      { i: { project: { tag_value: { '@@append': ['New'], '@@remove': ['Maintenance'] } } } },
    )
    expect(ruleOf(merged, 'project')?.values).toEqual(['Maintenance', 'New'])
    expect(reasons(merged)).toEqual(['project i tags.project.tag_value.@@remove not-allowed'])
  })

  it('takes what policies of one level assign from the first by name, and appends the rest', () => {
    const merged = merge({
      k: { project: { tag_key: { '@@assign': 'project' }, tag_value: { '@@assign': ['Other'] } } },
      j: {
        project: { tag_key: { '@@assign': 'PROJECT' }, tag_value: { '@@assign': ['Maintenance'], '@@append': ['X'] } },
      },
      l: { project: { tag_key: { '@@assign': 'PROJECT' }, tag_value: { '@@assign': ['Maintenance'] } } },
    })
    expect(merged.effective.rules).toMatchObject([{ key: 'PROJECT', values: ['Maintenance', 'X'] }])
    expect(reasons(merged)).toEqual([
      'domain k tags.project.tag_key.@@assign assigned-before j',
      'domain k tags.project.tag_value.@@assign assigned-before j',
    ])
  })

  it('can be closed to projects as a whole, and for one key', () => {
    const tags = { env: { tag_value: { '@@assign': ['prod'] } } }
    const added = { b: { env: { tag_value: { '@@append': ['x'] } }, team: {}, size: { required_on_create: true } } }
    const closed = merge({ a: { [CHILD]: ['@@none'], ...tags } }, added)
    expect(ruleOf(closed, 'env')?.values).toEqual(['prod'])
    expect(ruleOf(closed, 'size')?.requiredOnCreate).toBe(false)
    const oneKey = merge({ a: { env: { ...tags.env, [CHILD]: ['@@assign'] } } }, added)
    expect(ruleOf(oneKey, 'env')?.values).toEqual(['prod'])
    expect(ruleOf(oneKey, 'size')?.requiredOnCreate).toBe(true)
  })

  it('keeps required_on_create of the domain unless the project assigns it', () => {
    const domain = { a: { env: { required_on_create: true } } }
    expect(ruleOf(merge(domain, { b: { env: {} } }), 'env')?.requiredOnCreate).toBe(true)
    expect(ruleOf(merge(domain, { b: { env: { required_on_create: false } } }), 'env')?.requiredOnCreate).toBe(false)
  })

  it('begins a list with what is appended, and leaves one that nobody has set', () => {
    const merged = merge({ a: { env: { tag_value: { '@@append': ['b'] }, enforced_for: { '@@remove': ['images'] } } } })
    expect(ruleOf(merged, 'env')).toMatchObject({ values: ['b'], enforcedFor: [] })
  })
})
