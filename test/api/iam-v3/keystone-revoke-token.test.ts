import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { TOKEN_REVOKED } from '../expected.ts'
import { logIn, startWithUsers } from '../fixtures.ts'
import { about, newToken } from './accounts.ts'
import { testInvalidSubjects, testTokenAccess } from './subject-token-cases.ts'

// DELETE /v3/auth/tokens (contract 6.1, 6.3).

let service: TestService
beforeAll(async () => {
  service = await startWithUsers()
})
afterAll(() => service.stop())

describe('revoking a token', () => {
  it('a revoked token is answered at once with 401 APIGW.0307 by the tag services (6.3)', async () => {
    const subject = await newToken(service)
    const list = () => service.call('GET', `/v3/${service.project}/tags`, { token: subject })
    expect((await list()).status).toBe(200)
    const revoked = await about(service, 'DELETE', subject, service.token)
    expect([revoked.status, revoked.text]).toEqual([204, ''])
    const { status, body, headers } = await list()
    expect({ status, body }).toEqual(TOKEN_REVOKED)
    expect(headers.get('x-tagwerk-revision')).toBeNull()
  })

  it('other tokens of the same user stay valid', async () => {
    const [one, two] = [await newToken(service), await newToken(service)]
    await about(service, 'DELETE', one, one)
    expect((await service.call('GET', `/v3/${service.project}/tags`, { token: two })).status).toBe(200)
  })

  it('revoking a token again is answered with 404', async () => {
    const subject = await newToken(service)
    expect((await about(service, 'DELETE', subject, service.token)).status).toBe(204)
    expect((await about(service, 'DELETE', subject, service.token)).status).toBe(404)
  })

  it('a token stays revoked after a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tagwerk-test-'))
    const first = await startTestService({ folder })
    const [kept, gone] = [await newToken(first), await newToken(first)]
    await about(first, 'DELETE', gone, first.token)
    await first.stop()
    const second = await startTestService({ folder })
    const statusWith = async (token: string) =>
      (await second.call('GET', `/v3/${second.project}/tags`, { token })).status
    expect([await statusWith(kept), await statusWith(gone)]).toEqual([200, 401])
    await second.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('a content type without a body is accepted', async () => {
    const subject = await newToken(service)
    const headers = { 'x-subject-token': subject, 'content-type': 'application/json' }
    expect((await service.call('DELETE', '/v3/auth/tokens', { headers })).status).toBe(204)
  })
})

describe('answers to DELETE', () => {
  testInvalidSubjects(() => service, 'DELETE')
  testTokenAccess(
    () => service,
    'DELETE',
    async (user) => (await logIn(service, user, 'default')).token,
  )
})
