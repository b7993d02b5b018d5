import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { TOKEN_REVOKED } from '../expected.ts'
import { logIn, startWithUsers } from '../fixtures.ts'
import { about, newToken } from './accounts.ts'
import { keepsToOwnTokens, refusesBadSubjects } from './subject-token-cases.ts'

// DELETE /v3/auth/tokens (contract 6.1, 6.3).

let service: TestService
beforeAll(async () => {
  service = await startWithUsers()
})
afterAll(() => service.stop())

describe('makes a token worthless', () => {
  it('at once, with 401 APIGW.0307 from the tag services (6.3)', async () => {
    const subject = await newToken(service)
    const list = () => service.call('GET', `/v3/${service.project}/tags`, { token: subject })
    expect((await list()).status).toBe(200)
    const revoked = await about(service, 'DELETE', subject, service.token)
    expect([revoked.status, revoked.text]).toEqual([204, ''])
    const { status, body, headers } = await list()
    expect({ status, body }).toEqual(TOKEN_REVOKED)
    expect(headers.get('x-tagwerk-revision')).toBeNull()
  })

  it('and no other one of the same user', async () => {
    const [one, two] = [await newToken(service), await newToken(service)]
    await about(service, 'DELETE', one, one)
    expect((await service.call('GET', `/v3/${service.project}/tags`, { token: two })).status).toBe(200)
  })

  it('once: a second time it is not found', async () => {
    const subject = await newToken(service)
    expect((await about(service, 'DELETE', subject, service.token)).status).toBe(204)
    expect((await about(service, 'DELETE', subject, service.token)).status).toBe(404)
  })

  it('for good, across a restart', async () => {
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

  it('with a content type though there is no body', async () => {
    const subject = await newToken(service)
    const headers = { 'x-subject-token': subject, 'content-type': 'application/json' }
    expect((await service.call('DELETE', '/v3/auth/tokens', { headers })).status).toBe(204)
  })
})

describe('answers', () => {
  refusesBadSubjects(() => service, 'DELETE')
  keepsToOwnTokens(
    () => service,
    'DELETE',
    async (user) => (await logIn(service, user, 'default')).token,
  )
})
