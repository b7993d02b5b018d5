import { Type } from 'typebox'
import { DomainError } from '../../core/errors.ts'
import { authorize } from '../../iam/authorize.ts'
import type { PlanConflict } from '../../store/plan-store.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import type { TagwerkErrorCode } from './error-codes.ts'
import { type PlanParts, planParams } from './plan-parts.ts'
import { planSchema, toOnePlanBody } from './plan-view.ts'

/** Who applies a plan changes tags. */
const WRITE_ACTION = 'tagwerk:tags:update'

/** Applies a plan (contract 10.17). */
export function applyPlan({ catalog, plans, accounts, limit }: PlanParts): Route {
  return defineRoute({
    id: 'ApplyPlan',
    method: 'POST',
    path: '/tagwerk/v1/{project_id}/plans/{plan_id}/apply',
    summary: 'Apply a plan',
    access: 'project',
    action: 'tagwerk:plans:apply',
    params: planParams,
    body: Type.Object({
      on_conflict: Type.Optional(
        oneOf(['fail', 'skip'], {
          default: 'fail',
          description: '`fail`: nothing is changed if a resource is not as the plan expects. `skip`: the others are.',
        }),
      ),
    }),
    bodyIsOptional: true,
    isLong: true,
    responses: { 200: planSchema },
    handle: async ({ params, body, caller, requestId, reauthorize, isAborted }) => {
      const { project_id: projectId, plan_id } = params
      authorize(caller.principal, WRITE_ACTION, { kind: 'project', projectId })
      const author = authorOf({ caller, requestId })
      const onConflict = body?.on_conflict ?? 'fail'
      const work = await limit.begin(caller.principal)
      try {
        const applied = await plans.apply(projectId, plan_id, { onConflict, author, reauthorize, isAborted })
        if (applied.outcome === 'conflicts') throw conflictsError(applied.count, applied.conflicts)
        const { plan } = applied
        const revision = plan.appliedTo ?? (await catalog.revision(projectId))
        return { status: 200, body: await toOnePlanBody(accounts, caller.principal, plan), revision }
      } finally {
        work.end()
      }
    },
  })
}

function conflictsError(count: number, conflicts: readonly PlanConflict[]): DomainError<TagwerkErrorCode> {
  return new DomainError<TagwerkErrorCode>('plan-conflicts', {
    detail: `${count} resources are not as the plan expects them.`,
    members: {
      count,
      conflicts: conflicts.map(({ type, id, code, key, actual }) => ({
        resource_type: type,
        resource_id: id,
        error_code: code,
        ...(key !== undefined && { key, value: actual ?? null }),
      })),
    },
  })
}
