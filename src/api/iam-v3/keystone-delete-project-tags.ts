import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'

/** Removes all tags of a project (Keystone v3, "Remove all tags from a project"; D35). */
export function keystoneDeleteProjectTags(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneDeleteProjectTags',
    method: 'DELETE',
    path: '/v3/projects/{project_id}/tags',
    summary: 'Remove all tags of a project',
    access: 'domain',
    action: 'iam:projects:updateProject',
    params: Type.Object({ project_id: Type.String() }),
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      await accounts.projects.update(domainOf(caller), params.project_id, { tags: [] })
      return { status: 204 }
    },
  })
}
