import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { envPolicy, policyCalls } from './policy-calls.ts'

// W38: GET /tagwerk/v1/domain/policies.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const { domain } = policyCalls(() => service)

it('the policies of a domain are listed by name, without their texts', async () => {
  expect((await domain('GET')).body).toEqual({ policies: [] })
  for (const name of ['b', 'a']) await domain('PUT', `/${name}`, envPolicy('prod'))
  const head = { keys: ['env'], updated_at: expect.any(String), updated_by: expect.any(String) }
  const { status, body } = await domain('GET')
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
