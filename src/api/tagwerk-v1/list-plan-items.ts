import { Type } from 'typebox'
import type { Plans } from '../../catalog/catalog.ts'
import type { PlanItem, PlanItemState } from '../../store/plan-store.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import { PLAN_ITEM_LIMITS, PLAN_ITEMS_LOOKED_AT_MAX } from './limits.ts'
import { type PlanParts, planParams } from './plan-parts.ts'
import { planItemSchema, toItemBody } from './plan-view.ts'

const { limitDefault, limitMax } = PLAN_ITEM_LIMITS
const STATES: readonly PlanItemState[] = ['change', 'refused', 'conflict', 'applied', 'unchanged']

/** Lists the items of a plan, in the order in which they are applied (contract 10.17). */
export function listPlanItems({ plans }: PlanParts): Route {
  return defineRoute({
    id: 'ListPlanItems',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/plans/{plan_id}/items',
    summary: 'List what a plan changes, resource by resource',
    access: 'project',
    action: 'tagwerk:plans:get',
    params: planParams,
    query: listQuery({
      state: Type.Optional(oneOf(STATES, { description: 'Only items of this state.' })),
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: limitMax, default: limitDefault, 'x-error': 'limit-invalid' }),
      ),
      marker: Type.Optional(
        Type.Integer({ minimum: 0, description: '`next_marker` of the page before.', 'x-error': 'marker-invalid' }),
      ),
    }),
    responses: {
      200: Type.Object({
        items: Type.Array(planItemSchema),
        next_marker: Type.Optional(
          Type.Integer({
            description: 'Missing on the last page. A page with a state may have fewer items than the limit.',
          }),
        ),
      }),
    },
    handle: async ({ params: { project_id: project, plan_id }, query }) => {
      const { items } = await plans.get(project, plan_id)
      const limit = query.limit ?? limitDefault
      const { page, next } = await readPage(plans, project, plan_id, {
        from: query.marker ?? 0,
        limit,
        items,
        ...query,
      })
      return {
        status: 200,
        body: { items: page.map(toItemBody), ...(next < items && { next_marker: next }) },
      }
    },
  })
}

type Page = {
  readonly from: number
  readonly limit: number
  /** Number of items of the plan. */
  readonly items: number
  readonly state?: PlanItemState
}

/** Items of other states are passed over, but not too many in one call. */
async function readPage(plans: Plans, project: string, planId: string, { from, limit, items, state }: Page) {
  const page: PlanItem[] = []
  const end = Math.min(items, from + PLAN_ITEMS_LOOKED_AT_MAX)
  let next = from
  while (next < end && page.length < limit) {
    const read = await plans.items(project, planId, next, Math.min(end, next + limit))
    for (const item of read) {
      if (page.length === limit) break
      next = item.place + 1
      if (state === undefined || item.state === state) page.push(item)
    }
    // A plan that is being deleted has lost some.
    if (read.length === 0) break
  }
  return { page, next }
}
