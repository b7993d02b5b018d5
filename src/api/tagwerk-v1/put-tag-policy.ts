import { defineRoute, type Route } from '../route.ts'
import { policyBody, projectPolicyParams, putAnswer, putPolicy, type TagPolicyParts } from './tag-policy-parts.ts'

/** Puts a tag policy for a project, in force for its next write (contract 10.24). */
export function putTagPolicy(parts: TagPolicyParts): Route {
  return defineRoute({
    id: 'PutTagPolicy',
    method: 'PUT',
    path: '/tagwerk/v1/{project_id}/policies/{policy_name}',
    summary: 'Put a tag policy for a project',
    access: 'project',
    action: 'tagwerk:policies:update',
    params: projectPolicyParams,
    body: policyBody,
    responses: { 200: putAnswer },
    handle: ({ params: { project_id: id, policy_name: name }, body, caller }) =>
      putPolicy(parts, { level: 'project', id }, name, body, caller.principal.user),
  })
}
