import { DomainError, invalid } from '../../core/errors.ts'
import type { Accounts, Project } from '../../iam/accounts.ts'
import { mayManage } from '../../iam/authorize.ts'
import type { Principal } from '../../iam/principal.ts'
import type { TagwerkErrorCode } from './error-codes.ts'
import { toProjectName } from './resource-line.ts'

/** The project of a line. `id` is undefined for a project that a dry run would create. */
export type TargetProject = { readonly id: string | undefined }

export type ProjectResolver = {
  /** Resolves a name or id. Returns the same object for the same name. */
  resolve(name: string | undefined): Promise<TargetProject>
  /** Names of the projects that were created, or would be without `dryRun`. */
  readonly created: readonly string[]
}

/**
 * Resolves the projects that a caller may import into. A project token: that project only. A domain token: any enabled
 * project of the domain in which no role denies the action; a missing project is created if the caller may create
 * projects. `defaultName` is the project of lines that name none.
 */
export function projectResolver(
  accounts: Accounts,
  principal: Principal,
  action: string,
  defaultName: string | undefined,
  dryRun: boolean,
): ProjectResolver {
  const { scope } = principal
  const fallback = defaultName === undefined ? undefined : toProjectName(defaultName, 'project')
  if (scope.kind === 'project') {
    const { id, name: own } = scope.project
    const target = { id }
    const resolve = async (name = fallback) => {
      if (name === undefined || name === own || name === id) return target
      throw invalid('project', { name: 'one-of', allowed: [own] }, name, 'scope-forbidden')
    }
    return { resolve, created: [] }
  }
  const created: string[] = []
  const findOrCreate = async (name: string) => {
    const project = await accounts.projects.find(scope.domain.id, name).catch((error: unknown) => {
      // Not 'internal', which would end the import: lines of other projects are not concerned.
      if (!(error instanceof DomainError) || error.code !== 'internal') throw error
      throw invalid('project', { name: 'well-formed', what: 'a project whose stored row is not damaged' }, name)
    })
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
  // Promises are cached rather than projects, so that concurrent lines create a missing project only once.
  const cache = new Map<string, Promise<TargetProject>>()
  const resolve = async (name = fallback) => {
    if (name === undefined) throw invalid('project', { name: 'required' })
    let project = cache.get(name)
    if (project === undefined) {
      project = findOrCreate(name)
      cache.set(name, project)
    }
    const target = await project
    // Not cached: a Deny that is added during a long import applies to its next batch.
    if (target.id !== undefined && !(await accounts.principals.isAllowedIn(principal, target.id, action))) {
      const rule = { name: 'well-formed', what: 'a project in which the caller may do this' } as const
      throw invalid('project', rule, name, 'action-forbidden')
    }
    return target
  }
  return { resolve, created }
}

/**
 * Lists the projects that a caller may export, without those in which a role denies the action: all, or the one with
 * the name or id. Throws `project-not-found` when there is none with that name or id.
 */
export async function projectsToExport(
  accounts: Accounts,
  principal: Principal,
  action: string,
  name: string | undefined,
) {
  const allowed = await accounts.principals.allowedProjects(
    principal,
    await accounts.projects.listForUser(principal.user.domain.id, principal.user.id),
    action,
  )
  const { scope } = principal
  const inScope = scope.kind === 'project' ? allowed.filter(({ id }) => id === scope.project.id) : allowed
  const selected =
    name === undefined ? inScope : inScope.filter((project) => project.name === name || project.id === name)
  if (name !== undefined && selected.length === 0) throw new DomainError<TagwerkErrorCode>('project-not-found')
  return selected
}

/** Gives the enabled projects of the caller's domain in which no policy denies the action, by name. */
export async function projectsOfDomain(
  accounts: Accounts,
  principal: Principal,
  action: string,
): Promise<readonly Project[]> {
  const projects = await accounts.projects.list(principal.scope.domain.id)
  const enabled = projects.filter((project) => project.enabled)
  return accounts.principals.allowedProjects(principal, enabled, action)
}
