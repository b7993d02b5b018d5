import { Type } from 'typebox'
import { DomainError } from '../../core/errors.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { mayManage } from '../../iam/authorize.ts'
import { defineRoute, type Route } from '../route.ts'
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
      const { principal } = caller
      const own = (await accounts.projects.listForUser(principal.user.domain.id, principal.user.id)).find(
        ({ id }) => id === params.project_id,
      )
      if (own === undefined && !mayManage(principal, 'iam:projects:getProject')) {
        throw new DomainError('action-forbidden')
      }
      const project = own ?? (await accounts.projects.get(principal.scope.domain.id, params.project_id))
      return { status: 200, body: { project: projectView(project, origin) } }
    },
  })
}
