import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { parsePolicy } from '../../iam/policy.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'
import { nullableBody } from './nullable-body.ts'
import { policyMembers, roleSchema, roleView } from './role-view.ts'

/** Creates a custom policy, which is a role (OTC IAM API, "Creating a Custom Policy for Cloud Services"). */
export function createCloudServiceCustomPolicy(accounts: Accounts): Route {
  return defineRoute({
    id: 'CreateCloudServiceCustomPolicy',
    method: 'POST',
    path: '/v3.0/OS-ROLE/roles',
    summary: 'Create a custom policy',
    access: 'domain',
    action: 'iam:roles:createRole',
    ...nullableBody(
      Type.Object({
        role: Type.Object({
          ...policyMembers,
          description: Type.Optional(policyMembers.description),
          description_cn: Type.Optional(policyMembers.description_cn),
        }),
      }),
    ),
    responses: { 201: Type.Object({ role: roleSchema }) },
    handle: async ({ caller, body, origin }) => {
      const { display_name, type, description = '', description_cn = '' } = body.role
      const policy = parsePolicy(body.role.policy, 'role.policy')
      const input = { displayName: display_name, type, description, descriptionCn: description_cn, policy }
      const role = await accounts.roles.create(domainOf(caller), input)
      return { status: 201, body: { role: roleView(role, origin) } }
    },
  })
}
