import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'
import { projectTagList, projectTags, projectTagsView } from './project-tags.ts'

/** Replaces all tags of a project (Keystone v3, "Modify tag list for a project"; D35). */
export function keystoneUpdateProjectTags(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneUpdateProjectTags',
    method: 'PUT',
    path: '/v3/projects/{project_id}/tags',
    summary: 'Replace the tags of a project',
    access: 'domain',
    action: 'iam:projects:updateProject',
    params: Type.Object({ project_id: Type.String() }),
    body: Type.Object({ tags: projectTags }),
    responses: { 200: projectTagList },
    handle: async ({ caller, params, body, origin }) => {
      const project = await accounts.projects.update(domainOf(caller), params.project_id, { tags: body.tags })
      return { status: 200, body: projectTagsView(project, origin) }
    },
  })
}
