import { expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { about, newToken } from './accounts.ts'

/** What GET, HEAD and DELETE of /v3/auth/tokens refuse alike (contract 6.1). */
export function refusesBadSubjects(service: () => TestService, method: string): void {
  const bodyOf = (body: unknown) => (method === 'HEAD' ? undefined : body)
  const unauthorized = { error: { code: 401, message: 'The X-Auth-Token is invalid!', title: 'Unauthorized' } }
  const notFound = { error: { code: 404, message: 'X-Subject-Token is invalid in the request', title: 'Not Found' } }

  it('404 to what is no token', async () => {
    for (const subject of ['no token', 'a.b.c', '..', 'x'.repeat(5000)]) {
      const answer = await about(service(), method, subject, service().token)
      expect([answer.status, answer.body]).toEqual([404, bodyOf(notFound)])
    }
  })

  it('404 to a token with another signature', async () => {
    const [head, payload] = (await newToken(service())).split('.')
    const [, , signature] = (await newToken(service(), {})).split('.')
    const answer = await about(service(), method, [head, payload, signature].join('.'), service().token)
    expect([answer.status, answer.body]).toEqual([404, bodyOf(notFound)])
  })

  it('404 to a token without signature that says so', async () => {
    const [, payload] = (await newToken(service())).split('.')
    const head = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
    const answer = await about(service(), method, `${head}.${payload}.`, service().token)
    expect([answer.status, answer.body]).toEqual([404, bodyOf(notFound)])
  })

  it('404 to a token that was revoked', async () => {
    const subject = await newToken(service())
    await about(service(), 'DELETE', subject, service().token)
    const answer = await about(service(), method, subject, service().token)
    expect([answer.status, answer.body]).toEqual([404, bodyOf(notFound)])
  })

  it('400 without a subject', async () => {
    for (const headers of [{}, { 'x-subject-token': '' }]) {
      const answer = await service().call(method, '/v3/auth/tokens', { headers })
      expect(answer.status).toBe(400)
      if (method !== 'HEAD') expect(answer.body.error).toMatchObject({ code: 400, title: 'Bad Request' })
      if (method !== 'HEAD') expect(answer.body.error.message).toMatch(/X-Subject-Token.*required/)
    }
  })

  it('400 without a subject, as the description of the API has it', async () => {
    const { body } = await service().call('GET', '/openapi/iam-v3.json', { token: null })
    const { parameters } = body.paths['/v3/auth/tokens'][method.toLowerCase()]
    expect(parameters).toContainEqual(
      expect.objectContaining({ in: 'header', name: 'X-Subject-Token', required: true }),
    )
  })

  it('401 without a token, and to what is none', async () => {
    const subject = await newToken(service())
    const headers = { 'x-subject-token': subject }
    const without = await service().call(method, '/v3/auth/tokens', { headers, token: null })
    expect([without.status, without.body]).toEqual([401, bodyOf(unauthorized)])
    const broken = await about(service(), method, subject, 'no token')
    expect([broken.status, broken.body]).toEqual([401, bodyOf(unauthorized)])
  })

  it('401 to a revoked token about itself', async () => {
    const subject = await newToken(service())
    await about(service(), 'DELETE', subject, subject)
    const answer = await about(service(), method, subject, subject)
    expect([answer.status, answer.body]).toEqual([401, bodyOf(unauthorized)])
  })
}

/** Whose tokens a user may look at. */
export function keepsToOwnTokens(
  strict: () => TestService,
  method: string,
  logIn: (user: string) => Promise<string>,
): void {
  it('403 to a user about the token of another', async () => {
    const reader = await logIn('reader')
    const answer = await about(strict(), method, strict().token, reader)
    expect(answer.status).toBe(403)
    if (method !== 'HEAD') expect(answer.body.error).toMatchObject({ code: 403, title: 'Forbidden' })
    // It counts as it did before.
    expect((await about(strict(), 'HEAD', strict().token, strict().token)).status).toBe(200)
  })

  it('403 to an administrator of a project about the token of another user, 2xx to one of the domain', async () => {
    const reader = await logIn('reader')
    expect((await about(strict(), method, reader, strict().token)).status).toBe(403)
    expect((await about(strict(), method, reader, await strict().tokenFor(undefined))).status).toBeLessThan(300)
  })

  it('lets a user with a role that may only read ask about a token of their own', async () => {
    const reader = await logIn('reader')
    expect((await about(strict(), method, reader, reader)).status).toBeLessThan(300)
  })
}
