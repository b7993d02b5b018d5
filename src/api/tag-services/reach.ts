import type { Author, Catalog, Changed, PageShape } from '../../catalog/catalog.ts'
import { DomainError } from '../../core/errors.ts'
import type { IndexedResource } from '../../core/resource.ts'
import type { ResourceType } from '../../core/resource-types.ts'
import type { TagChange } from '../../core/tag-change.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { projectsOfDomain } from '../../iam/domain-projects.ts'
import type { Caller } from '../route.ts'

/** What a call says about where it works. */
export type PlacedCall = {
  readonly caller: Caller
  readonly projectId: string | undefined
  readonly params: Readonly<Record<string, string>>
}

/**
 * Gives the projects that a call works in, in which it looks for resources in this order: that of the path; without one, that
 * of the token, or all projects of its domain by name in which the caller may perform the action (contract 12.3). Throws
 * `scope-forbidden` when the path names another domain.
 */
export async function reachOf(
  accounts: Accounts,
  { caller: { principal }, projectId, params }: PlacedCall,
  action: string,
): Promise<readonly string[]> {
  if (projectId !== undefined) return [projectId]
  const { scope } = principal
  if (params.domain_id !== undefined && params.domain_id !== scope.domain.id) throw new DomainError('scope-forbidden')
  if (scope.kind === 'project') return [scope.project.id]
  return (await projectsOfDomain(accounts, principal, action)).map(({ id }) => id)
}

/** Gives one resource as JSON in a shape, from the first project that has it. Throws `resource-not-found`. */
export function getJsonIn(
  catalog: Catalog,
  projects: readonly string[],
  type: ResourceType,
  id: string,
  shape: PageShape,
): Promise<{ revision: number; json: string }> {
  return firstFound(projects, id, (project) => catalog.getJson(project, type, id, shape))
}

/** Gives one resource, from the first project that has it. Throws `resource-not-found`. */
export function getIn(
  catalog: Catalog,
  projects: readonly string[],
  type: ResourceType,
  id: string,
): Promise<{ revision: number; resource: IndexedResource }> {
  return firstFound(projects, id, (project) => catalog.get(project, type, id))
}

/** Changes one resource, in the first project that has it. Throws the errors of `Catalog.change`. */
export function changeIn(
  catalog: Catalog,
  projects: readonly string[],
  type: ResourceType,
  id: string,
  change: TagChange,
  author: Author,
): Promise<Changed> {
  return firstFound(projects, id, (project) => catalog.change(project, type, id, change, author))
}

async function firstFound<T>(
  projects: readonly string[],
  id: string,
  use: (project: string) => Promise<T>,
): Promise<T> {
  for (const project of projects) {
    try {
      return await use(project)
    } catch (error) {
      const isMissing = error instanceof DomainError && error.code === 'resource-not-found'
      // The revision of one project says nothing about the others.
      if (!isMissing || projects.length === 1) throw error
    }
  }
  throw new DomainError('resource-not-found', { field: 'id', rule: { name: 'exists' }, value: id })
}
