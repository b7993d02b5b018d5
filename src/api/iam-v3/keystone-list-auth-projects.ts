import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { listLinks } from './links.ts'
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
    responses: { 200: projectList },
    handle: async ({ caller, origin }) => {
      const projects = await accounts.projects.listForUser(caller.principal.user.domain.id, caller.principal.user.id)
      const links = listLinks(`${origin}/v3/auth/projects`)
      return { status: 200, body: { links, projects: projects.map((project) => projectView(project, origin)) } }
    },
  })
}
