import { type Static, Type } from 'typebox'
import type { Accounts, Project } from '../../iam/accounts.ts'
import type { AssignedRole } from '../../iam/roles.ts'
import type { User } from '../../iam/users.ts'
import { defineRoute, type Route } from '../route.ts'
import {
  accountListQuery,
  comparePlaces,
  cutPage,
  nextMarker,
  type Placed,
  pageLimit,
  placeBefore,
} from './account-pages.ts'

const id = Type.Optional(Type.String())
const query = accountListQuery({
  user_id: id,
  role_id: id,
  project_id: Type.Optional(
    Type.String({ description: 'Only roles that count in this project: those given in it or in the whole domain.' }),
  ),
})

const named = Type.Object({ id: Type.String(), name: Type.String() })

const assignment = Type.Object({
  user: named,
  role: Type.Object({ id: Type.String(), name: Type.String(), display_name: Type.String() }),
  project: Type.Optional(Type.Object(named.properties, { description: 'Missing for a role in the whole domain.' })),
})

type Assignment = Static<typeof assignment>

/** Users whose roles are read side by side. */
const USERS_AT_ONCE = 32

/** Parts of a place: the user, whether the role is in a project, that project, the role. */
const PLACE_PARTS = 4

/** Lists which user has which role where, ordered by users (contract 10.94). */
export function listRoleAssignments(accounts: Accounts): Route {
  return defineRoute({
    id: 'ListRoleAssignments',
    method: 'GET',
    path: '/tagwerk/v1/domain/role-assignments',
    summary: 'List which user has which role in the domain and its projects',
    access: 'domain',
    action: 'iam:permissions:listRoleAssignments',
    query,
    responses: { 200: Type.Object({ assignments: Type.Array(assignment), next_marker: nextMarker }) },
    handle: async ({ caller, query }) => {
      const { items, next } = await assignmentsIn(accounts, caller.principal.scope.domain.id, query)
      return { status: 200, body: { assignments: items, ...next } }
    },
  })
}

/** Reads the roles of users until a page is full. */
async function assignmentsIn(accounts: Accounts, domainId: string, filters: Static<typeof query>) {
  const { user_id, role_id, project_id } = filters
  const before = placeBefore(filters, PLACE_PARTS)
  if (role_id !== undefined) await accounts.roles.get(domainId, role_id)
  if (project_id !== undefined) await accounts.projects.get(domainId, project_id)
  const projects = new Map((await accounts.projects.list(domainId)).map((project) => [project.id, project]))
  const all =
    user_id === undefined ? await accounts.users.list(domainId) : [await accounts.users.get(domainId, user_id)]
  // The user of the place itself may have further roles.
  const users = before === undefined ? all : all.filter(({ name }) => comparePlaces([name], before.slice(0, 1)) >= 0)
  const limit = pageLimit(filters)
  const found: Placed<Assignment>[] = []
  for (let i = 0; i < users.length && found.length <= limit; i += USERS_AT_ONCE) {
    const some = await Promise.all(
      users.slice(i, i + USERS_AT_ONCE).map(async (user) => placed(user, await accounts.roles.listAssigned(user.id))),
    )
    found.push(...some.flat().filter(({ place }) => before === undefined || comparePlaces(place, before) > 0))
  }
  return cutPage(found, limit)

  function placed(user: User, roles: readonly AssignedRole[]): readonly Placed<Assignment>[] {
    return roles
      .filter(({ role }) => role_id === undefined || role.id === role_id)
      .flatMap((one) => placedRole(user, one, projects, project_id) ?? [])
      .sort((a, b) => comparePlaces(a.place, b.place))
  }
}

/** An assignment with its place; undefined for one of another project, or of a project that was deleted meanwhile. */
function placedRole(
  user: User,
  { role, scope }: AssignedRole,
  projects: ReadonlyMap<string, Project>,
  projectId: string | undefined,
): Placed<Assignment> | undefined {
  const project = scope.scope === 'project' ? projects.get(scope.scopeId) : undefined
  const isGone = scope.scope === 'project' && project === undefined
  if (isGone || (projectId !== undefined && project !== undefined && project.id !== projectId)) return undefined
  return {
    item: {
      user: { id: user.id, name: user.name },
      role: { id: role.id, name: role.name, display_name: role.displayName },
      ...(project && { project: { id: project.id, name: project.name } }),
    },
    place: [user.name, project === undefined ? 'a' : 'b', project?.name ?? '', role.id],
  }
}
