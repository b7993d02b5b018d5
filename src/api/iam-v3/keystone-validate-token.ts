import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import type { CatalogueSettings } from './catalogue.ts'
import { catalogQuery, subjectTokenHeader, subjectTokenHeaders, tokenBody } from './schemas.ts'
import { subjectSession } from './subject-token.ts'
import { tokenView } from './token-view.ts'

/** Validates a token and shows its user, scope and roles (contract 6.1). */
export function keystoneValidateToken(accounts: Accounts, settings: CatalogueSettings): Route {
  return defineRoute({
    id: 'KeystoneValidateToken',
    method: 'GET',
    path: '/v3/auth/tokens',
    summary: 'Show the token in X-Subject-Token',
    access: 'any',
    action: 'iam:tokens:get',
    headers: subjectTokenHeaders,
    query: catalogQuery,
    responses: { 200: tokenBody },
    handle: async ({ caller, headers, query, origin }) => {
      const { principal, claims, token } = await subjectSession(accounts, caller, headers)
      const catalogue = query.nocatalog === undefined ? { origin, ...settings } : undefined
      return { status: 200, body: tokenView(principal, claims, catalogue), headers: { [subjectTokenHeader]: token } }
    },
  })
}
