import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'

/** Deletes a project without resources (OTC IAM API, "Deleting a Project"). */
export function keystoneDeleteProject(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneDeleteProject',
    method: 'DELETE',
    path: '/v3/projects/{project_id}',
    summary: 'Delete a project without resources',
    access: 'domain',
    action: 'iam:projects:deleteProject',
    params: Type.Object({ project_id: Type.String() }),
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      await accounts.projects.remove(domainOf(caller), params.project_id)
      return { status: 204 }
    },
  })
}
