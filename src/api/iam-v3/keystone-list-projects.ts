import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { mayManage } from '../../iam/authorize.ts'
import { defineRoute, type Route } from '../route.ts'
import { PROJECTS_PER_PAGE_MAX } from './limits.ts'
import { pageLinks } from './links.ts'
import { projectTagFilters, projectTagPredicate } from './project-tags.ts'
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
    query: Type.Object({
      name: Type.Optional(Type.String({ description: 'Exact match.' })),
      domain_id: Type.Optional(Type.String()),
      parent_id: Type.Optional(Type.String({ description: 'The id of the domain: projects are not nested.' })),
      enabled: Type.Optional(Type.Boolean()),
      is_domain: Type.Optional(Type.Boolean({ description: 'True: no results, because no project is a domain.' })),
      ...projectTagFilters.properties,
      page: Type.Integer({ minimum: 1, default: 1 }),
      per_page: Type.Integer({ minimum: 1, maximum: PROJECTS_PER_PAGE_MAX, default: PROJECTS_PER_PAGE_MAX }),
    }),
    responses: { 200: projectList },
    handle: async ({ caller, query, origin }) => {
      const { name, domain_id, parent_id, enabled, is_domain, page, per_page } = query
      const { principal } = caller
      const hasTags = projectTagPredicate(query)
      const visible = mayManage(principal, 'iam:projects:listProjects')
        ? await accounts.projects.list(principal.scope.domain.id)
        : await accounts.projects.listForUser(principal.user.domain.id, principal.user.id)
      const projects = visible.filter(
        (project) =>
          (name === undefined || project.name === name) &&
          (domain_id === undefined || project.domainId === domain_id) &&
          (parent_id === undefined || project.domainId === parent_id) &&
          (enabled === undefined || project.enabled === enabled) &&
          is_domain !== true &&
          hasTags(project),
      )
      const end = page * per_page
      const links = pageLinks(`${origin}/v3/projects`, query, { page, hasNext: end < projects.length })
      const pageProjects = projects.slice(end - per_page, end)
      return { status: 200, body: { links, projects: pageProjects.map((project) => projectView(project, origin)) } }
    },
  })
}
