import { afterAll, beforeAll, expect, it } from 'vitest'
import { ADMIN_PASSWORD, startTestService, type TestService } from '../../support/service.ts'
import { CONSOLE, consoleOf } from './session-calls.ts'

// W81: GET /tagwerk/v1/session.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

it('the session of a cookie is that of the log-in', async () => {
  const call = await consoleOf(service, 'admin', ADMIN_PASSWORD)
  const { status, body } = await call('GET', '/tagwerk/v1/session')
  expect([status, body.user.name, body.domain.name, body.projects]).toEqual([
    200,
    'admin',
    'default',
    [{ id: service.project, name: 'default' }],
  ])
  expect(Date.parse(body.expires_at)).toBeGreaterThan(Date.now())
})

it('a caller without a session has none, with a token too', async () => {
  for (const token of [null, service.token]) {
    const answer = await service.call('GET', '/tagwerk/v1/session', { token, headers: CONSOLE })
    expect([answer.status, answer.body.error_code]).toEqual([401, 'token-missing'])
  }
})
