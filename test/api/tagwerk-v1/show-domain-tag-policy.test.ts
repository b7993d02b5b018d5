import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { envPolicy, policyCalls } from './policy-calls.ts'

// W40: GET /tagwerk/v1/domain/policies/{policy_name}.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const { domain } = policyCalls(() => service)

it('a policy of a domain is shown as it was put', async () => {
  await domain('PUT', '/a', envPolicy('prod', 'test'))
  const { status, body } = await domain('GET', '/a')
  expect([status, body]).toMatchObject([200, { name: 'a', keys: ['env'], policy: envPolicy('prod', 'test') }])
})

it('a policy of a domain that does not exist is answered with 404', async () => {
  const { status, body } = await domain('GET', '/none')
  expect([status, body.error_code]).toEqual([404, 'tag-policy-not-found'])
})
