import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { notFound } from '../../iam/not-found.ts'
import type { RoleScope } from '../../iam/roles.ts'
import type { Caller } from '../route.ts'
import { domainOf } from './access.ts'

export const projectUserParams = { project_id: Type.String(), user_id: Type.String() }
export const domainUserParams = { domain_id: Type.String(), user_id: Type.String() }

type Named = { readonly user_id: string } & ({ readonly project_id: string } | { readonly domain_id: string })

/**
 * Gives the place and the domain that a call about somebody's roles names. Throws `resource-not-found` for a user or
 * project that is not in the caller's domain, `scope-forbidden` for another domain.
 */
export async function rolePlaceOf(
  accounts: Accounts,
  caller: Caller,
  params: Named,
): Promise<{ readonly domainId: string; readonly place: RoleScope }> {
  const domainId = domainOf(caller, 'domain_id' in params ? params.domain_id : undefined)
  await accounts.users.get(domainId, params.user_id)
  if ('domain_id' in params) return { domainId, place: { scope: 'domain', scopeId: domainId } }
  const { id } = await accounts.projects.get(domainId, params.project_id)
  return { domainId, place: { scope: 'project', scopeId: id } }
}

/** Throws `resource-not-found` when the user of a call has not the role that it names, there itself. */
export async function demandRoleThere(
  accounts: Accounts,
  caller: Caller,
  params: Named & { readonly role_id: string },
): Promise<void> {
  const { place } = await rolePlaceOf(accounts, caller, params)
  const roles = await accounts.roles.listInScope(params.user_id, place)
  if (roles.some(({ id }) => id === params.role_id)) return
  throw notFound('role_id', 'the id of a role that the user has there', params.role_id)
}
