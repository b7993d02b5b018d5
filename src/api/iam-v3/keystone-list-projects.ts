import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { projectListView } from './project-view.ts'
import { projectList } from './schemas.ts'

const PER_PAGE_MAX = 5000

/** Lists the projects that the caller has a role in, filtered and paged (contract 6.1). */
export function keystoneListProjects(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneListProjects',
    method: 'GET',
    path: '/v3/projects',
    summary: 'List projects',
    access: 'any',
    action: 'iam:projects:list',
    query: Type.Object({
      name: Type.Optional(Type.String({ description: 'The exact name.' })),
      domain_id: Type.Optional(Type.String()),
      enabled: Type.Optional(Type.Boolean()),
      page: Type.Integer({ minimum: 1, default: 1 }),
      per_page: Type.Integer({ minimum: 1, maximum: PER_PAGE_MAX, default: PER_PAGE_MAX }),
    }),
    responses: { 200: projectList },
    handle: async ({ caller, query, origin }) => {
      const { name, domain_id, enabled, page, per_page } = query
      const projects = (await accounts.projectsOf(caller.principal)).filter(
        (project) =>
          (name === undefined || project.name === name) &&
          (domain_id === undefined || project.domainId === domain_id) &&
          (enabled === undefined || project.enabled === enabled),
      )
      const start = (page - 1) * per_page
      const shown = projects.slice(start, start + per_page)
      const pages = { page, hasNext: start + per_page < projects.length }
      return { status: 200, body: projectListView(shown, `${origin}/v3/projects`, query, pages) }
    },
  })
}
