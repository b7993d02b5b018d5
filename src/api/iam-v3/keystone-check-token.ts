import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { subjectTokenHeader, subjectTokenHeaders } from './schemas.ts'
import { subjectSession } from './subject-token.ts'

/** Answers 200 if a token is valid, otherwise 404 (contract 6.1). */
export function keystoneCheckToken(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneCheckToken',
    method: 'HEAD',
    path: '/v3/auth/tokens',
    summary: 'Check the token in X-Subject-Token',
    access: 'any',
    action: 'iam:tokens:get',
    headers: subjectTokenHeaders,
    responses: { 200: null },
    handle: async ({ caller, headers }) => {
      const { token } = await subjectSession(accounts, caller, headers)
      return { status: 200, headers: { [subjectTokenHeader]: token } }
    },
  })
}
