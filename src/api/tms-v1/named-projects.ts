import type { Catalog } from '../../catalog/catalog.ts'
import { DomainError } from '../../core/errors.ts'
import type { ResourceType, ResourceTypes } from '../../core/resource-types.ts'
import type { Accounts, Project } from '../../iam/accounts.ts'
import { projectsOfDomain } from '../../iam/domain-projects.ts'
import type { Principal } from '../../iam/principal.ts'
import { missing } from './body-members.ts'
import { projectOfDomain } from './domain-projects.ts'

/** Projects that are searched side by side. */
const PROJECTS_AT_ONCE = 64

/** Throws `project-id-invalid` for a call without a project's id, unless all types that it names are global (contract 5). */
export function checkProjectNamed(types: ResourceTypes, projectId: unknown, typeNames: readonly unknown[]): void {
  if (projectId !== undefined && projectId !== null) return
  const isGlobal = (name: unknown) => {
    const type = typeof name === 'string' ? types.registered(name) : undefined
    return type !== undefined && types.row(type)?.isGlobal === true
  }
  if (typeNames.length === 0 || !typeNames.every(isGlobal)) throw missing('project_id', 'project-id-invalid')
}

/**
 * Gives the projects in which a call looks for its resources: the one with the id, or else all projects of the caller's
 * domain in which no policy denies the action, by name. Throws `project-id-invalid`.
 */
export async function namedProjects(
  accounts: Accounts,
  principal: Principal,
  action: string,
  projectId: string | undefined,
): Promise<readonly Project[]> {
  if (projectId === undefined) return projectsOfDomain(accounts, principal, action)
  return [await projectOfDomain(accounts, principal, action, projectId)]
}

/** Gives the first of some projects that has a resource. Throws `resource-not-found`. */
export async function projectWith(
  catalog: Catalog,
  projects: readonly Pick<Project, 'id'>[],
  type: ResourceType,
  id: string,
): Promise<string> {
  // The call on the resource itself finds out whether the only project has it.
  if (projects.length === 1) return (projects[0] as Project).id
  for (let i = 0; i < projects.length; i += PROJECTS_AT_ONCE) {
    const searched = projects.slice(i, i + PROJECTS_AT_ONCE)
    const found = await Promise.all(searched.map((project) => hasResource(catalog, project.id, type, id)))
    const first = searched[found.indexOf(true)]
    if (first !== undefined) return first.id
  }
  throw new DomainError('resource-not-found', { field: 'id', rule: { name: 'exists' }, value: id })
}

async function hasResource(catalog: Catalog, project: string, type: ResourceType, id: string): Promise<boolean> {
  try {
    await catalog.get(project, type, id)
    return true
  } catch (error) {
    if (error instanceof DomainError && error.code === 'resource-not-found') return false
    throw error
  }
}
