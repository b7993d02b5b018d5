import { defineRoute, type Route } from '../route.ts'
import { type PlanParts, planParams } from './plan-parts.ts'

/** Deletes a plan; what it has changed stays (contract 10.17). */
export function deletePlan({ plans }: PlanParts): Route {
  return defineRoute({
    id: 'DeletePlan',
    method: 'DELETE',
    path: '/tagwerk/v1/{project_id}/plans/{plan_id}',
    summary: 'Delete a plan; what it has changed stays',
    access: 'project',
    action: 'tagwerk:plans:delete',
    params: planParams,
    responses: { 204: null },
    handle: async ({ params: { project_id, plan_id } }) => {
      await plans.remove(project_id, plan_id)
      return { status: 204 }
    },
  })
}
