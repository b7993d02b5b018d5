import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { targetProject } from './access.ts'
import { projectSchema, projectView } from './project-view.ts'

/**
 * Shows a project in which the caller has a role, or any of the domain to a caller who may manage projects (OTC IAM
 * API).
 */
export function keystoneShowProject(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneShowProject',
    method: 'GET',
    path: '/v3/projects/{project_id}',
    summary: 'Show a project',
    access: 'any',
    action: 'iam:projects:getProject',
    params: Type.Object({ project_id: Type.String() }),
    responses: { 200: Type.Object({ project: projectSchema }) },
    handle: async ({ caller, params, origin }) => {
      const project = await targetProject(accounts, caller, params.project_id)
      return { status: 200, body: { project: projectView(project, origin) } }
    },
  })
}
