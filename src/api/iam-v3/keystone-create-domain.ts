import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { requireFirstDomain } from '../../iam/domains.ts'
import { defineRoute, type Route } from '../route.ts'
import type { CatalogueSettings } from './catalogue.ts'
import { domainMembers, domainName, domainSchema, domainView } from './domain-view.ts'
import { PASSWORD_CHARACTERS_MAX } from './limits.ts'
import { nullableBody } from './nullable-body.ts'
import { userName } from './user-view.ts'

/**
 * Creates a domain with its administrator and a project named after the region (Keystone v3, "Create domain").
 * `administrator` is an addition: without it nobody could use the domain.
 */
export function keystoneCreateDomain(accounts: Accounts, { region }: CatalogueSettings): Route {
  return defineRoute({
    id: 'KeystoneCreateDomain',
    method: 'POST',
    path: '/v3/domains',
    summary: 'Create a domain with its administrator',
    access: 'domain',
    action: 'iam:domains:createDomain',
    hidesValues: true,
    ...nullableBody(
      Type.Object({
        domain: Type.Object({
          name: domainName,
          ...domainMembers,
          administrator: Type.Object({
            name: userName,
            password: Type.String({ maxLength: PASSWORD_CHARACTERS_MAX }),
          }),
        }),
      }),
    ),
    responses: { 201: Type.Object({ domain: domainSchema }) },
    handle: async ({ caller, body, origin, address, reauthorize }) => {
      requireFirstDomain(caller.principal)
      const { name, description = '', enabled = true, administrator } = body.domain
      const input = { name, description, enabled, administrator, projectName: region }
      const domain = await accounts.domains.create(input, address, reauthorize)
      return { status: 201, body: { domain: domainView(domain, origin) } }
    },
  })
}
