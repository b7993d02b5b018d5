import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { projectName } from '../account-members.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'
import { nullableBody } from './nullable-body.ts'
import { projectMembers, projectSchema, projectView } from './project-view.ts'

/** Updates name, description, status or tags of a project (OTC IAM API, "Modifying Project Data"). */
export function keystoneUpdateProject(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneUpdateProject',
    method: 'PATCH',
    path: '/v3/projects/{project_id}',
    summary: 'Update a project',
    access: 'domain',
    action: 'iam:projects:updateProject',
    params: Type.Object({ project_id: Type.String() }),
    ...nullableBody(Type.Object({ project: Type.Object({ name: Type.Optional(projectName), ...projectMembers }) })),
    responses: { 200: Type.Object({ project: projectSchema }) },
    handle: async ({ caller, params, body, origin }) => {
      const { name, description, enabled, tags } = body.project
      const changes = omitUndefined({ name, description, enabled, tags })
      const project = await accounts.projects.update(domainOf(caller), params.project_id, changes)
      return { status: 200, body: { project: projectView(project, origin) } }
    },
  })
}
