import { Type } from 'typebox'
import { noParameters } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { listPolicies, policyHead, type TagPolicyParts } from './tag-policy-parts.ts'

/** Lists the tag policies of a project, without those of its domain (contract 10.24). */
export function listTagPolicies(parts: TagPolicyParts): Route {
  return defineRoute({
    id: 'ListTagPolicies',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/policies',
    summary: 'List the tag policies of a project',
    access: 'project',
    action: 'tagwerk:policies:list',
    params: Type.Object({ project_id: Type.String() }),
    query: noParameters,
    responses: { 200: Type.Object({ policies: Type.Array(policyHead) }) },
    handle: ({ params }) => listPolicies(parts, { level: 'project', id: params.project_id }),
  })
}
