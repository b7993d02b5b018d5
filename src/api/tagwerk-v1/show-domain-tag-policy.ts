import { defineRoute, type Route } from '../route.ts'
import { domainPolicyParams, policyWithBody, showPolicy, type TagPolicyParts } from './tag-policy-parts.ts'

/** Shows a tag policy of the caller's domain as it was put (contract 10.24). */
export function showDomainTagPolicy(parts: TagPolicyParts): Route {
  return defineRoute({
    id: 'ShowDomainTagPolicy',
    method: 'GET',
    path: '/tagwerk/v1/domain/policies/{policy_name}',
    summary: 'Show a tag policy of the domain',
    access: 'domain',
    action: 'tagwerk:policies:get',
    params: domainPolicyParams,
    responses: { 200: policyWithBody },
    handle: ({ params, caller }) =>
      showPolicy(parts, { level: 'domain', id: caller.principal.user.domain.id }, params.policy_name),
  })
}
