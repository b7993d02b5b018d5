import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { envPolicy, policyCalls } from './policy-calls.ts'

// W42: GET /tagwerk/v1/{project_id}/policies/effective.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const { domain, project } = policyCalls(() => service)

it('a project without policies has no rules', async () => {
  expect((await project('GET', '/effective')).body).toEqual({ rules: [], ignored: [] })
})

it('the rules are those of the domain and the project together, with what has no effect', async () => {
  await domain('PUT', '/a', {
    tags: {
      costcenter: {
        tag_key: { '@@assign': 'CostCenter', '@@operators_allowed_for_child_policies': ['@@none'] },
        report_required_tag_for: { '@@assign': ['ims:image'] },
        required_on_create: true,
      },
    },
  })
  await project('PUT', '/b', { tags: { costcenter: { tag_key: { '@@assign': 'COSTCENTER' } } } })
  await project('PUT', '/c', envPolicy('prod'))
  expect((await project('GET', '/effective')).body).toEqual({
    rules: [
      {
        tag_key: 'CostCenter',
        enforced_for: [],
        report_required_tag_for: ['images'],
        required_on_create: true,
      },
      {
        tag_key: 'env',
        tag_value: ['prod'],
        enforced_for: ['images'],
        report_required_tag_for: [],
        required_on_create: false,
      },
    ],
    ignored: [
      {
        level: 'project',
        policy: 'b',
        field: 'tags.costcenter.tag_key.@@assign',
        message: 'It has no effect, because the policies of the domain do not allow this operator to projects.',
      },
    ],
  })
})
