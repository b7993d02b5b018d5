import { DomainError } from '../../core/errors.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import type { TagwerkErrorCode } from './error-codes.ts'
import { idempotencyHeader, type PlanParts, planParams, toIdempotencyKey } from './plan-parts.ts'
import { planSchema, toOnePlanBody } from './plan-view.ts'

/** Makes the plan that takes back what a plan has changed (contract 10.17). */
export function undoPlan({ plans, accounts, limit }: PlanParts): Route {
  return defineRoute({
    id: 'UndoPlan',
    method: 'POST',
    path: '/tagwerk/v1/{project_id}/plans/{plan_id}/undo',
    summary: 'Plan to take back what a plan has changed',
    access: 'project',
    action: 'tagwerk:plans:create',
    params: planParams,
    headers: idempotencyHeader,
    isLong: true,
    responses: { 201: planSchema },
    handle: async ({ params: { project_id: project, plan_id }, headers, caller, requestId }) => {
      const key = toIdempotencyKey(headers['idempotency-key'])
      const request = key === undefined ? undefined : { key, hash: () => `undo:${plan_id}` }
      const repeated = request && (await plans.repeated(project, request))
      if (repeated !== undefined)
        return {
          status: 201,
          body: await toOnePlanBody(accounts, caller.principal, repeated),
          revision: repeated.revision,
        }
      if ((await plans.get(project, plan_id)).appliedAtMs === undefined) {
        throw new DomainError<TagwerkErrorCode>('plan-state', { detail: 'The plan was not applied.' })
      }
      const work = await limit.begin(caller.principal)
      try {
        const author = authorOf({ caller, requestId })
        const plan = await plans.undo(project, plan_id, { head: '{}', author }, request)
        return { status: 201, body: await toOnePlanBody(accounts, caller.principal, plan), revision: plan.revision }
      } finally {
        work.end()
      }
    },
  })
}
