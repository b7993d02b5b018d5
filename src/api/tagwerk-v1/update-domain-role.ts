import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { parsePolicy } from '../../iam/policy.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { defineRoute, type Route } from '../route.ts'
import { customRoleMembers, roleAccount, roleAccountOf, roleParams, typeFor } from './role-account.ts'

/** Changes a custom role, for all users who have it from their next request on (contract 10.93). */
export function updateDomainRole(accounts: Accounts): Route {
  return defineRoute({
    id: 'UpdateDomainRole',
    method: 'PATCH',
    path: '/tagwerk/v1/domain/roles/{role_id}',
    summary: 'Change a custom role',
    access: 'domain',
    action: 'iam:roles:updateRole',
    params: roleParams,
    body: Type.Partial(Type.Object(customRoleMembers)),
    responses: { 200: roleAccount },
    handle: async ({ caller, params, body }) => {
      const { display_name: displayName, description, description_cn: descriptionCn, scope } = body
      const type = scope === undefined ? undefined : typeFor(scope)
      const policy = body.policy === undefined ? undefined : parsePolicy(body.policy, 'policy')
      const changes = omitUndefined({ displayName, description, descriptionCn, type, policy })
      const role = await accounts.roles.update(caller.principal.scope.domain.id, params.role_id, changes)
      return { status: 200, body: roleAccountOf(role) }
    },
  })
}
