import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { subjectTokenHeaders } from './schemas.ts'
import { subjectSession } from './subject-token.ts'

/** Revokes a token, with immediate effect in every process (contract 6.1). */
export function keystoneRevokeToken(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneRevokeToken',
    method: 'DELETE',
    path: '/v3/auth/tokens',
    summary: 'Revoke the token in X-Subject-Token',
    access: 'any',
    // Users may always revoke their own tokens, so this needs only the action for validating one.
    action: 'iam:tokens:get',
    headers: subjectTokenHeaders,
    responses: { 204: null },
    handle: async ({ caller, headers }) => {
      const { claims } = await subjectSession(accounts, caller, headers)
      await accounts.revoke(claims)
      return { status: 204 }
    },
  })
}
