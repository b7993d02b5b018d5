import { invalid } from '../../core/errors.ts'
import type { Accounts, Project } from '../../iam/accounts.ts'
import type { Principal } from '../../iam/principal.ts'
import type { TmsErrorCode } from './error-codes.ts'

/**
 * Gives a project of the caller's domain by id. Throws `project-id-invalid`, alike for an unknown project, one of
 * another domain and one in which the caller is denied the action.
 */
export async function projectOfDomain(
  accounts: Accounts,
  principal: Principal,
  action: string,
  id: string,
): Promise<Project> {
  const project = await accounts.projects.find(principal.scope.domain.id, id)
  // The look-up also finds projects by name; this call accepts ids only.
  const isOpen = project?.id === id && project.enabled && (await accounts.principals.isAllowedIn(principal, id, action))
  if (isOpen) return project
  const rule = { name: 'well-formed', what: "the id of a project of the caller's domain" } as const
  throw invalid<TmsErrorCode>('project_id', rule, id, 'project-id-invalid')
}
