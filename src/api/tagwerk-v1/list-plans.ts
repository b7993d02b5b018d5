import { Type } from 'typebox'
import { PLAN_ID_PATTERN } from '../../core/plan-id.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { PLAN_LIST_LIMITS } from './limits.ts'
import type { PlanParts } from './plan-parts.ts'
import { planSchema, toPlanBodies } from './plan-view.ts'

const { limitDefault, limitMax } = PLAN_LIST_LIMITS

/** Lists the plans of a project, the last created first (contract 10.17). */
export function listPlans({ plans, accounts }: PlanParts): Route {
  return defineRoute({
    id: 'ListPlans',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/plans',
    summary: 'List the plans of a project, the last created first',
    access: 'project',
    action: 'tagwerk:plans:list',
    params: Type.Object({ project_id: Type.String() }),
    query: listQuery({
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: limitMax, default: limitDefault, 'x-error': 'limit-invalid' }),
      ),
      marker: Type.Optional(
        Type.String({
          pattern: PLAN_ID_PATTERN,
          description: '`next_marker` of the page before.',
          'x-error': 'marker-invalid',
        }),
      ),
    }),
    responses: {
      200: Type.Object({
        plans: Type.Array(planSchema),
        next_marker: Type.Optional(Type.String({ description: 'Missing on the last page.' })),
      }),
    },
    handle: async ({ params: { project_id: project }, query, caller }) => {
      const limit = query.limit ?? limitDefault
      const found = await plans.list(project, query.marker, limit + 1)
      const page = found.slice(0, limit)
      const next = found.length > limit ? page.at(-1)?.id : undefined
      return {
        status: 200,
        body: {
          plans: await toPlanBodies(accounts, caller.principal, page),
          ...(next !== undefined && { next_marker: next }),
        },
      }
    },
  })
}
