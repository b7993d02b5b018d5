import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { notFound } from '../../iam/not-found.ts'
import type { RoleScope } from '../../iam/roles.ts'
import type { Caller } from '../route.ts'
import { domainOf } from './access.ts'

export const projectUserParams = { project_id: Type.String(), user_id: Type.String() }
export const domainUserParams = { domain_id: Type.String(), user_id: Type.String() }

type RoleParams = { readonly user_id: string } & ({ readonly project_id: string } | { readonly domain_id: string })

/**
 * Resolves the domain, user and scope in the path of a role operation. Throws `resource-not-found` for a user or
 * project that is not in the caller's domain, and `scope-forbidden` for another domain.
 */
export async function roleScopeOf(
  accounts: Accounts,
  caller: Caller,
  params: RoleParams,
): Promise<{ readonly domainId: string; readonly scope: RoleScope }> {
  const domainId = domainOf(caller, 'domain_id' in params ? params.domain_id : undefined)
  await accounts.users.get(domainId, params.user_id)
  if ('domain_id' in params) return { domainId, scope: { scope: 'domain', scopeId: domainId } }
  const { id } = await accounts.projects.get(domainId, params.project_id)
  return { domainId, scope: { scope: 'project', scopeId: id } }
}

/** Throws `resource-not-found` unless the user has the role in exactly the scope of the path. */
export async function throwUnlessAssigned(
  accounts: Accounts,
  caller: Caller,
  params: RoleParams & { readonly role_id: string },
): Promise<void> {
  const { scope } = await roleScopeOf(accounts, caller, params)
  const roles = await accounts.roles.listInScope(params.user_id, scope)
  if (roles.some(({ id }) => id === params.role_id)) return
  throw notFound('role_id', 'the id of a role that the user has there', params.role_id)
}
