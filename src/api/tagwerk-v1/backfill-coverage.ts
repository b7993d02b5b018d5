import { Type } from 'typebox'
import { dayText } from '../../core/day.ts'
import { defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import { dayParameter, toDays } from './coverage-days.ts'
import { COVERAGE_LIMITS } from './limits.ts'
import type { CoverageParts } from './show-coverage.ts'
import { keyParameter } from './tag-counts.ts'
import type { WorkLimit } from './work-limit.ts'

/** No day begins after this time; the caller sends another call for the rest. */
const WORK_MS_MAX = 20_000

/** Stores the counts of days that are over, as of the last revision of each (contract 10.40). */
export function backfillCoverage({ coverage, clock }: CoverageParts, limit: WorkLimit): Route {
  return defineRoute({
    id: 'BackfillCoverage',
    method: 'POST',
    path: '/tagwerk/v1/{project_id}/coverage/backfill',
    summary: 'Count and store the coverage of earlier days',
    access: 'project',
    action: 'tagwerk:coverage:update',
    params: Type.Object({ project_id: Type.String() }),
    body: Type.Object({
      from: dayParameter('The first day.'),
      to: Type.Optional(dayParameter('The last day; default: yesterday.')),
      keys: Type.Optional(
        Type.Array(keyParameter, {
          minItems: 1,
          maxItems: COVERAGE_LIMITS.keysMax,
          uniqueItems: true,
          description:
            'Keys to count besides those of tag policies and the 20 most used; days that are stored are counted again.',
        }),
      ),
    }),
    isLong: true,
    responses: {
      200: Type.Object({
        days: Type.Array(
          Type.Object({
            day: Type.String(),
            outcome: oneOf(['made', 'kept', 'gone', 'empty'], {
              description:
                '`kept`: stored before. `gone`: the history does not reach back so far. `empty`: nothing had been written.',
            }),
          }),
        ),
        next: Type.Optional(Type.String({ description: 'The first day that is left, for `from` of another call.' })),
      }),
    },
    handle: async ({ params: { project_id: project }, body, caller, isAborted }) => {
      const { from, to } = toDays(body, clock)
      const work = await limit.begin(caller.principal)
      try {
        const endsAtMs = performance.now() + WORK_MS_MAX
        const isOver = () => isAborted() || performance.now() > endsAtMs
        const days = Array.from({ length: to - from + 1 }, (_, i) => from + i)
        const recorded = await coverage.record(project, days, { moreKeys: body.keys, isOver })
        const next = days[recorded.length]
        return {
          status: 200,
          body: {
            days: recorded.map(({ day, outcome }) => ({ day: dayText(day), outcome })),
            ...(next !== undefined && { next: dayText(next) }),
          },
        }
      } finally {
        work.end()
      }
    },
  })
}
