import { Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { projectName } from '../account-members.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'
import { nullableBody } from './nullable-body.ts'
import { projectMembers, projectSchema, projectView } from './project-view.ts'

/** Creates a project in the caller's domain (OTC IAM API, "Creating a Project"). */
export function keystoneCreateProject(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneCreateProject',
    method: 'POST',
    path: '/v3/projects',
    summary: 'Create a project',
    access: 'domain',
    action: 'iam:projects:createProject',
    ...nullableBody(
      Type.Object({
        project: Type.Object({
          name: projectName,
          ...projectMembers,
          domain_id: Type.Optional(Type.String()),
          parent_id: Type.Optional(Type.String({ description: 'The id of the domain: projects are not nested.' })),
          is_domain: Type.Optional(Type.Unsafe<false>({ type: 'boolean', enum: [false] })),
        }),
      }),
    ),
    responses: { 201: Type.Object({ project: projectSchema }) },
    handle: async ({ caller, body, origin }) => {
      const { name, description = '', enabled = true, tags = [], domain_id, parent_id } = body.project
      const domainId = domainOf(caller, domain_id)
      if (parent_id !== undefined && parent_id !== domainId) {
        throw invalid('project.parent_id', { name: 'one-of', allowed: [domainId] }, parent_id)
      }
      const project = await accounts.projects.create(domainId, { name, description, enabled, tags })
      return { status: 201, body: { project: projectView(project, origin) } }
    },
  })
}
