import { afterAll, beforeAll, expect, it } from 'vitest'
import { ADMIN_PASSWORD, startTestService, type TestService } from '../../support/service.ts'
import { CONSOLE, consoleOf } from './session-calls.ts'

// W82: DELETE /tagwerk/v1/session.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

it('logging out removes the cookie and revokes its token, and leaves other sessions of the user', async () => {
  const [first, second] = [
    await consoleOf(service, 'admin', ADMIN_PASSWORD),
    await consoleOf(service, 'admin', ADMIN_PASSWORD),
  ]
  const answer = await first('DELETE', '/tagwerk/v1/session')
  expect([answer.status, answer.headers.get('set-cookie')]).toEqual([
    204,
    'tagwerk-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict',
  ])
  expect((await first('GET', '/tagwerk/v1/session')).body.error_code).toBe('token-revoked')
  expect((await first('GET', `/tagwerk/v1/${service.project}/resources`)).status).toBe(401)
  expect((await second('GET', '/tagwerk/v1/session')).status).toBe(200)
})

it('without a session there is nothing to log out of, and a token is not revoked', async () => {
  const answer = await service.call('DELETE', '/tagwerk/v1/session', { headers: CONSOLE })
  expect([answer.status, answer.body.error_code]).toEqual([401, 'token-missing'])
  expect((await service.call('GET', `/tagwerk/v1/${service.project}/resources`)).status).toBe(200)
})
