import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { managedUser } from '../../iam/managed-records.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { listLinks } from './links.ts'
import { projectFilters, projectPredicate } from './project-filters.ts'
import { projectList, projectView } from './project-view.ts'

/** Lists the projects that a user can get a token for (OTC IAM API, "Querying a User Project List"). */
export function keystoneListUserProjects(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneListUserProjects',
    method: 'GET',
    path: '/v3/users/{user_id}/projects',
    summary: 'List the projects of a user',
    access: 'any',
    action: 'iam:projects:listProjectsForUser',
    params: Type.Object({ user_id: Type.String() }),
    query: listQuery(projectFilters.properties),
    responses: { 200: projectList },
    handle: async ({ caller, params, query, origin }) => {
      const user = await managedUser(accounts, caller.principal, params.user_id, 'iam:projects:listProjectsForUser')
      const visible = await accounts.projects.listForUser(user.domainId, user.id)
      const projects = visible.filter(projectPredicate(query))
      const links = listLinks(`${origin}/v3/users/${user.id}/projects`, query)
      return { status: 200, body: { links, projects: projects.map((project) => projectView(project, origin)) } }
    },
  })
}
