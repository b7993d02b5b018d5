import { expect } from 'vitest'
import { ADMIN_PASSWORD, type Answer, type TestService } from '../../support/service.ts'

/** The body of a token request with the administrator's password. */
export function passwordBody(scope?: unknown, user: object = { name: 'admin', domain: { name: 'default' } }) {
  const identity = { methods: ['password'], password: { user: { password: ADMIN_PASSWORD, ...user } } }
  return { auth: { identity, ...(scope === undefined ? {} : { scope }) } }
}

/** Issues a separate token, which a test may revoke. */
export async function newToken(
  service: TestService,
  scope: unknown = { project: { name: 'default' } },
): Promise<string> {
  const answer = await service.call('POST', '/v3/auth/tokens', { body: passwordBody(scope), token: null })
  expect(answer.status).toBe(201)
  return answer.headers.get('x-subject-token') as string
}

/** Sends a request about the token in X-Subject-Token. */
export function about(service: TestService, method: string, subject: string, token: string): Promise<Answer> {
  return service.call(method, '/v3/auth/tokens', { token, headers: { 'x-subject-token': subject } })
}

/** Matches a time in the format of tokens. */
export const TIME: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
export const ID: unknown = expect.stringMatching(/^[0-9a-f]{32}$/)
