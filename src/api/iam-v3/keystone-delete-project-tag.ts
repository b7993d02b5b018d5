import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainOf } from './access.ts'

/** Removes a tag from a project (Keystone v3, "Delete single tag from project"; D35). */
export function keystoneDeleteProjectTag(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneDeleteProjectTag',
    method: 'DELETE',
    path: '/v3/projects/{project_id}/tags/{tag}',
    summary: 'Remove a tag from a project',
    access: 'domain',
    action: 'iam:projects:updateProject',
    params: Type.Object({ project_id: Type.String(), tag: Type.String() }),
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      await accounts.projects.removeTag(domainOf(caller), params.project_id, params.tag)
      return { status: 204 }
    },
  })
}
