import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { requireFirstDomain } from '../../iam/domains.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainAdministrator, domainMembers, domainName, domainSchema, domainView } from './domain-view.ts'
import { nullableBody } from './nullable-body.ts'

/**
 * Updates a domain. Disabling it revokes all tokens of its users (Keystone v3, "Update domain"). `administrator` is an
 * addition: it adds the administrator of a domain that was created without one.
 */
export function keystoneUpdateDomain(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneUpdateDomain',
    method: 'PATCH',
    path: '/v3/domains/{domain_id}',
    summary: 'Update a domain',
    access: 'domain',
    action: 'iam:domains:updateDomain',
    params: Type.Object({ domain_id: Type.String() }),
    hidesValues: true,
    ...nullableBody(
      Type.Object({
        domain: Type.Object({
          name: Type.Optional(domainName),
          ...domainMembers,
          administrator: Type.Optional(domainAdministrator),
        }),
      }),
    ),
    responses: { 200: Type.Object({ domain: domainSchema }) },
    handle: async ({ caller, params, body, origin, address, reauthorize }) => {
      requireFirstDomain(caller.principal)
      const { name, description, enabled, administrator } = body.domain
      const changes = omitUndefined({ name, description, enabled })
      const domain = await accounts.domains.update(params.domain_id, changes, administrator, address, reauthorize)
      return { status: 200, body: { domain: domainView(domain, origin) } }
    },
  })
}
