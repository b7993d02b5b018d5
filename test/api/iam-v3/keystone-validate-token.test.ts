import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { logIn, startWithUsers } from '../fixtures.ts'
import { about, newToken, passwordBody } from './accounts.ts'
import { testInvalidSubjects, testTokenAccess } from './subject-token-cases.ts'

// GET /v3/auth/tokens (contract 6.1).

let service: TestService
let strict: TestService
let now = Date.parse('2026-01-04T09:05:22.701Z')
beforeAll(async () => {
  service = await startTestService({ internals: { clock: () => now } })
  strict = await startWithUsers()
})
afterAll(async () => {
  await service.stop()
  await strict.stop()
})

describe('validating a token', () => {
  it('a token is shown as when it was issued, and returned in X-Subject-Token', async () => {
    const scope = { project: { name: 'default' } }
    const taken = await service.call('POST', '/v3/auth/tokens', { body: passwordBody(scope), token: null })
    const subject = taken.headers.get('x-subject-token') as string
    const shown = await about(service, 'GET', subject, service.token)
    expect([shown.status, shown.body]).toEqual([200, taken.body])
    expect(shown.headers.get('x-subject-token')).toBe(subject)
    expect(shown.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
    expect(shown.headers.get('x-tagwerk-revision')).toBeNull()
  })

  it('nocatalog omits the catalogue', async () => {
    const headers = { 'x-subject-token': service.token }
    const shown = await service.call('GET', '/v3/auth/tokens?nocatalog=1', { headers })
    expect(shown.body.token.catalog).toBeUndefined()
  })

  it('a token is shown to itself and to a token of the same user for another scope', async () => {
    const subject = await newToken(service, {})
    expect((await about(service, 'GET', subject, subject)).body.token.domain.name).toBe('default')
    expect((await about(service, 'GET', subject, service.token)).status).toBe(200)
  })

  it('times are in UTC with six decimals of a second', async () => {
    const { body } = await about(service, 'GET', service.token, service.token)
    expect(body.token).toMatchObject({
      issued_at: '2026-01-04T09:05:22.000000Z',
      expires_at: '2026-01-05T09:05:22.000000Z',
    })
  })
})

describe('answers to GET', () => {
  testInvalidSubjects(() => service, 'GET')
  testTokenAccess(
    () => strict,
    'GET',
    async (user) => (await logIn(strict, user, 'default')).token,
  )
})

it('a token is valid until exactly its expiry, even if it was cached', async () => {
  const start = now
  const old = await newToken(service)
  now = start + 24 * 3600 * 1000 - 1000
  expect((await about(service, 'GET', old, old)).status).toBe(200)
  const young = await newToken(service)
  now = start + 24 * 3600 * 1000
  expect((await about(service, 'GET', old, young)).status).toBe(404)
  expect((await about(service, 'GET', old, old)).status).toBe(401)
  expect((await about(service, 'GET', young, young)).status).toBe(200)
})
