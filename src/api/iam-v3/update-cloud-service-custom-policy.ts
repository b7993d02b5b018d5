import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { parsePolicy } from '../../iam/policy.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'
import { nullableBody } from './nullable-body.ts'
import { policyMembers, roleSchema, roleView } from './role-view.ts'

/**
 * Updates a custom policy. It applies to all its assignments from the next request on (OTC IAM API, "Modifying a Custom
 * Policy for Cloud Services").
 */
export function updateCloudServiceCustomPolicy(accounts: Accounts): Route {
  return defineRoute({
    id: 'UpdateCloudServiceCustomPolicy',
    method: 'PATCH',
    path: '/v3.0/OS-ROLE/roles/{role_id}',
    summary: 'Update a custom policy',
    access: 'domain',
    action: 'iam:roles:updateRole',
    params: Type.Object({ role_id: Type.String() }),
    ...nullableBody(Type.Object({ role: Type.Partial(Type.Object(policyMembers)) })),
    responses: { 200: Type.Object({ role: roleSchema }) },
    handle: async ({ caller, params, body, origin }) => {
      const { display_name: displayName, type, description, description_cn: descriptionCn } = body.role
      const policy = body.role.policy === undefined ? undefined : parsePolicy(body.role.policy, 'role.policy')
      const changes = omitUndefined({ displayName, type, description, descriptionCn, policy })
      const role = await accounts.roles.update(domainOf(caller), params.role_id, changes)
      return { status: 200, body: { role: roleView(role, origin) } }
    },
  })
}
