import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { parsePolicy } from '../../iam/policy.ts'
import { defineRoute, type Route } from '../route.ts'
import { customRoleMembers, roleAccount, roleAccountOf, typeFor } from './role-account.ts'

/** Creates a custom role in the caller's domain (contract 10.93). */
export function createDomainRole(accounts: Accounts): Route {
  return defineRoute({
    id: 'CreateDomainRole',
    method: 'POST',
    path: '/tagwerk/v1/domain/roles',
    summary: 'Create a custom role',
    access: 'domain',
    action: 'iam:roles:createRole',
    body: Type.Object({
      ...customRoleMembers,
      description: Type.Optional(customRoleMembers.description),
      description_cn: Type.Optional(customRoleMembers.description_cn),
    }),
    responses: { 201: roleAccount },
    handle: async ({ caller, body }) => {
      const { display_name: displayName, description = '', description_cn: descriptionCn = '', scope } = body
      const policy = parsePolicy(body.policy, 'policy')
      const input = { displayName, description, descriptionCn, type: typeFor(scope), policy }
      const role = await accounts.roles.create(caller.principal.scope.domain.id, input)
      return { status: 201, body: roleAccountOf(role) }
    },
  })
}
