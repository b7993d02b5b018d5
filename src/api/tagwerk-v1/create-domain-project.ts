import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { accountText, projectName } from '../account-members.ts'
import { defineRoute, type Route } from '../route.ts'
import { projectAccount, projectAccountOf } from './project-account.ts'

/** Creates a project in the caller's domain (contract 10.91). */
export function createDomainProject(accounts: Accounts, catalog: Catalog): Route {
  return defineRoute({
    id: 'CreateDomainProject',
    method: 'POST',
    path: '/tagwerk/v1/domain/projects',
    summary: 'Create a project',
    access: 'domain',
    action: 'iam:projects:createProject',
    body: Type.Object({
      name: projectName,
      description: Type.Optional(accountText),
      enabled: Type.Optional(Type.Boolean({ default: true })),
    }),
    responses: { 201: projectAccount },
    handle: async ({ caller, body }) => {
      const { name, description = '', enabled = true } = body
      const { id } = caller.principal.scope.domain
      const project = await accounts.projects.create(id, { name, description, enabled, tags: [] })
      return { status: 201, body: await projectAccountOf(catalog, project) }
    },
  })
}
