import { defineRoute, type Route } from '../route.ts'
import { policyWithBody, projectPolicyParams, showPolicy, type TagPolicyParts } from './tag-policy-parts.ts'

/** Shows a tag policy of a project as it was put (contract 10.24). */
export function showTagPolicy(parts: TagPolicyParts): Route {
  return defineRoute({
    id: 'ShowTagPolicy',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/policies/{policy_name}',
    summary: 'Show a tag policy of a project',
    access: 'project',
    action: 'tagwerk:policies:get',
    params: projectPolicyParams,
    responses: { 200: policyWithBody },
    handle: ({ params }) => showPolicy(parts, { level: 'project', id: params.project_id }, params.policy_name),
  })
}
