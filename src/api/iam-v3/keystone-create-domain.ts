import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { requireFirstDomain } from '../../iam/domains.ts'
import { defineRoute, type Route } from '../route.ts'
import type { CatalogueSettings } from './catalogue.ts'
import { domainAdministrator, domainMembers, domainName, domainSchema, domainView } from './domain-view.ts'
import { nullableBody } from './nullable-body.ts'

/**
 * Creates a domain with a project named after the region (Keystone v3, "Create domain"). `administrator` is an addition:
 * without it nobody can use the domain until one is added (`KeystoneUpdateDomain`).
 */
export function keystoneCreateDomain(accounts: Accounts, { region }: CatalogueSettings): Route {
  return defineRoute({
    id: 'KeystoneCreateDomain',
    method: 'POST',
    path: '/v3/domains',
    summary: 'Create a domain, with its administrator or without',
    access: 'domain',
    action: 'iam:domains:createDomain',
    hidesValues: true,
    ...nullableBody(
      Type.Object({
        domain: Type.Object({
          name: domainName,
          ...domainMembers,
          administrator: Type.Optional(domainAdministrator),
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
