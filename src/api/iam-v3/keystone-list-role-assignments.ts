import { type Static, Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import type { Accounts, Project } from '../../iam/accounts.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'
import { listLinks } from './links.ts'
import { type Assignment, assignmentList, assignmentView } from './role-assignment-view.ts'

const id = Type.Optional(Type.String())
const query = listQuery({
  'user.id': id,
  'role.id': id,
  'scope.project.id': id,
  'scope.domain.id': id,
  'group.id': Type.Optional(Type.String({ description: 'No results: there are no groups.' })),
  'scope.system': Type.Optional(Type.String({ description: 'No results: no role applies beyond a domain.' })),
  'scope.OS-INHERIT:inherited_to': Type.Optional(
    Type.String({ description: 'No results: no assignment is marked as inherited.' }),
  ),
  include_names: Type.Optional(Type.Boolean({ description: 'True: show names in addition to ids.' })),
  include_subtree: Type.Optional(Type.Boolean({ description: 'Without effect: projects are not nested.' })),
  effective: Type.Optional(
    Type.Boolean({ description: 'True: list a role in the domain also once per project of the domain.' }),
  ),
})

/**
 * Lists the role assignments in the caller's domain, ordered by user name (Keystone v3, "List role assignments";
 * OTC IAM API, "Querying Role Assignments").
 */
export function keystoneListRoleAssignments(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneListRoleAssignments',
    method: 'GET',
    path: '/v3/role_assignments',
    summary: 'List role assignments',
    access: 'domain',
    action: 'iam:permissions:listRoleAssignments',
    query,
    responses: { 200: assignmentList },
    handle: async ({ caller, query, origin }) => {
      checkFilters(query)
      const assignments = await assignmentsIn(accounts, domainOf(caller), query)
      const { domain } = caller.principal.scope
      const hasNames = query.include_names === true
      const views = assignments.map((assignment) => assignmentView(assignment, domain, origin, hasNames))
      const links = listLinks(`${origin}/v3/role_assignments`, query)
      return { status: 200, body: { role_assignments: views, links } }
    },
  })
}

type Filters = Static<typeof query>

/** Throws `request-invalid` for filters that exclude each other: project and domain, user and group. */
function checkFilters(filters: Filters): void {
  const pairs = [
    ['scope.project.id', 'scope.domain.id'],
    ['user.id', 'group.id'],
  ] as const
  for (const [one, other] of pairs) {
    if (filters[one] === undefined || filters[other] === undefined) continue
    throw invalid(other, { name: 'well-formed', what: `left out when ${one} is given` }, filters[other])
  }
}

async function assignmentsIn(accounts: Accounts, domainId: string, filters: Filters): Promise<readonly Assignment[]> {
  const { 'user.id': userId, 'role.id': roleId, 'scope.project.id': projectId, 'scope.domain.id': domain } = filters
  const isUnsupported = ['group.id', 'scope.system', 'scope.OS-INHERIT:inherited_to'].some((name) => name in filters)
  if (isUnsupported || (domain !== undefined && domain !== domainId)) return []
  const projects = await accounts.projects.list(domainId)
  const users = (await accounts.users.list(domainId)).filter(({ id }) => userId === undefined || id === userId)
  const assignments: Assignment[] = []
  for (const user of users) {
    for (const { role, scope: assignedIn } of await accounts.roles.listAssigned(user.id)) {
      if (roleId !== undefined && role.id !== roleId) continue
      const direct =
        assignedIn.scope === 'project' ? projects.filter(({ id }) => id === assignedIn.scopeId) : [undefined]
      const inherited = assignedIn.scope === 'domain' && filters.effective === true ? projects : []
      const matches = (project: Project | undefined) =>
        (projectId === undefined || project?.id === projectId) && (domain === undefined || project === undefined)
      const matching = [...direct, ...inherited].filter(matches)
      assignments.push(...matching.map((project) => ({ user, role, assignedIn, project })))
    }
  }
  return assignments
}
