import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'
import { PROJECT_TAGS_MAX } from './limits.ts'
import { projectTag } from './project-tags.ts'

/** Adds a tag to a project; adding it again changes nothing (Keystone v3, "Add single tag to a project"; D35). */
export function keystoneAddProjectTag(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneAddProjectTag',
    method: 'PUT',
    path: '/v3/projects/{project_id}/tags/{tag}',
    summary: 'Add a tag to a project',
    access: 'domain',
    action: 'iam:projects:updateProject',
    params: Type.Object({ project_id: Type.String(), tag: projectTag }),
    responses: { 201: null },
    handle: async ({ caller, params, origin }) => {
      const { project_id, tag } = params
      await accounts.projects.addTag(domainOf(caller), project_id, tag, PROJECT_TAGS_MAX)
      const location = `${origin}/v3/projects/${encodeURIComponent(project_id)}/tags/${encodeURIComponent(tag)}`
      return { status: 201, headers: { location } }
    },
  })
}
