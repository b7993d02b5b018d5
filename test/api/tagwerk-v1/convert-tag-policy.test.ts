import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { policyCalls } from './policy-calls.ts'

// W47: POST /tagwerk/v1/domain/policies/convert.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const { domain } = policyCalls(() => service)

it('an assignment of required-tag-check becomes a policy that can be put', async () => {
  const assignment = {
    name: 'env-required',
    parameters: { specifiedTagKey: { value: 'env' }, specifiedTagValue: { value: ['prod'] } },
    policy_filter: { resource_provider: 'ims', resource_type: 'images' },
  }
  const { status, body } = await domain('POST', '/convert', { from: 'huawei-config', assignment })
  expect([status, body]).toEqual([
    200,
    {
      policy: {
        tags: {
          env: {
            tag_key: { '@@assign': 'env' },
            tag_value: { '@@assign': ['prod'] },
            report_required_tag_for: { '@@assign': ['ims:images'] },
          },
        },
      },
      warnings: [],
    },
  ])
  expect((await domain('PUT', '/env-required', body.policy)).status).toBe(200)
})

it('an assignment that cannot be converted is refused with the member', async () => {
  const assignment = { parameters: { specifiedTagKey: { value: 'env' } }, policy_filter: { region_id: 'eu-de' } }
  const { status, body } = await domain('POST', '/convert', { from: 'huawei-config', assignment })
  expect([status, body.error_code]).toEqual([400, 'request-invalid'])
  expect(body.error_msg).toMatch(/assignment\.policy_filter\.region_id/)
  expect((await domain('POST', '/convert', { from: 'azure', assignment })).status).toBe(400)
})
