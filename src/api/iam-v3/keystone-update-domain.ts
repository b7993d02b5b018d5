import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { requireFirstDomain } from '../../iam/domains.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainMembers, domainName, domainSchema, domainView } from './domain-view.ts'
import { nullableBody } from './nullable-body.ts'

/** Updates a domain. Disabling it revokes all tokens of its users (Keystone v3, "Update domain"). */
export function keystoneUpdateDomain(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneUpdateDomain',
    method: 'PATCH',
    path: '/v3/domains/{domain_id}',
    summary: 'Update a domain',
    access: 'domain',
    action: 'iam:domains:updateDomain',
    params: Type.Object({ domain_id: Type.String() }),
    ...nullableBody(Type.Object({ domain: Type.Object({ name: Type.Optional(domainName), ...domainMembers }) })),
    responses: { 200: Type.Object({ domain: domainSchema }) },
    handle: async ({ caller, params, body, origin }) => {
      requireFirstDomain(caller.principal)
      const { name, description, enabled } = body.domain
      const domain = await accounts.domains.update(params.domain_id, omitUndefined({ name, description, enabled }))
      return { status: 200, body: { domain: domainView(domain, origin) } }
    },
  })
}
