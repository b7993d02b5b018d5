import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { noParameters } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { targetProject } from './access.ts'
import { projectTagList, projectTagsView } from './project-tags.ts'

/** Lists the tags of a project in the order in which they were added (Keystone v3, "List tags for a project"; D35). */
export function keystoneListProjectTags(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneListProjectTags',
    method: 'GET',
    path: '/v3/projects/{project_id}/tags',
    summary: 'List the tags of a project',
    access: 'any',
    action: 'iam:projects:getProject',
    params: Type.Object({ project_id: Type.String() }),
    query: noParameters,
    responses: { 200: projectTagList },
    handle: async ({ caller, params, origin }) => {
      const project = await targetProject(accounts, caller, params.project_id)
      return { status: 200, body: projectTagsView(project, origin) }
    },
  })
}
