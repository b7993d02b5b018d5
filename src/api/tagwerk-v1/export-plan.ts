import { Type } from 'typebox'
import type { Plans } from '../../catalog/catalog.ts'
import { TimeSlice } from '../../catalog/time-slice.ts'
import type { PlanRecord } from '../../store/plan-store.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ExportPace } from './export-resources.ts'
import { PLAN_FORMAT } from './plan-file.ts'
import { type PlanParts, planParams } from './plan-parts.ts'
import { type PlanHeadBody, toItemLine } from './plan-view.ts'
import type { WorkLimit } from './work-limit.ts'

/** Items that are read together. */
const ITEMS_PER_READ = 250

/** Gives a plan as a file from which the same plan can be made (contract 10.17). */
export function exportPlan({ plans }: PlanParts, limit: WorkLimit, pace: ExportPace): Route {
  return defineRoute({
    id: 'ExportPlan',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/plans/{plan_id}/file',
    summary: 'Export the changes of a plan as NDJSON, from which the same plan can be made',
    access: 'project',
    action: 'tagwerk:plans:get',
    params: planParams,
    produces: 'application/x-ndjson',
    responses: { 200: Type.String() },
    handle: async ({ params: { project_id: project, plan_id }, caller }) => {
      const plan = await plans.get(project, plan_id)
      const { signal, end } = await limit.begin(caller.principal)
      return { status: 200, body: linesOfPlan(plans, project, plan), pace: { ...pace, signal }, release: end }
    },
  })
}

async function* linesOfPlan(plans: Plans, project: string, plan: PlanRecord): AsyncGenerator<string> {
  const { id, revision, createdAtMs, undoOf, items } = plan
  const { note, actions } = JSON.parse(plan.head) as PlanHeadBody
  const createdAt = new Date(createdAtMs).toISOString()
  const head = { format: PLAN_FORMAT, project_id: project, plan_id: id, revision, created_at: createdAt, note, actions }
  yield `${JSON.stringify({ ...head, undo_of: undoOf })}\n`
  const slice = new TimeSlice(project, { isBulk: true })
  for (let from = 0; from < items; from += ITEMS_PER_READ) {
    const read = await plans.items(project, id, from, from + ITEMS_PER_READ)
    const changes = read.filter(({ state }) => state !== 'refused' && state !== 'conflict')
    if (changes.length > 0) yield changes.map((item) => `${JSON.stringify(toItemLine(item))}\n`).join('')
    if (slice.isOver) await slice.yield()
  }
}
