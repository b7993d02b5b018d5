import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import type { RoleScope } from '../../iam/roles.ts'
import type { Caller } from '../route.ts'

export const domainGrantParams = Type.Object({ user_id: Type.String(), role_id: Type.String() })
export const projectGrantParams = Type.Object({
  user_id: Type.String(),
  project_id: Type.String(),
  role_id: Type.String(),
})

type GrantParams = { readonly user_id: string; readonly role_id: string; readonly project_id?: string }

/** Gives a user a role in a project, or without one in the whole domain. */
export async function grantRole(accounts: Accounts, caller: Caller, params: GrantParams): Promise<void> {
  const { domainId, scope } = await placeOf(accounts, caller, params)
  await accounts.roles.assign(domainId, params.user_id, scope, params.role_id)
}

/** Takes a role from a user in a project, or without one in the whole domain. */
export async function revokeRole(accounts: Accounts, caller: Caller, params: GrantParams): Promise<void> {
  const { domainId, scope } = await placeOf(accounts, caller, params)
  await accounts.roles.unassign(domainId, params.user_id, scope, params.role_id)
}

/** Throws `resource-not-found` for a user or a project that is not in the caller's domain. */
async function placeOf(
  accounts: Accounts,
  { principal }: Caller,
  { user_id, project_id }: GrantParams,
): Promise<{ readonly domainId: string; readonly scope: RoleScope }> {
  const domainId = principal.scope.domain.id
  await accounts.users.get(domainId, user_id)
  if (project_id === undefined) return { domainId, scope: { scope: 'domain', scopeId: domainId } }
  const { id } = await accounts.projects.get(domainId, project_id)
  return { domainId, scope: { scope: 'project', scopeId: id } }
}
