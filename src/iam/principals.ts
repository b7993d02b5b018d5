import type { AccountStore, Project, RoleAssignment, User } from '../store/account-store.ts'
import { BoundedMap } from './bounded-map.ts'
import { compilePolicy, decide, type Policy } from './policy.ts'
import type { Principal, Scope } from './principal.ts'
import { RevisionCache } from './revision-cache.ts'
import { nameOf, SYSTEM_ROLES } from './roles.ts'

/** A scope by its id. */
export type ScopeId = { readonly kind: Scope['kind']; readonly id: string }

type KnownRole = { readonly name: string; readonly policy: Policy }

/** The roles of a user by the place in which it has them, each place's in the order of their assignments. */
type UserRoles = {
  readonly inPlaces: ReadonlyMap<string, readonly KnownRole[]>
  readonly policiesAnywhere: readonly Policy[]
}

/** Users whose roles are kept between requests. */
const USERS_MAX = 1000
/** Custom policies that are kept ready to be asked. */
const POLICIES_MAX = 1000

const SYSTEM: ReadonlyMap<string, KnownRole> = new Map(
  SYSTEM_ROLES.map(({ name, policy }) => [name, { name, policy: compilePolicy(policy) }]),
)
const NONE: readonly KnownRole[] = []

/** Who users are in the places where they have roles. */
export class Principals {
  readonly #store: AccountStore
  readonly #roles = new RevisionCache<UserRoles>(USERS_MAX)
  /**
   * By their texts, so that all who have a policy share one object: a principal is small, however much its policies say.
   * A time of change would not tell two changes within a millisecond apart.
   */
  readonly #policies = new BoundedMap<Policy>(POLICIES_MAX)

  constructor(store: AccountStore) {
    this.#store = store
  }

  /**
   * Gives what a user is in a scope; undefined when the scope is not there (any more), or the user has no role there.
   * With `needsRole` false, a user without a role is somebody who may do what needs none.
   */
  async of(user: User, wanted: ScopeId, needsRole = true): Promise<Principal | undefined> {
    const project = wanted.kind === 'project' ? await this.#store.getProject(wanted.id) : undefined
    if (wanted.kind === 'project' && !project?.enabled) return undefined
    const domain = await this.#store.getDomain(project?.domainId ?? wanted.id)
    const home = await this.#store.getDomain(user.domainId)
    if (domain === undefined || home === undefined) return undefined
    const { inPlaces, policiesAnywhere } = await this.#rolesOf(user.id)
    const inDomain = inPlaces.get(keyOf('domain', domain.id)) ?? NONE
    const inProject = (project && inPlaces.get(keyOf('project', project.id))) ?? NONE
    const held = [...new Set([...inDomain, ...inProject])]
    if (held.length === 0 && needsRole) return undefined
    const scope: Scope =
      project === undefined
        ? { kind: 'domain', domain }
        : { kind: 'project', project: { id: project.id, name: project.name }, domain }
    return {
      ...{ user: { id: user.id, name: user.name, domain: home }, scope },
      ...{ roles: held.map(({ name }) => name), policies: held.map(({ policy }) => policy), policiesAnywhere },
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
    const { inPlaces } = await this.#rolesOf(principal.user.id)
    return (projectId) => {
      const own = inPlaces.get(keyOf('project', projectId))
      if (own === undefined) return true
      const policies = own.map(({ policy }) => policy)
      return decide([...principal.policies, ...policies], action) !== 'denied'
    }
  }

  async #rolesOf(userId: string): Promise<UserRoles> {
    const revision = await this.#store.getAccountsRevision()
    const roles = await this.#roles.get(userId, revision, async () =>
      this.#sorted(await this.#store.listAssignments(userId)),
    )
    return roles as UserRoles
  }

  /** An assignment of a role that is gone counts for nothing. */
  async #sorted(assignments: readonly RoleAssignment[]): Promise<UserRoles> {
    const known = new Map<string, KnownRole | undefined>()
    const inPlaces = new Map<string, KnownRole[]>()
    for (const { scope, scopeId, role } of assignments) {
      if (!known.has(role)) known.set(role, SYSTEM.get(role) ?? (await this.#custom(role)))
      const found = known.get(role)
      if (found === undefined) continue
      const place = keyOf(scope, scopeId)
      const held = inPlaces.get(place)
      if (held === undefined) inPlaces.set(place, [found])
      else held.push(found)
    }
    const policiesAnywhere = [...known.values()].flatMap((role) => (role === undefined ? [] : [role.policy]))
    return { inPlaces, policiesAnywhere }
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

type Place = { readonly projectId: string | undefined; readonly domainId: string }

export function placeOf(project: Project): Place {
  return { projectId: project.id, domainId: project.domainId }
}

/** The assignments that count in a place: those in the project itself, and those in its whole domain. */
export function assignmentsIn(assignments: readonly RoleAssignment[], place: Place): readonly RoleAssignment[] {
  return assignments.filter(({ scope, scopeId }) =>
    scope === 'project' ? scopeId === place.projectId : scopeId === place.domainId,
  )
}

function keyOf(scope: RoleAssignment['scope'], id: string): string {
  return `${scope} ${id}`
}
