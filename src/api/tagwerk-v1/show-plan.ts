import { defineRoute, type Route } from '../route.ts'
import { type PlanParts, planParams } from './plan-parts.ts'
import { planSchema, toOnePlanBody } from './plan-view.ts'

/** Shows a plan (contract 10.17). */
export function showPlan({ plans, accounts }: PlanParts): Route {
  return defineRoute({
    id: 'ShowPlan',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/plans/{plan_id}',
    summary: 'Show a plan: what it changes in numbers, and whether it is applied',
    access: 'project',
    action: 'tagwerk:plans:get',
    params: planParams,
    responses: { 200: planSchema },
    handle: async ({ params: { project_id, plan_id }, caller }) => {
      const plan = await plans.get(project_id, plan_id)
      return { status: 200, body: await toOnePlanBody(accounts, caller.principal, plan) }
    },
  })
}
