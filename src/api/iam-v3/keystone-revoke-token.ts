import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { subjectTokenHeaders } from './schemas.ts'
import { subjectOf } from './subject-token.ts'

/** Makes a token worthless, at once and in every process (contract 6.1). */
export function keystoneRevokeToken(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneRevokeToken',
    method: 'DELETE',
    path: '/v3/auth/tokens',
    summary: 'Revoke the token in X-Subject-Token',
    access: 'any',
    // Everybody may give up a token of their own, so this asks for no more than looking at it does.
    action: 'iam:tokens:get',
    headers: subjectTokenHeaders,
    responses: { 204: null },
    handle: async ({ caller, headers }) => {
      const { claims } = await subjectOf(accounts, caller, headers)
      await accounts.revoke(claims)
      return { status: 204 }
    },
  })
}
