import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { projectListView } from './project-view.ts'
import { projectList } from './schemas.ts'

/** Lists the projects that the caller may take a token for (contract 6.1). */
export function keystoneListAuthProjects(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneListAuthProjects',
    method: 'GET',
    path: '/v3/auth/projects',
    summary: 'List the projects that the caller may take a token for',
    access: 'any',
    action: 'iam:projects:list',
    responses: { 200: projectList },
    handle: async ({ caller, origin }) => {
      const projects = await accounts.projectsOf(caller.principal)
      const pages = { page: 1, hasNext: false }
      return { status: 200, body: projectListView(projects, `${origin}/v3/auth/projects`, {}, pages) }
    },
  })
}
