import type { Accounts } from '../../iam/accounts.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { listLinks } from './links.ts'
import { projectFilters, projectPredicate } from './project-filters.ts'
import { projectList, projectView } from './project-view.ts'

/** Lists the projects that the caller can get a token for (contract 6.1). */
export function keystoneListAuthProjects(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneListAuthProjects',
    method: 'GET',
    path: '/v3/auth/projects',
    summary: 'List the projects that the caller can get a token for',
    access: 'any',
    action: 'iam:projects:listProjects',
    query: listQuery(projectFilters.properties),
    responses: { 200: projectList },
    handle: async ({ caller, query, origin }) => {
      const { user } = caller.principal
      const visible = await accounts.projects.listForUser(user.domain.id, user.id)
      const projects = visible.filter(projectPredicate(query))
      const links = listLinks(`${origin}/v3/auth/projects`, query)
      return { status: 200, body: { links, projects: projects.map((project) => projectView(project, origin)) } }
    },
  })
}
