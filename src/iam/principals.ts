import type { Project, RoleAssignment, User } from '../store/account-records.ts'
import { BoundedMap } from './bounded-map.ts'
import { compilePolicy, decide, type Policy } from './policy.ts'
import type { Principal, Scope } from './principal.ts'
import { RevisionCache } from './revision-cache.ts'
import { nameOf, SYSTEM_ROLES } from './roles.ts'
import type { AccountReads } from './write-limit.ts'

/** A reference to a scope. */
export type ScopeId = { readonly kind: Scope['kind']; readonly id: string }

type KnownRole = { readonly name: string; readonly policy: Policy }

/** The roles of a user by scope, in the order of their assignments. */
type UserRoles = {
  readonly byScope: ReadonlyMap<string, readonly KnownRole[]>
  readonly policiesAnywhere: readonly Policy[]
}

/** Users in the cache of roles. */
const USERS_MAX = 1000
/** Custom policies in the cache of compiled policies. */
const POLICIES_MAX = 1000

const SYSTEM: ReadonlyMap<string, KnownRole> = new Map(
  SYSTEM_ROLES.map(({ name, policy }) => [name, { name, policy: compilePolicy(policy) }]),
)
const NONE: readonly KnownRole[] = []

/** Resolves users to principals. */
export class Principals {
  readonly #store: AccountReads
  readonly #roles = new RevisionCache<UserRoles>(USERS_MAX)
  /**
   * Compiled policies by their JSON text, so that all users of a policy share one object and principals stay small. The
   * time of the last update would not be a safe key: two updates can fall into one millisecond.
   */
  readonly #policies = new BoundedMap<Policy>(POLICIES_MAX)

  constructor(store: AccountReads) {
    this.#store = store
  }

  /**
   * Gives the principal of a user in a scope; undefined when the scope does not exist or is disabled, or the user has no
   * role in it. With `needsRole` false, a user without a role gets a principal for the actions that need none.
   */
  async of(user: User, wanted: ScopeId, needsRole = true): Promise<Principal | undefined> {
    const project = wanted.kind === 'project' ? await this.#store.getProject(wanted.id) : undefined
    if (wanted.kind === 'project' && !project?.enabled) return undefined
    const domain = await this.#store.getDomain(project?.domainId ?? wanted.id)
    const home = await this.#store.getDomain(user.domainId)
    if (!domain?.enabled || !home?.enabled) return undefined
    const { byScope, policiesAnywhere } = await this.#rolesOf(user.id)
    const inDomain = byScope.get(keyOf('domain', domain.id)) ?? NONE
    const inProject = (project && byScope.get(keyOf('project', project.id))) ?? NONE
    const roles = [...new Set([...inDomain, ...inProject])]
    if (roles.length === 0 && needsRole) return undefined
    const scope: Scope =
      project === undefined
        ? { kind: 'domain', domain: named(domain) }
        : { kind: 'project', project: named(project), domain: named(domain) }
    return {
      user: { ...named(user), domain: named(home) },
      scope,
      roles: roles.map(({ name }) => name),
      policies: roles.map(({ policy }) => policy),
      policiesAnywhere,
    }
  }

  /** Says whether the caller may perform an action in a project of its domain. See `allowedProjects`. */
  async isAllowedIn(principal: Principal, projectId: string, action: string): Promise<boolean> {
    return (await this.#projectFilter(principal, action))(projectId)
  }

  /**
   * Gives the projects in which the caller may perform an action, for calls that work on many projects of a domain. The
   * call itself is authorized by its scope already; a project is left out when the caller's roles, those in the project
   * included, deny the action.
   */
  async allowedProjects(
    principal: Principal,
    projects: readonly Project[],
    action: string,
  ): Promise<readonly Project[]> {
    const isAllowed = await this.#projectFilter(principal, action)
    return projects.filter(({ id }) => isAllowed(id))
  }

  async #projectFilter(principal: Principal, action: string): Promise<(projectId: string) => boolean> {
    const { byScope } = await this.#rolesOf(principal.user.id)
    return (projectId) => {
      const own = byScope.get(keyOf('project', projectId))
      if (own === undefined) return true
      const policies = own.map(({ policy }) => policy)
      return decide([...principal.policies, ...policies], action) !== 'denied'
    }
  }

  async #rolesOf(userId: string): Promise<UserRoles> {
    const revision = await this.#store.getAccountsRevision()
    const roles = await this.#roles.get(userId, revision, async () =>
      this.#groupByScope(await this.#store.listAssignments(userId)),
    )
    return roles as UserRoles
  }

  /** Groups assignments by scope. Assignments of deleted roles are ignored. */
  async #groupByScope(assignments: readonly RoleAssignment[]): Promise<UserRoles> {
    const known = new Map<string, KnownRole | undefined>()
    const byScope = new Map<string, KnownRole[]>()
    for (const { scope, scopeId, role } of assignments) {
      if (!known.has(role)) known.set(role, SYSTEM.get(role) ?? (await this.#custom(role)))
      const knownRole = known.get(role)
      if (knownRole === undefined) continue
      const key = keyOf(scope, scopeId)
      const inScope = byScope.get(key)
      if (inScope === undefined) byScope.set(key, [knownRole])
      else inScope.push(knownRole)
    }
    const policiesAnywhere = [...known.values()].flatMap((role) => (role === undefined ? [] : [role.policy]))
    return { byScope, policiesAnywhere }
  }

  async #custom(id: string): Promise<KnownRole | undefined> {
    const role = await this.#store.getRole(id)
    if (role === undefined) return undefined
    let policy = this.#policies.get(role.policy)
    if (policy === undefined) {
      policy = compilePolicy(JSON.parse(role.policy))
      this.#policies.set(role.policy, policy)
    }
    return { name: nameOf(role), policy }
  }
}

/** Says whether any assignment applies to a project: one in the project itself, or one in its domain. */
export function hasRoleIn(assignments: readonly RoleAssignment[], project: Project): boolean {
  return assignments.some(({ scope, scopeId }) => scopeId === (scope === 'project' ? project.id : project.domainId))
}

function named({ id, name }: { readonly id: string; readonly name: string }) {
  return { id, name }
}

function keyOf(scope: RoleAssignment['scope'], id: string): string {
  return `${scope} ${id}`
}
