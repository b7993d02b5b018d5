import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { projectParams } from './project-account.ts'

/** Deletes a project without resources, and the roles of users in it (contract 10.91). */
export function deleteDomainProject(accounts: Accounts): Route {
  return defineRoute({
    id: 'DeleteDomainProject',
    method: 'DELETE',
    path: '/tagwerk/v1/domain/projects/{project_id}',
    summary: 'Delete a project without resources',
    access: 'domain',
    action: 'iam:projects:deleteProject',
    params: projectParams,
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      await accounts.projects.remove(caller.principal.scope.domain.id, params.project_id)
      return { status: 204 }
    },
  })
}
