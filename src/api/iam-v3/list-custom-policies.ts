import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'
import { POLICIES_PER_PAGE_MAX } from './limits.ts'
import { listLinksSchema, pageLinks } from './links.ts'
import { customPolicySchema, roleView } from './role-view.ts'

/**
 * Lists the custom policies of the caller's domain, ordered by display name (OTC IAM API, "Listing Custom Policies").
 */
export function listCustomPolicies(accounts: Accounts): Route {
  return defineRoute({
    id: 'ListCustomPolicies',
    method: 'GET',
    path: '/v3.0/OS-ROLE/roles',
    summary: 'List custom policies',
    access: 'domain',
    action: 'iam:roles:listRoles',
    query: listQuery({
      page: Type.Integer({ minimum: 1, default: 1 }),
      per_page: Type.Integer({ minimum: 1, maximum: POLICIES_PER_PAGE_MAX, default: POLICIES_PER_PAGE_MAX }),
    }),
    responses: {
      200: Type.Object({ roles: Type.Array(customPolicySchema), links: listLinksSchema, total_number: Type.Integer() }),
    },
    handle: async ({ caller, query, origin }) => {
      const { page, per_page } = query
      const all = await accounts.roles.listCustom(domainOf(caller))
      const end = page * per_page
      const roles = await Promise.all(
        all.slice(end - per_page, end).map(async (role) => ({
          ...roleView(role, origin),
          references: await accounts.roles.references(role.id),
        })),
      )
      const links = pageLinks(`${origin}/v3.0/OS-ROLE/roles`, query, { page, hasNext: end < all.length })
      return { status: 200, body: { roles, links, total_number: all.length } }
    },
  })
}
