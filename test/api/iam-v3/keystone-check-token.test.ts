import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { logIn, startWithUsers } from '../fixtures.ts'
import { about, newToken } from './accounts.ts'
import { testInvalidSubjects, testTokenAccess } from './subject-token-cases.ts'

// HEAD /v3/auth/tokens (contract 6.1).

let service: TestService
beforeAll(async () => {
  service = await startWithUsers()
})
afterAll(() => service.stop())

it('a valid token is answered with 200 without a body, and returned in X-Subject-Token', async () => {
  const subject = await newToken(service, {})
  const answer = await about(service, 'HEAD', subject, service.token)
  expect([answer.status, answer.text]).toEqual([200, ''])
  expect(answer.headers.get('x-subject-token')).toBe(subject)
  expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
})

describe('answers to HEAD', () => {
  testInvalidSubjects(() => service, 'HEAD')
  testTokenAccess(
    () => service,
    'HEAD',
    async (user) => (await logIn(service, user, 'default')).token,
  )
})
