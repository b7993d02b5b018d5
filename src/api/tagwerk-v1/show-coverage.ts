import { Type } from 'typebox'
import type { Catalog, Counted, Coverage } from '../../catalog/catalog.ts'
import type { Clock } from '../../core/clock.ts'
import { dayText } from '../../core/day.ts'
import { invalid } from '../../core/errors.ts'
import type { ResourceTypes } from '../../core/resource-types.ts'
import { asOfParameter } from '../as-of.ts'
import { listQuery } from '../list-query.ts'
import { joinInSlices, jsonArray } from '../long-json.ts'
import { defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import { dayParameter, toDays } from './coverage-days.ts'
import { type CoveragePoint, readPoints } from './coverage-points.ts'
import { COVERAGE_CSV_HEAD, coverageCsv, nowSchema, pointSchema, toMomentBody } from './coverage-view.ts'
import { COVERAGE_LIMITS } from './limits.ts'
import { searchedTypes, toSearchedTypes } from './searched-types.ts'
import { keyParameter } from './tag-counts.ts'

/** What the calls about coverage use. */
export type CoverageParts = {
  readonly catalog: Catalog
  readonly coverage: Coverage
  readonly clock: Clock
  readonly types: ResourceTypes
}

const answer = Type.Object({
  revision: Type.Integer(),
  now: nowSchema,
  points: Type.Optional(Type.Array(pointSchema, { description: 'With `from`: the stored days, ascending.' })),
  missing: Type.Optional(Type.Array(Type.String(), { description: 'With `from`: the days that are not stored.' })),
  known_from: Type.Optional(
    Type.String({ description: 'With `from`: no earlier day can be stored later, because its state is forgotten.' }),
  ),
})

/** Shows how many resources have which keys, now and at the end of each day (contract 10.40). */
export function showCoverage({ catalog, coverage, clock, types: known }: CoverageParts): Route {
  return defineRoute({
    id: 'ShowCoverage',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/coverage',
    summary: 'Show how many resources of each type have which keys, now and on earlier days',
    access: 'project',
    action: 'tagwerk:resources:list',
    asOf: 'any',
    params: Type.Object({ project_id: Type.String() }),
    query: listQuery({
      keys: Type.Optional(
        Type.Array(keyParameter, {
          minItems: 1,
          maxItems: COVERAGE_LIMITS.keysMax,
          uniqueItems: true,
          description: 'Default: the keys of tag policies, and the 20 most used.',
        }),
      ),
      types: searchedTypes,
      from: Type.Optional(dayParameter('Also gives the days from this one on.')),
      to: Type.Optional(dayParameter('The last day; default: yesterday.')),
      interval: Type.Optional(
        oneOf(['day', 'week'], {
          description: 'Each day by default, or the last stored day of each week, from Monday.',
        }),
      ),
      format: Type.Optional(oneOf(['json', 'csv'], { default: 'json' })),
      as_of: asOfParameter,
    }),
    responses: { 200: answer },
    handle: async ({ params: { project_id: project }, query }) => {
      const { from, to, interval = 'day' } = query
      if (from === undefined && (to ?? query.interval) !== undefined) {
        throw invalid('from', { name: 'required' }, undefined)
      }
      const days = from === undefined ? undefined : toDays({ from, to }, clock)
      const types = await toSearchedTypes(query.types, known, catalog, [project], 'types')
      const { revision, keys, rules, counts } = await coverage.count(project, { keys: query.keys, types })
      const read = days && (await readPoints(coverage, { project, keys, types, rules, ...days, interval }))
      const withTypes = types !== undefined
      if (query.format === 'csv') {
        const body = await joinInSlices(csvTexts(counts, read?.points, withTypes), project)
        return { status: 200, ...body, headers: { 'content-type': 'text/csv; charset=utf-8' }, revision }
      }
      const firstKnown = days && (await coverage.firstKnownDay(project))
      const head = JSON.stringify({ revision, now: toMomentBody(counts, true) }).slice(0, -1)
      const known_from = firstKnown === 0 || firstKnown === undefined ? undefined : dayText(firstKnown)
      const tail = read && `,${JSON.stringify({ missing: read.missing.map(dayText), known_from }).slice(1)}`
      const texts = read === undefined ? [`${head}}`] : jsonTexts(head, read.points, withTypes, tail ?? '}')
      return { status: 200, ...(await joinInSlices(texts, project)), revision }
    },
  })
}

function jsonTexts(head: string, points: readonly CoveragePoint[], withTypes: boolean, tail: string) {
  const toJson = ({ day, revision, counts }: CoveragePoint) =>
    JSON.stringify({ day: dayText(day), revision, ...toMomentBody(counts, withTypes) })
  return jsonArray(`${head},"points":`, points, toJson, tail)
}

/** The stored days, or without them the present. */
function* csvTexts(
  now: readonly Counted[],
  points: readonly CoveragePoint[] | undefined,
  withTypes: boolean,
): Generator<string> {
  yield COVERAGE_CSV_HEAD
  if (points === undefined) yield* coverageCsv('now', now, true)
  for (const { day, counts } of points ?? []) yield* coverageCsv(dayText(day), counts, withTypes)
}
