import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { targetProject } from './access.ts'
import { projectSchema, projectStatus, projectView, statusOf } from './project-view.ts'

/**
 * Shows a project with its status (OTC IAM API, "Querying Information and Status of a Specified Project"). Terraform's
 * `huaweicloud_identity_project` reads its project by this call only.
 */
export function showProjectDetailsAndStatus(accounts: Accounts): Route {
  return defineRoute({
    id: 'ShowProjectDetailsAndStatus',
    method: 'GET',
    path: '/v3-ext/projects/{project_id}',
    summary: 'Show a project and its status',
    access: 'any',
    action: 'iam:projects:getProject',
    params: Type.Object({ project_id: Type.String() }),
    responses: { 200: Type.Object({ project: Type.Object({ ...projectSchema.properties, status: projectStatus }) }) },
    handle: async ({ caller, params, origin }) => {
      const project = await targetProject(accounts, caller, params.project_id)
      return { status: 200, body: { project: { ...projectView(project, origin), status: statusOf(project) } } }
    },
  })
}
