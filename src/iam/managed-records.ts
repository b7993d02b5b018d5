import type { KeyChanger } from '../store/account-store.ts'
import type { AccessKey } from './access-keys.ts'
import type { Accounts, Project } from './accounts.ts'
import { managementForbidden, mayManage } from './authorize.ts'
import type { Principal } from './principal.ts'
import type { User } from './users.ts'

// Which records a caller reaches by an action that needs no role: its own ones, and with an Allow in the domain all of them.

/**
 * Gives the user with an id: the caller, or any user of the domain if the caller may manage users. Throws
 * `action-forbidden` to other callers, so that only managers learn by `resource-not-found` which ids exist.
 */
export async function managedUser(accounts: Accounts, principal: Principal, id: string, action: string): Promise<User> {
  if (id === principal.user.id) return accounts.users.get(principal.user.domain.id, id)
  if (!mayManage(principal, action)) throw managementForbidden(principal, action)
  return accounts.users.get(principal.scope.domain.id, id)
}

/** Lists the projects in which the caller has a role, or all of the domain to a caller who may manage projects, by name. */
export function visibleProjects(accounts: Accounts, principal: Principal): Promise<readonly Project[]> {
  return mayManage(principal, 'iam:projects:listProjects')
    ? accounts.projects.list(principal.scope.domain.id)
    : accounts.projects.listForUser(principal.user.domain.id, principal.user.id)
}

/**
 * Says as whom a caller changes an access key. An administrator who deactivates an own key acts as its user, and who
 * activates one acts as administrator.
 */
export function keyChanger(
  principal: Principal,
  key: Pick<AccessKey, 'userId'>,
  action: string,
  active: boolean | undefined,
): KeyChanger {
  const isOwn = key.userId === principal.user.id
  return mayManage(principal, action) && (active === true || !isOwn) ? 'administrator' : 'user'
}
