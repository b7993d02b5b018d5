import { createHash } from 'node:crypto'
import { type Static, Type } from 'typebox'
import type { Author, PlanRequest, PlanSource } from '../../catalog/catalog.ts'
import { invalid } from '../../core/errors.ts'
import { toResourceType } from '../../core/resource-types.ts'
import { authorize } from '../../iam/authorize.ts'
import type { PlanRecord } from '../../store/plan-store.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { typeName } from '../type-name.ts'
import { preparedSelection } from './change-tags-of-many.ts'
import { conditionMembers, toConditions } from './conditions.ts'
import { NOTE_CHARACTERS_MAX, PLAN_IDS_MAX } from './limits.ts'
import { planActions, toPlanActions } from './plan-actions-body.ts'
import { asStream, PLAN_FILE_TYPES, planOfFile } from './plan-file-body.ts'
import { idempotencyHeader, type PlanParts, toIdempotencyKey } from './plan-parts.ts'
import { type PlanHeadBody, planSchema, toOnePlanBody } from './plan-view.ts'
import { searchedTypes, toSearchedTypes } from './searched-types.ts'

const body = Type.Object({
  select: Type.Object({
    resource_types: searchedTypes,
    ...conditionMembers,
    ids: Type.Optional(
      Type.Array(Type.Object({ resource_type: typeName, resource_id: Type.String({ minLength: 1 }) }), {
        minItems: 1,
        maxItems: PLAN_IDS_MAX,
        uniqueItems: true,
        description: 'These resources, instead of conditions.',
      }),
    ),
  }),
  actions: planActions,
  note: Type.Optional(Type.String({ maxLength: NOTE_CHARACTERS_MAX })),
})

type Body = Static<typeof body>

/** What a plan shows of resources is what a query shows. */
const READ_ACTION = 'tagwerk:resources:list'

/** Makes a plan of changes of tags, which changes nothing until it is applied (contract 10.17). */
export function createPlan(parts: PlanParts): Route {
  return defineRoute({
    id: 'CreatePlan',
    method: 'POST',
    path: '/tagwerk/v1/{project_id}/plans',
    summary: 'Plan changes of tags, from actions, a plan file, or CSV',
    access: 'project',
    action: 'tagwerk:plans:create',
    params: Type.Object({ project_id: Type.String() }),
    headers: idempotencyHeader,
    body,
    prepareBody: preparedSelection,
    streamedTypes: PLAN_FILE_TYPES,
    responses: { 201: planSchema },
    handle: async ({ params: { project_id: project }, body: given, headers, contentType = '', caller, requestId }) => {
      authorize(caller.principal, READ_ACTION, { kind: 'project', projectId: project })
      const key = toIdempotencyKey(headers['idempotency-key'])
      const author = authorOf({ caller, requestId })
      const work = await parts.limit.begin(caller.principal)
      try {
        const stream = asStream(given)
        const plan =
          stream === undefined
            ? await fromActions(parts, project, given, author, key)
            : await planOfFile(parts, project, { stream, contentType }, author, key)
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

async function fromActions(
  parts: PlanParts,
  project: string,
  given: Body,
  author: Author,
  key: string | undefined,
): Promise<PlanRecord> {
  const hash = createHash('sha256').update(JSON.stringify(given)).digest('hex')
  const request: PlanRequest | undefined = key === undefined ? undefined : { key, hash: () => hash }
  const repeated = request && (await parts.plans.repeated(project, request))
  if (repeated !== undefined) return repeated
  const { note, select, actions } = given
  const source = await toSource(parts, project, given)
  const head: PlanHeadBody = { note, select, actions }
  return parts.plans.make(project, { head: JSON.stringify(head), author }, source, request)
}

async function toSource(
  { catalog, profile }: PlanParts,
  project: string,
  { select, actions }: Body,
): Promise<PlanSource> {
  const { ids, resource_types, ...conditions } = select
  const planned = toPlanActions(actions)
  if (ids !== undefined) {
    const others = Object.keys({ ...conditions, ...(resource_types && { resource_types }) })
    if (others.length > 0) throw invalid(`select.${others[0]}`, { name: 'well-formed', what: 'absent with ids' })
    const resources = ids.map(({ resource_type, resource_id }, i) => ({
      type: toResourceType(profile.types, resource_type, `select.ids[${i}].resource_type`),
      id: resource_id,
    }))
    return { kind: 'named', resources, actions: planned }
  }
  const types = await toSearchedTypes(resource_types, profile.types, catalog, [project], 'select.resource_types')
  return { kind: 'matching', types, query: toConditions(conditions, 'select.filter'), actions: planned }
}
