import { DomainError, invalid } from '../../core/errors.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { mayManage } from '../../iam/authorize.ts'
import type { Principal } from '../../iam/principal.ts'
import type { TagwerkErrorCode } from './error-codes.ts'
import { toProjectName } from './resource-line.ts'

/** The project that a line is for; `id` is undefined for one that a dry run would have to make. */
export type FoundProject = { readonly id: string | undefined }

export type ProjectFinder = {
  /** Gives the same object for the same project. */
  find(name: string | undefined): Promise<FoundProject>
  /** Names of the projects that were made, or in a dry run would be. */
  readonly created: readonly string[]
}

/**
 * What a caller may import into. A domain's token: any enabled project of the domain by name or id, made if it is missing
 * and the caller may make projects, unless a role in it denies the caller the action. A project's token: that project
 * only. `fallback` is where lines go that name none.
 */
export function projectFinder(
  accounts: Accounts,
  principal: Principal,
  action: string,
  fallback: string | undefined,
  dryRun: boolean,
): ProjectFinder {
  const { scope } = principal
  const named = fallback === undefined ? undefined : toProjectName(fallback, 'project')
  if (scope.kind === 'project') {
    const { id, name: own } = scope.project
    const found = { id }
    const find = async (name = named) => {
      if (name === undefined || name === own || name === id) return found
      throw invalid('project', { name: 'one-of', allowed: [own] }, name, 'scope-forbidden')
    }
    return { find, created: [] }
  }
  const created: string[] = []
  const findOrMake = async (name: string) => {
    const project = await accounts.projects.find(scope.domain.id, name)
    if (project?.enabled === false) {
      throw invalid('project', { name: 'well-formed', what: 'a project that is enabled' }, name, 'scope-forbidden')
    }
    if (project !== undefined) return project
    if (!mayManage(principal, 'iam:projects:createProject')) {
      throw invalid('project', { name: 'well-formed', what: 'a project that is there' }, name, 'action-forbidden')
    }
    created.push(name)
    return dryRun ? { id: undefined } : accounts.projects.ensure(scope.domain.id, name)
  }
  // Promises are kept rather than projects, so that lines which come together make a project once and stay in order.
  const known = new Map<string, Promise<FoundProject>>()
  const find = async (name = named) => {
    if (name === undefined) throw invalid('project', { name: 'required' })
    let project = known.get(name)
    if (project === undefined) {
      project = findOrMake(name)
      known.set(name, project)
    }
    const found = await project
    // Asked each time, because an import takes long and a Deny counts from the next lines on.
    if (found.id !== undefined && !(await accounts.principals.isAllowedIn(principal, found.id, action))) {
      const rule = { name: 'well-formed', what: 'a project in which the caller may do this' } as const
      throw invalid('project', rule, name, 'action-forbidden')
    }
    return found
  }
  return { find, created }
}

/**
 * Gives the projects that a caller may export: those asked for by name, or all, without those in which a role denies the
 * caller the action. Throws `project-not-found`.
 */
export async function projectsToExport(
  accounts: Accounts,
  principal: Principal,
  action: string,
  name: string | undefined,
) {
  const all = await accounts.principals.allowedProjects(
    principal,
    await accounts.projects.listForUser(principal.user.domain.id, principal.user.id),
    action,
  )
  const { scope } = principal
  const open = scope.kind === 'project' ? all.filter(({ id }) => id === scope.project.id) : all
  const asked = name === undefined ? open : open.filter((project) => project.name === name || project.id === name)
  if (name !== undefined && asked.length === 0) throw new DomainError<TagwerkErrorCode>('project-not-found')
  return asked
}
