import { type Static, Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import { combine, type Expression } from '../../core/expression/expression.ts'
import { printExpression } from '../../core/expression/print-expression.ts'
import { IF_BOTH } from '../../core/plan-actions.ts'
import { authorize } from '../../iam/authorize.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import { NOTE_CHARACTERS_MAX } from './limits.ts'
import { actionsOf, findNearGroup, groupKey, groupParams, type IdentifiedGroup, type NearParts } from './near-groups.ts'
import { toPlanActions } from './plan-actions-body.ts'
import { idempotencyHeader, type PlanParts, toIdempotencyKey } from './plan-parts.ts'
import { type PlanHeadBody, planSchema, toOnePlanBody } from './plan-view.ts'

/** What a plan shows of resources is what a query shows. */
const READ_ACTION = 'tagwerk:resources:list'

const body = Type.Object({
  key: groupKey,
  canonical: Type.Optional(Type.String({ description: 'The spelling to keep; default: that of the group.' })),
  if_both: Type.Optional(
    oneOf(IF_BOTH, {
      default: 'refuse',
      description:
        'What happens to a resource that has two keys of the group: which value it keeps, or that it is refused.',
    }),
  ),
  note: Type.Optional(Type.String({ maxLength: NOTE_CHARACTERS_MAX })),
})

/** Makes the plan that leaves one spelling of a group (contract 10.23). */
export function planNearDuplicates(parts: PlanParts, near: NearParts): Route {
  return defineRoute({
    id: 'PlanNearDuplicates',
    method: 'POST',
    path: '/tagwerk/v1/{project_id}/near-duplicates/{group_id}/plan',
    summary: 'Plan to leave one spelling of a group of near-duplicates',
    access: 'project',
    action: 'tagwerk:plans:create',
    params: groupParams,
    headers: idempotencyHeader,
    body,
    bodyIsOptional: true,
    isLong: true,
    responses: { 201: planSchema },
    handle: async ({ params: { project_id: project, group_id: id }, body: given = {}, headers, caller, requestId }) => {
      authorize(caller.principal, READ_ACTION, { kind: 'project', projectId: project })
      const key = toIdempotencyKey(headers['idempotency-key'])
      const request = key === undefined ? undefined : { key, hash: () => `near:${id}:${JSON.stringify(given)}` }
      // A repeated call gives its plan also when that was applied, and the group is no more.
      const repeated = request && (await parts.plans.repeated(project, request))
      if (repeated !== undefined)
        return {
          status: 201,
          body: await toOnePlanBody(parts.accounts, caller.principal, repeated),
          revision: repeated.revision,
        }
      const work = await parts.limit.begin(caller.principal)
      try {
        const { group } = await findNearGroup(near, caller.principal, project, { id, key: given.key })
        const { head, source } = toMerge(group, given)
        const author = authorOf({ caller, requestId })
        const plan = await parts.plans.make(project, { head: JSON.stringify(head), author }, source, request)
        return {
          status: 201,
          body: await toOnePlanBody(parts.accounts, caller.principal, plan),
          revision: plan.revision,
        }
      } finally {
        work.end()
      }
    },
  })
}

function toMerge(
  group: IdentifiedGroup,
  { canonical = group.canonical, if_both = 'refuse', note }: Static<typeof body>,
) {
  const spellings = group.members.map(({ text }) => text)
  if (!spellings.includes(canonical)) {
    throw invalid('canonical', { name: 'one-of', allowed: spellings }, canonical)
  }
  const actions = actionsOf(group, canonical, if_both)
  const filter = anyOf(
    group.key,
    spellings.filter((text) => text !== canonical),
  )
  const head: PlanHeadBody = { note, select: { filter: printExpression(filter) }, actions }
  const source = { kind: 'matching', types: undefined, query: { filter }, actions: toPlanActions(actions) } as const
  return { head, source }
}

/** The resources with one of some keys, or values of a key. */
function anyOf(key: string | undefined, spellings: readonly string[]): Expression {
  if (key !== undefined) return { kind: 'tag-in', key, values: spellings }
  return combine(
    'or',
    spellings.map((text): Expression => ({ kind: 'has-tag', key: text })),
  )
}
