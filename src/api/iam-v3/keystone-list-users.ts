import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'
import { listLinks, listLinksSchema } from './links.ts'
import { userSchema, userView } from './user-view.ts'

/** Lists the users of the caller's domain, ordered by name (OTC IAM API, "Querying a User List"). */
export function keystoneListUsers(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneListUsers',
    method: 'GET',
    path: '/v3/users',
    summary: 'List users',
    access: 'domain',
    action: 'iam:users:listUsers',
    query: listQuery({
      name: Type.Optional(Type.String({ description: 'Exact match.' })),
      domain_id: Type.Optional(Type.String()),
      enabled: Type.Optional(Type.Boolean()),
      password_expires_at: Type.Optional(Type.String({ description: 'No results: passwords do not expire.' })),
    }),
    responses: { 200: Type.Object({ users: Type.Array(userSchema), links: listLinksSchema }) },
    handle: async ({ caller, query, origin }) => {
      const { name, domain_id, enabled, password_expires_at } = query
      const users = (await accounts.users.list(domainOf(caller))).filter(
        (user) =>
          (name === undefined || user.name === name) &&
          (domain_id === undefined || user.domainId === domain_id) &&
          (enabled === undefined || user.enabled === enabled) &&
          password_expires_at === undefined,
      )
      const links = listLinks(`${origin}/v3/users`, query)
      return { status: 200, body: { links, users: users.map((user) => userView(user, origin)) } }
    },
  })
}
