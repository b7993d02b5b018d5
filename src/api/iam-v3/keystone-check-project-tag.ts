import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { notFound } from '../../iam/not-found.ts'
import { defineRoute, type Route } from '../route.ts'
import { targetProject } from './access.ts'

/** Answers 204 if a project has a tag, otherwise 404 (Keystone v3, "Check if project contains tag"; D35). */
export function keystoneCheckProjectTag(accounts: Accounts): Route {
  return defineRoute({
    id: 'KeystoneCheckProjectTag',
    method: 'GET',
    path: '/v3/projects/{project_id}/tags/{tag}',
    summary: 'Check whether a project has a tag',
    access: 'any',
    action: 'iam:projects:getProject',
    params: Type.Object({ project_id: Type.String(), tag: Type.String() }),
    responses: { 204: null },
    handle: async ({ caller, params }) => {
      const { tags } = await targetProject(accounts, caller, params.project_id)
      if (!tags.includes(params.tag)) throw notFound('tag', 'a tag of the project', params.tag)
      return { status: 204 }
    },
  })
}
