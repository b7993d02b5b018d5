import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Clock } from '../../core/clock.ts'
import { invalid } from '../../core/errors.ts'
import { INTERVALS, type Interval, intervalsBetween, suitableInterval } from '../../core/interval.ts'
import { listQuery } from '../list-query.ts'
import { joinInSlices, jsonArray } from '../long-json.ts'
import { toTimeMs } from '../moment.ts'
import { defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import { type ConditionParts, changeConditions, toChangeFilter } from './activity-parts.ts'
import { ACTIVITY_LIMITS } from './limits.ts'

const answer = Type.Object({
  revision: Type.Integer(),
  horizon: Type.Integer({
    description: 'Changes up to this revision are no longer kept, and not counted; 0: all are.',
  }),
  interval: Type.String(),
  points: Type.Array(
    Type.Object({
      at: Type.String({ description: 'When the interval begins.' }),
      changes: Type.Integer(),
      revision: Type.Integer({ description: 'The last revision of the project in the interval or before.' }),
    }),
    { description: 'Every interval from `since` to `until`, ascending; none without changes.' },
  ),
  complete_from: Type.Optional(
    Type.String({ description: 'With conditions: earlier changes were not read, so they are not counted.' }),
  ),
})

/** Counts the changes of a project by intervals of time (contract 10.82). */
export function countChanges(catalog: Catalog, parts: ConditionParts, clock: Clock): Route {
  return defineRoute({
    id: 'CountChanges',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/activity',
    summary: 'Count the changes of a project by minute, hour, day or month',
    access: 'project',
    action: 'tagwerk:history:get',
    params: Type.Object({ project_id: Type.String() }),
    query: listQuery({
      interval: Type.Optional(
        oneOf(INTERVALS, { description: 'In UTC. Default: the finest with at most 750 intervals.' }),
      ),
      since: Type.Optional(Type.String({ description: 'RFC 3339. Default: the oldest change that is kept.' })),
      until: Type.Optional(Type.String({ description: 'RFC 3339. Default: now.' })),
      ...changeConditions,
    }),
    responses: { 200: answer },
    handle: async ({ params: { project_id: project }, query, caller: { principal } }) => {
      const filter = await toChangeFilter(parts, principal, query)
      const untilMs = query.until === undefined ? clock() : toTimeMs(query.until, 'until')
      const oldestMs = await catalog.activity.firstAtMs(project)
      const sinceMs =
        query.since === undefined ? Math.min(oldestMs ?? untilMs, untilMs) : toTimeMs(query.since, 'since')
      if (sinceMs > untilMs) {
        throw invalid('since', { name: 'well-formed', what: 'a time that is not after until' }, query.since)
      }
      const interval = toInterval(query.interval, sinceMs, untilMs)
      const counted =
        oldestMs === undefined ? undefined : await catalog.activity.count(project, interval, sinceMs, untilMs, filter)
      const { revision, horizon } = counted ?? (await catalog.history.state(project))
      const head = JSON.stringify({ revision, horizon, interval }).slice(0, -1)
      const completeFrom = counted?.completeFromMs
      const rest = completeFrom === undefined ? '}' : `,"complete_from":"${new Date(completeFrom).toISOString()}"}`
      const texts = jsonArray(
        `${head},"points":`,
        counted?.points ?? [],
        ({ startMs, changes, revision: last }) =>
          JSON.stringify({ at: new Date(startMs).toISOString(), changes, revision: last }),
        rest,
      )
      return { status: 200, ...(await joinInSlices(texts, project)), revision }
    },
  })
}

function toInterval(given: Interval | undefined, sinceMs: number, untilMs: number): Interval {
  const interval = given ?? suitableInterval(sinceMs, untilMs)
  const count = intervalsBetween(interval, sinceMs, untilMs)
  const { intervalsMax } = ACTIVITY_LIMITS
  if (count <= intervalsMax) return interval
  const what = `an interval of which at most ${intervalsMax} are between since and until: there are ${count}`
  throw invalid('interval', { name: 'well-formed', what }, interval)
}
