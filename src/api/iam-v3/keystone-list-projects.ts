import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { visibleProjects } from '../../iam/managed-records.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { PROJECTS_PER_PAGE_MAX } from './limits.ts'
import { pageLinks } from './links.ts'
import { projectFilters, projectPredicate } from './project-filters.ts'
import { projectList, projectView } from './project-view.ts'

/**
 * Lists the projects in which the caller has a role, or all projects of the domain to a caller who may manage projects;
 * filtered and paged (contract 6.1). SDKs with access keys look up their project by name here and need exactly one
 * result.
 */
export function keystoneListProjects(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneListProjects',
    method: 'GET',
    path: '/v3/projects',
    summary: 'List projects',
    access: 'any',
    action: 'iam:projects:listProjects',
    query: listQuery({
      ...projectFilters.properties,
      page: Type.Integer({ minimum: 1, default: 1 }),
      per_page: Type.Integer({ minimum: 1, maximum: PROJECTS_PER_PAGE_MAX, default: PROJECTS_PER_PAGE_MAX }),
    }),
    responses: { 200: projectList },
    handle: async ({ caller, query, origin }) => {
      const { page, per_page } = query
      const visible = await visibleProjects(accounts, caller.principal)
      const projects = visible.filter(projectPredicate(query))
      const end = page * per_page
      const links = pageLinks(`${origin}/v3/projects`, query, { page, hasNext: end < projects.length })
      const pageProjects = projects.slice(end - per_page, end)
      return { status: 200, body: { links, projects: pageProjects.map((project) => projectView(project, origin)) } }
    },
  })
}
