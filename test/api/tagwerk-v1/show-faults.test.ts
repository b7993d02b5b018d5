import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// GET /tagwerk/v1/faults.

let service: TestService
let target: Target
beforeAll(async () => {
  service = await startTestService({ flags: { faults: 'on' } })
  target = await targetOf(service, {}, false)
})
afterAll(() => service.stop())

const request = { method: 'GET', path: '/tagwerk/v1/faults' }

describe('showing the fault plan', () => {
  runScenarios(
    () => target,
    [
      {
        name: 'the fault plan is empty after start',
        request: { ...request, token: 'domain' },
        status: 200,
        body: { families: {} },
      },
      { name: 'a project token is answered with 403', request, ...tagwerkError(403, 'scope-forbidden') },
      {
        name: 'a request without a token is answered with 401',
        request: { ...request, token: null },
        ...tagwerkError(401, 'token-missing'),
      },
    ],
  )

  it('the fault plan that was set is shown', async () => {
    const body = { families: { 'taurusdb-v3': { late: 0.25 } } }
    const token = target.tokens.domain as string
    await service.call('PUT', request.path, { token, body })
    expect((await service.call('GET', request.path, { token })).body).toEqual(body)
  })
})
