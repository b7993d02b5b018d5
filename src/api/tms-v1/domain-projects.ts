import { invalid } from '../../core/errors.ts'
import type { Accounts, Project } from '../../iam/accounts.ts'
import type { Principal } from '../../iam/principal.ts'

/** Gives the projects of the caller's domain that are in use, by name. */
export async function projectsOfDomain(accounts: Accounts, { scope }: Principal): Promise<readonly Project[]> {
  return (await accounts.projects.list(scope.domain.id)).filter(({ enabled }) => enabled)
}

/**
 * Gives a project of the caller's domain by id. Throws `project-id-invalid`, the same for a project that does not exist
 * and for one of another domain, and also when none is named: every type here belongs to a region, so the project is
 * mandatory (contract 5).
 */
export async function projectOfDomain(
  accounts: Accounts,
  principal: Principal,
  id: string | undefined,
): Promise<Project> {
  if (id === undefined) throw invalid('project_id', { name: 'required' }, undefined, 'project-id-invalid')
  const project = (await projectsOfDomain(accounts, principal)).find((each) => each.id === id)
  if (project !== undefined) return project
  const rule = { name: 'well-formed', what: "the id of a project of the caller's domain" } as const
  throw invalid('project_id', rule, id, 'project-id-invalid')
}
