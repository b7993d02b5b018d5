import type { Accounts, Project } from './accounts.ts'
import type { Principal } from './principal.ts'

/** Gives the enabled projects of the caller's domain in which no policy denies the action, by name. */
export async function projectsOfDomain(
  accounts: Accounts,
  principal: Principal,
  action: string,
): Promise<readonly Project[]> {
  const projects = await accounts.projects.list(principal.scope.domain.id)
  return accounts.principals.allowedProjects(
    principal,
    projects.filter(({ enabled }) => enabled),
    action,
  )
}
