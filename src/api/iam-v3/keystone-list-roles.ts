import { type Static, Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { type RoleView, SYSTEM_ROLES } from '../../iam/roles.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import { domainOf } from './access.ts'
import { POLICIES_PER_PAGE_MAX } from './limits.ts'
import { pageLinks } from './links.ts'
import { roleList, roleView } from './role-view.ts'

const exact = Type.Optional(Type.String({ description: 'Exact match.' }))

const filters = Type.Object({
  domain_id: Type.Optional(Type.String({ description: 'Only the custom roles of this domain.' })),
  name: exact,
  display_name: exact,
  permission_type: Type.Optional(
    oneOf(['policy', 'role'], { description: 'Only system roles of this kind; without effect with domain_id.' }),
  ),
  type: Type.Optional(
    oneOf(['domain', 'project', 'all'], {
      description: 'Only roles that are shown in a domain, in a project, in either.',
    }),
  ),
  catalog: exact,
})

const pageMembers = {
  page: Type.Integer({ minimum: 1, default: 1 }),
  per_page: Type.Integer({ minimum: 1, maximum: POLICIES_PER_PAGE_MAX, default: POLICIES_PER_PAGE_MAX }),
}

/**
 * Lists the system roles and the custom roles of the domain (OTC IAM API, "Querying a Role List"). COMPAT: Terraform's
 * `huaweicloud_identity_role` requests pages until one is empty.
 */
export function keystoneListRoles(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneListRoles',
    method: 'GET',
    path: '/v3/roles',
    summary: 'List roles',
    access: 'domain',
    action: 'iam:roles:listRoles',
    query: listQuery({ ...filters.properties, ...pageMembers }),
    responses: { 200: roleList },
    handle: async ({ caller, query, origin }) => {
      const custom = await accounts.roles.listCustom(domainOf(caller, query.domain_id))
      const all = [...(query.domain_id === undefined ? SYSTEM_ROLES : []), ...custom].filter(predicateOf(query))
      const end = query.page * query.per_page
      const roles = all.slice(end - query.per_page, end).map((role) => roleView(role, origin))
      const links = pageLinks(`${origin}/v3/roles`, query, { page: query.page, hasNext: end < all.length })
      return { status: 200, body: { links, roles, total_number: all.length } }
    },
  })
}

/** Gives the predicate of the filters, which must all be met. */
function predicateOf({ domain_id, name, display_name, permission_type, type, catalog }: Static<typeof filters>) {
  const kind = domain_id === undefined ? permission_type : undefined
  return (role: RoleView): boolean =>
    (name === undefined || role.name === name) &&
    (display_name === undefined || role.displayName === display_name) &&
    (kind === undefined || (role.custom === undefined && kindOf(role) === kind)) &&
    (type === undefined || SHOWN_IN[type].includes(role.type)) &&
    (catalog === undefined || role.catalog === catalog)
}

const SHOWN_IN = { domain: ['AA', 'AX'], project: ['AA', 'XA'], all: ['AA', 'AX', 'XA'] }

/** The vendor's two kinds of system permissions have different versions of policies. */
function kindOf({ policy }: RoleView): 'policy' | 'role' {
  return policy.Version === '1.0' ? 'role' : 'policy'
}
