import { defineRoute, type Route } from '../route.ts'
import { domainPolicyParams, policyBody, putAnswer, putPolicy, type TagPolicyParts } from './tag-policy-parts.ts'

/** Puts a tag policy for all projects of the caller's domain, in force for the next write (contract 10.24). */
export function putDomainTagPolicy(parts: TagPolicyParts): Route {
  return defineRoute({
    id: 'PutDomainTagPolicy',
    method: 'PUT',
    path: '/tagwerk/v1/domain/policies/{policy_name}',
    summary: 'Put a tag policy for all projects of the domain',
    access: 'domain',
    action: 'tagwerk:policies:update',
    params: domainPolicyParams,
    body: policyBody,
    responses: { 200: putAnswer },
    handle: ({ params, body, caller }) => {
      const { user } = caller.principal
      return putPolicy(parts, { level: 'domain', id: user.domain.id }, params.policy_name, body, user)
    },
  })
}
