import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { logIn, startWithUsers } from '../fixtures.ts'
import { about, newToken } from './accounts.ts'
import { keepsToOwnTokens, refusesBadSubjects } from './subject-token-cases.ts'

// HEAD /v3/auth/tokens (contract 6.1).

let service: TestService
beforeAll(async () => {
  service = await startWithUsers()
})
afterAll(() => service.stop())

it('says 200 without a body to a token that counts, and gives it back in X-Subject-Token', async () => {
  const subject = await newToken(service, {})
  const answer = await about(service, 'HEAD', subject, service.token)
  expect([answer.status, answer.text]).toEqual([200, ''])
  expect(answer.headers.get('x-subject-token')).toBe(subject)
  expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
})

describe('answers', () => {
  refusesBadSubjects(() => service, 'HEAD')
  keepsToOwnTokens(
    () => service,
    'HEAD',
    async (user) => (await logIn(service, user, 'default')).token,
  )
})
