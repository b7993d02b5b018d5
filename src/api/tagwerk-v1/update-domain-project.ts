import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { accountText, projectName } from '../account-members.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { defineRoute, type Route } from '../route.ts'
import { projectAccount, projectAccountOf, projectParams } from './project-account.ts'

/** Renames, describes, disables or enables a project. Disabling it revokes its tokens (contract 10.91). */
export function updateDomainProject(accounts: Accounts, catalog: Catalog): Route {
  return defineRoute({
    id: 'UpdateDomainProject',
    method: 'PATCH',
    path: '/tagwerk/v1/domain/projects/{project_id}',
    summary: 'Change name, description or state of a project',
    access: 'domain',
    action: 'iam:projects:updateProject',
    params: projectParams,
    body: Type.Object({
      name: Type.Optional(projectName),
      description: Type.Optional(accountText),
      enabled: Type.Optional(Type.Boolean()),
    }),
    responses: { 200: projectAccount },
    handle: async ({ caller, params, body }) => {
      const { name, description, enabled } = body
      const changes = omitUndefined({ name, description, enabled })
      const project = await accounts.projects.update(caller.principal.scope.domain.id, params.project_id, changes)
      return { status: 200, body: await projectAccountOf(catalog, project) }
    },
  })
}
