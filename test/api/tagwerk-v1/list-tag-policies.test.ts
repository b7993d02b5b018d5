import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { envPolicy, policyCalls } from './policy-calls.ts'

// W43: GET /tagwerk/v1/{project_id}/policies.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const { project } = policyCalls(() => service)

it('the policies of a project are listed by name, without their texts', async () => {
  expect((await project('GET')).body).toEqual({ policies: [] })
  for (const name of ['b', 'a']) await project('PUT', `/${name}`, envPolicy('prod'))
  const head = { keys: ['env'], updated_at: expect.any(String), updated_by: expect.any(String) }
  const { status, body } = await project('GET')
  expect([status, body]).toEqual([
    200,
    {
      policies: [
        { name: 'a', ...head },
        { name: 'b', ...head },
      ],
    },
  ])
})
