import { Type } from 'typebox'
import { noParameters } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { listPolicies, policyHead, type TagPolicyParts } from './tag-policy-parts.ts'

/** Lists the tag policies of the caller's domain (contract 10.24). */
export function listDomainTagPolicies(parts: TagPolicyParts): Route {
  return defineRoute({
    id: 'ListDomainTagPolicies',
    method: 'GET',
    path: '/tagwerk/v1/domain/policies',
    summary: 'List the tag policies of the domain',
    access: 'domain',
    action: 'tagwerk:policies:list',
    query: noParameters,
    responses: { 200: Type.Object({ policies: Type.Array(policyHead) }) },
    handle: ({ caller }) => listPolicies(parts, { level: 'domain', id: caller.principal.user.domain.id }),
  })
}
