import { describe, expect, it } from 'vitest'
import { collectPolicy, readRules } from '../../../src/cli/report/collect-policy.ts'
import { fakeClient } from './fake-client.ts'

const RULES = [
  { tag_key: 'Owner', report_required_tag_for: ['ecs'], enforced_for: [], required_on_create: false },
  { tag_key: 'env', tag_value: ['prod', 'test*'], report_required_tag_for: [] },
]
const COUNTED = {
  resources: 10,
  compliant: 7,
  keys: [
    { key: 'Owner', missing: 1, 'wrong-value': 0, 'wrong-case': 0 },
    { key: 'env', missing: 0, 'wrong-value': 2, 'wrong-case': 1 },
  ],
}

describe('the rules of a project in a report', () => {
  it('are those that its policies ask for together, and null without any', async () => {
    expect(await readRules(fakeClient({ 'policies/effective': { rules: RULES } }).client)).toEqual(RULES)
    expect(await readRules(fakeClient({ 'policies/effective': { rules: [] } }).client)).toBeNull()
  })

  it.each(['route-not-found', 'action-forbidden'])('are null when the service answers %s', async (code) => {
    expect(await readRules(fakeClient({ 'policies/effective': code }).client)).toBeNull()
    expect(await collectPolicy(fakeClient({ compliance: code }).client, RULES, 5)).toBeNull()
  })

  it('fail the report when the service has another error', async () => {
    await expect(readRules(fakeClient({ 'policies/effective': 'unavailable' }).client)).rejects.toThrow('unavailable')
  })

  it('are counted as one policy: by key, the most problems first, with the first resources', async () => {
    const { client, requests } = fakeClient({
      compliance: COUNTED,
      'compliance/resources': {
        total_count: 3,
        resources: [{ resource_type: 'ecs', resource_id: 'i', resource_name: 'n', resource_detail: {}, tags: [] }],
      },
    })
    expect(await collectPolicy(client, RULES, 1)).toEqual({
      compliant: 7,
      keys: [
        { key: 'env', missing: 0, wrong_value: 2, wrong_case: 1 },
        { key: 'Owner', missing: 1, wrong_value: 0, wrong_case: 0 },
      ],
      more_keys: 0,
      listed: [{ type: 'ecs', id: 'i', name: 'n' }],
      more: 2,
    })
    const policy = {
      tags: {
        owner: { tag_key: { '@@assign': 'Owner' }, report_required_tag_for: { '@@assign': ['ecs'] } },
        env: { tag_key: { '@@assign': 'env' }, tag_value: { '@@assign': ['prod', 'test*'] } },
      },
    }
    expect(requests.map(({ body }) => body)).toEqual([{ policy }, { policy, limit: 1 }])
  })
})
