import { expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { about, newToken } from './accounts.ts'

/** Tests of invalid subject tokens, the same for GET, HEAD and DELETE of /v3/auth/tokens (contract 6.1). */
export function testInvalidSubjects(service: () => TestService, method: string): void {
  const bodyOf = (body: unknown) => (method === 'HEAD' ? undefined : body)
  const unauthorized = { error: { code: 401, message: 'The X-Auth-Token is invalid!', title: 'Unauthorized' } }
  const notFound = { error: { code: 404, message: 'X-Subject-Token is invalid in the request', title: 'Not Found' } }

  it('a malformed token is answered with 404', async () => {
    for (const subject of ['no token', 'a.b.c', '..', 'x'.repeat(5000)]) {
      const answer = await about(service(), method, subject, service().token)
      expect([answer.status, answer.body]).toEqual([404, bodyOf(notFound)])
    }
  })

  it('a token with another signature is answered with 404', async () => {
    const [head, payload] = (await newToken(service())).split('.')
    const [, , signature] = (await newToken(service(), {})).split('.')
    const answer = await about(service(), method, [head, payload, signature].join('.'), service().token)
    expect([answer.status, answer.body]).toEqual([404, bodyOf(notFound)])
  })

  it('a token with algorithm "none" is answered with 404', async () => {
    const [, payload] = (await newToken(service())).split('.')
    const head = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
    const answer = await about(service(), method, `${head}.${payload}.`, service().token)
    expect([answer.status, answer.body]).toEqual([404, bodyOf(notFound)])
  })

  it('a token that was revoked is answered with 404', async () => {
    const subject = await newToken(service())
    await about(service(), 'DELETE', subject, service().token)
    const answer = await about(service(), method, subject, service().token)
    expect([answer.status, answer.body]).toEqual([404, bodyOf(notFound)])
  })

  it('a request without X-Subject-Token is answered with 400', async () => {
    for (const headers of [{}, { 'x-subject-token': '' }]) {
      const answer = await service().call(method, '/v3/auth/tokens', { headers })
      expect(answer.status).toBe(400)
      if (method !== 'HEAD') expect(answer.body.error).toMatchObject({ code: 400, title: 'Bad Request' })
      if (method !== 'HEAD') expect(answer.body.error.message).toMatch(/X-Subject-Token.*required/)
    }
  })

  it('the OpenAPI document declares X-Subject-Token and the answer 400 without it', async () => {
    const { body } = await service().call('GET', '/openapi/iam-v3.json', { token: null })
    const { parameters } = body.paths['/v3/auth/tokens'][method.toLowerCase()]
    expect(parameters).toContainEqual(
      expect.objectContaining({ in: 'header', name: 'X-Subject-Token', required: true }),
    )
  })

  it('a request without a token or with a malformed token is answered with 401', async () => {
    const subject = await newToken(service())
    const headers = { 'x-subject-token': subject }
    const without = await service().call(method, '/v3/auth/tokens', { headers, token: null })
    expect([without.status, without.body]).toEqual([401, bodyOf(unauthorized)])
    const broken = await about(service(), method, subject, 'no token')
    expect([broken.status, broken.body]).toEqual([401, bodyOf(unauthorized)])
  })

  it('a revoked token that asks about itself is answered with 401', async () => {
    const subject = await newToken(service())
    await about(service(), 'DELETE', subject, subject)
    const answer = await about(service(), method, subject, subject)
    expect([answer.status, answer.body]).toEqual([401, bodyOf(unauthorized)])
  })
}

/** Tests of access to the tokens of other users. */
export function testTokenAccess(
  strict: () => TestService,
  method: string,
  logIn: (user: string) => Promise<string>,
): void {
  it('a user who asks about the token of another user is answered with 403', async () => {
    const reader = await logIn('reader')
    const answer = await about(strict(), method, strict().token, reader)
    expect(answer.status).toBe(403)
    if (method !== 'HEAD') expect(answer.body.error).toMatchObject({ code: 403, title: 'Forbidden' })
    // The token is still valid.
    expect((await about(strict(), 'HEAD', strict().token, strict().token)).status).toBe(200)
  })

  it('a project administrator who asks about the token of another user is answered with 403, a domain administrator with 2xx', async () => {
    const reader = await logIn('reader')
    expect((await about(strict(), method, reader, strict().token)).status).toBe(403)
    expect((await about(strict(), method, reader, await strict().tokenFor(undefined))).status).toBeLessThan(300)
  })

  it('a user with a read-only role can ask about an own token', async () => {
    const reader = await logIn('reader')
    expect((await about(strict(), method, reader, reader)).status).toBeLessThan(300)
  })
}
