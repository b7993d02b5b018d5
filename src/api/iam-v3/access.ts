import { DomainError } from '../../core/errors.ts'
import type { AccessKey } from '../../iam/access-keys.ts'
import { keyNotFound } from '../../iam/access-keys.ts'
import type { Accounts, Project } from '../../iam/accounts.ts'
import { managementForbidden, mayManage } from '../../iam/authorize.ts'
import { isFirst } from '../../iam/domains.ts'
import type { Caller } from '../route.ts'

/**
 * The domain of the caller's scope. Throws `scope-forbidden` if the request names another id, whether or not it exists.
 */
export function domainOf({ principal }: Caller, requested?: string): string {
  const { id } = principal.scope.domain
  if (requested !== undefined && requested !== id) throw new DomainError('scope-forbidden')
  return id
}

/** Says whether a caller may perform an action on any domain, for which it needs a role in the whole first domain. */
export function managesDomains({ principal }: Caller, action: string): boolean {
  return isFirst(principal.scope.domain) && mayManage(principal, action)
}

/**
 * Gives a project in which the caller has a role, or any of the domain to a caller who may manage projects. Throws
 * `action-forbidden` to other callers, whether or not the project exists.
 */
export async function targetProject(accounts: Accounts, { principal }: Caller, id: string): Promise<Project> {
  const { user, scope } = principal
  const own = (await accounts.projects.listForUser(user.domain.id, user.id)).find((project) => project.id === id)
  if (own !== undefined) return own
  const action = 'iam:projects:getProject'
  if (!mayManage(principal, action)) throw managementForbidden(principal, action)
  return accounts.projects.get(scope.domain.id, id)
}

/**
 * Gives the caller's own access key, or any key of the domain if the caller may manage it. Throws `resource-not-found`.
 */
export async function targetAccessKey(
  accounts: Accounts,
  { principal }: Caller,
  accessKey: string,
  action: string,
): Promise<AccessKey> {
  const key = await accounts.accessKeys.get(accessKey)
  if (key.userId === principal.user.id) return key
  const isManaged =
    mayManage(principal, action) &&
    (await accounts.users.list(principal.scope.domain.id)).some(({ id }) => id === key.userId)
  if (!isManaged) throw keyNotFound(accessKey)
  return key
}
