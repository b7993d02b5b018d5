import { defineRoute, type Route } from '../route.ts'
import { domainPolicyParams, type TagPolicyParts } from './tag-policy-parts.ts'

/** Deletes a tag policy of the caller's domain; no later write is held to it (contract 10.24). */
export function deleteDomainTagPolicy({ accounts }: TagPolicyParts): Route {
  return defineRoute({
    id: 'DeleteDomainTagPolicy',
    method: 'DELETE',
    path: '/tagwerk/v1/domain/policies/{policy_name}',
    summary: 'Delete a tag policy of the domain',
    access: 'domain',
    action: 'tagwerk:policies:delete',
    params: domainPolicyParams,
    responses: { 204: null },
    handle: async ({ params, caller }) => {
      await accounts.tagPolicies.remove({ level: 'domain', id: caller.principal.user.domain.id }, params.policy_name)
      return { status: 204 }
    },
  })
}
