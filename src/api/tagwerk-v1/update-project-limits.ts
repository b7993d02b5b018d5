import { Type } from 'typebox'
import { requireFirstDomain } from '../../iam/domains.ts'
import { defineRoute, type Route } from '../route.ts'
import { fromMembers, type LimitParts, limitsView, ownLimits, projectLimits } from './show-project-limits.ts'

/** Replaces the limits of a project (contract 10.9). They apply in other processes within a second. */
export function updateProjectLimits(parts: LimitParts): Route {
  return defineRoute({
    id: 'UpdateProjectLimits',
    method: 'PUT',
    path: '/tagwerk/v1/projects/{project_id}/limits',
    summary: 'Replace the limits of a project',
    access: 'domain',
    action: 'tagwerk:limits:update',
    params: Type.Object({ project_id: Type.String() }),
    body: ownLimits,
    responses: { 200: projectLimits },
    handle: async ({ params, body, caller }) => {
      // A tenant must not raise its own limits.
      requireFirstDomain(caller.principal)
      const { domainId } = await parts.accounts.projects.getAnywhere(params.project_id)
      const { id, limits } = await parts.accounts.projects.update(domainId, params.project_id, {
        limits: fromMembers(body),
      })
      parts.limits.forget(id)
      return { status: 200, body: await limitsView(parts, id, limits) }
    },
  })
}
