import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'
import { projectStatus } from './project-view.ts'

/** Freezes or unfreezes a project (OTC IAM API, "Setting the Status of a Specified Project"). */
export function updateProjectStatus(accounts: Accounts): Route {
  return defineRoute({
    id: 'UpdateProjectStatus',
    method: 'PUT',
    path: '/v3-ext/projects/{project_id}',
    summary: 'Set the status of a project',
    access: 'domain',
    action: 'iam:projects:updateProject',
    params: Type.Object({ project_id: Type.String() }),
    body: Type.Object({ project: Type.Object({ status: projectStatus }) }),
    responses: { 204: null },
    handle: async ({ caller, params, body }) => {
      const changes = { enabled: body.project.status === 'normal' }
      await accounts.projects.update(domainOf(caller), params.project_id, changes)
      return { status: 204 }
    },
  })
}
