import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { envPolicy, policyCalls } from './policy-calls.ts'

// W45: GET /tagwerk/v1/{project_id}/policies/{policy_name}.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const { project } = policyCalls(() => service)

it('a policy of a project is shown as it was put', async () => {
  await project('PUT', '/a', envPolicy('prod', 'test'))
  const { status, body } = await project('GET', '/a')
  expect([status, body]).toMatchObject([200, { name: 'a', keys: ['env'], policy: envPolicy('prod', 'test') }])
})

it('a policy of a project that does not exist is answered with 404', async () => {
  const { status, body } = await project('GET', '/none')
  expect([status, body.error_code]).toEqual([404, 'tag-policy-not-found'])
})
