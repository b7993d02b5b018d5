import type { AccountStore, Project, RoleAssignment, User } from '../store/account-store.ts'
import type { Principal, Scope } from './principal.ts'
import { rolesOf } from './roles.ts'

/** A scope by its id. */
export type ScopeId = { readonly kind: Scope['kind']; readonly id: string }

/**
 * Gives what a user is in a scope; undefined when the scope is not there (any more), or the user has no role there. With
 * `needsRole` false, a user without a role is somebody who may do what needs none.
 */
export async function principalOf(
  store: AccountStore,
  user: User,
  wanted: ScopeId,
  needsRole = true,
): Promise<Principal | undefined> {
  const project = wanted.kind === 'project' ? await store.getProject(wanted.id) : undefined
  if (wanted.kind === 'project' && !project?.enabled) return undefined
  const domain = await store.getDomain(project?.domainId ?? wanted.id)
  const home = await store.getDomain(user.domainId)
  if (domain === undefined || home === undefined) return undefined
  const place = project === undefined ? { projectId: undefined, domainId: domain.id } : placeOf(project)
  const { roles, policies } = await rolesOf(store, assignmentsIn(await store.listAssignments(user.id), place))
  if (roles.length === 0 && needsRole) return undefined
  const scope: Scope =
    project === undefined
      ? { kind: 'domain', domain }
      : { kind: 'project', project: { id: project.id, name: project.name }, domain }
  return { user: { id: user.id, name: user.name, domain: home }, scope, roles, policies }
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
