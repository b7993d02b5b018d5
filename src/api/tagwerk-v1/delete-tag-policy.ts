import { defineRoute, type Route } from '../route.ts'
import { projectPolicyParams, type TagPolicyParts } from './tag-policy-parts.ts'

/** Deletes a tag policy of a project; no later write is held to it (contract 10.24). */
export function deleteTagPolicy({ accounts }: TagPolicyParts): Route {
  return defineRoute({
    id: 'DeleteTagPolicy',
    method: 'DELETE',
    path: '/tagwerk/v1/{project_id}/policies/{policy_name}',
    summary: 'Delete a tag policy of a project',
    access: 'project',
    action: 'tagwerk:policies:delete',
    params: projectPolicyParams,
    responses: { 204: null },
    handle: async ({ params }) => {
      await accounts.tagPolicies.remove({ level: 'project', id: params.project_id }, params.policy_name)
      return { status: 204 }
    },
  })
}
