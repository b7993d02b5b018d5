import { invalid } from '../../core/errors.ts'
import type { Accounts, Project } from '../../iam/accounts.ts'
import type { Principal } from '../../iam/principal.ts'
import type { TmsErrorCode } from './error-codes.ts'

/** Gives the projects of the caller's domain that are in use and in which nothing denies the caller the action, by name. */
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

/**
 * Gives a project of the caller's domain by id. Throws `project-id-invalid`, the same for a project that does not exist,
 * for one of another domain and for one in which the caller is denied the action.
 */
export async function projectOfDomain(
  accounts: Accounts,
  principal: Principal,
  action: string,
  id: string,
): Promise<Project> {
  const project = await accounts.projects.find(principal.scope.domain.id, id)
  // A name finds a project too; here only its id does.
  const isOpen = project?.id === id && project.enabled && (await accounts.principals.isAllowedIn(principal, id, action))
  if (isOpen) return project
  const rule = { name: 'well-formed', what: "the id of a project of the caller's domain" } as const
  throw invalid<TmsErrorCode>('project_id', rule, id, 'project-id-invalid')
}
