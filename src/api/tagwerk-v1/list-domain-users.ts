import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { accountListQuery, nextMarker, pageOf } from './account-pages.ts'
import { userAccount, userAccountOf } from './user-account.ts'

/** Lists the users of the caller's domain by name (contract 10.92). */
export function listDomainUsers(accounts: Accounts): Route {
  return defineRoute({
    id: 'ListDomainUsers',
    method: 'GET',
    path: '/tagwerk/v1/domain/users',
    summary: 'List the users of the domain',
    access: 'domain',
    action: 'iam:users:listUsers',
    query: accountListQuery({}),
    responses: { 200: Type.Object({ users: Type.Array(userAccount), next_marker: nextMarker }) },
    handle: async ({ caller, query }) => {
      const all = await accounts.users.list(caller.principal.scope.domain.id)
      const { items, next } = pageOf(all, ({ name }) => [name], query, 1)
      return { status: 200, body: { users: items.map((user) => userAccountOf(user, caller)), ...next } }
    },
  })
}
