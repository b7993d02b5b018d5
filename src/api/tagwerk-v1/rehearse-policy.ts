import { Type } from 'typebox'
import type { Clock } from '../../core/clock.ts'
import { dayText } from '../../core/day.ts'
import { invalid } from '../../core/errors.ts'
import { CompiledPolicy } from '../../core/policy/compiled-policy.ts'
import { PROBLEMS } from '../../core/policy/judge-resource.ts'
import type { RefusedWrite } from '../../core/policy/rehearsal.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { toMoment } from '../moment.ts'
import { defineRoute, type Route } from '../route.ts'
import { type Actor, actorSchema, readActors } from './actors.ts'
import { type ComplianceParts, policyDocument, toPolicy } from './compliance-parts.ts'
import { problemName } from './compliance-view.ts'
import { REHEARSAL_LIMITS } from './limits.ts'
import type { WorkLimit } from './work-limit.ts'

const AGE = /^-?(\d{1,4})([dh])$/
const UNIT_MS = { d: 86_400_000, h: 3_600_000 } as const

const sample = Type.Object({
  revision: Type.Integer(),
  at: Type.String(),
  actor: actorSchema,
  request_id: Type.String(),
  resource_type: Type.String(),
  resource_id: Type.String(),
  key: Type.String(),
  value: Type.Union([Type.String(), Type.Null()], { description: 'Null for a key that is missing.' }),
  problem: problemName,
})

const answer = Type.Object({
  from: Type.Integer({ description: 'The writes above this revision were judged.' }),
  to: Type.Integer({ description: 'The last revision that was judged.' }),
  partial: Type.Boolean({ description: 'True: there are later writes.' }),
  writes: Type.Integer(),
  would_refuse: Type.Integer(),
  by_key: Type.Array(Type.Object({ key: Type.String(), writes: Type.Integer() })),
  by_actor: Type.Array(Type.Object({ actor: actorSchema, writes: Type.Integer() })),
  by_day: Type.Array(Type.Object({ day: Type.String(), writes: Type.Integer() })),
  samples: Type.Array(sample, { description: 'The first writes that would have been refused.' }),
  present: Type.Object({
    revision: Type.Integer(),
    resources: Type.Integer(),
    compliant: Type.Integer(),
    problems: Type.Record(Type.String(), Type.Integer(), { description: 'Over all keys, by kind of problem.' }),
  }),
})

/** Judges the writes of the last days as if a policy had been enforced, without storing it (contract 10.42). */
export function rehearsePolicy(
  { catalog, compliance, types }: ComplianceParts,
  accounts: Accounts,
  clock: Clock,
  limit: WorkLimit,
): Route {
  return defineRoute({
    id: 'RehearsePolicy',
    method: 'POST',
    path: '/tagwerk/v1/{project_id}/policies/rehearse',
    summary: 'Judge earlier writes as if a tag policy had been enforced',
    access: 'project',
    action: 'tagwerk:history:get',
    params: Type.Object({ project_id: Type.String() }),
    body: Type.Object({
      policy: policyDocument,
      since: Type.String({
        minLength: 1,
        maxLength: 64,
        description: 'An age such as `-30d` or `-12h`, a time by RFC 3339, or a revision.',
      }),
      samples: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: REHEARSAL_LIMITS.samplesMax,
          description: `Writes that are named; default: ${REHEARSAL_LIMITS.samplesDefault}.`,
        }),
      ),
    }),
    isLong: true,
    responses: { 200: answer },
    handle: async ({ params: { project_id: project }, body, caller: { principal }, isAborted }) => {
      const effective = toPolicy(body.policy, types)
      const policy = new CompiledPolicy(effective)
      const from = await catalog.history.resolve(project, toSince(body.since, clock()), 'since')
      const work = await limit.begin(principal)
      try {
        const endsAtMs = performance.now() + REHEARSAL_LIMITS.msMax
        const bounds = {
          rowsMax: REHEARSAL_LIMITS.rowsMax,
          isOver: () => isAborted() || performance.now() > endsAtMs,
        }
        const samplesMax = body.samples ?? REHEARSAL_LIMITS.samplesDefault
        const { to, isPartial, rehearsal } = await catalog.history.rehearse(project, policy, from, samplesMax, bounds)
        const actors = await readActors(accounts, principal, rehearsal.byActor.keys())
        const present = await compliance.count(project, effective, undefined)
        const problems = Object.fromEntries(PROBLEMS.map((problem) => [problem, 0]))
        for (const one of present.types.flatMap((ofType) => ofType.problems)) {
          problems[one.problem] = (problems[one.problem] ?? 0) + one.resources
        }
        const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
        return {
          status: 200,
          revision: to,
          body: {
            ...{ from, to, partial: isPartial, writes: rehearsal.writes, would_refuse: rehearsal.refused },
            by_key: mostFirst(rehearsal.byKey).map(([key, writes]) => ({ key, writes })),
            by_actor: mostFirst(rehearsal.byActor).map(([id, writes]) => ({ actor: actors(id), writes })),
            by_day: Array.from(rehearsal.byDay, ([day, writes]) => ({ day: dayText(day), writes })),
            samples: rehearsal.samples.map((one) => toSample(one, actors)),
            present: {
              revision: present.revision,
              resources: sum(present.types.map(({ resources }) => resources)),
              compliant: sum(present.types.map(({ compliant }) => compliant)),
              problems,
            },
          },
        }
      } finally {
        work.end()
      }
    },
  })
}

function toSince(text: string, nowMs: number) {
  const [, count, unit] = AGE.exec(text) ?? []
  if (count !== undefined) return { atMs: nowMs - Number(count) * UNIT_MS[unit as 'd' | 'h'] }
  const isMoment = /^\d{1,15}$/.test(text) || /^\d{4}-/.test(text)
  const what = 'an age such as -30d, a time such as 2026-01-31T12:00:00Z, or a revision'
  if (!isMoment) throw invalid('since', { name: 'well-formed', what }, text)
  return toMoment(text, 'since')
}

function toSample({ atMs, actor, requestId, type, id, value, ...rest }: RefusedWrite, actors: (id: string) => Actor) {
  return {
    ...rest,
    at: new Date(atMs).toISOString(),
    actor: actors(actor),
    request_id: requestId,
    resource_type: type,
    resource_id: id,
    value: value ?? null,
  }
}

function mostFirst(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort(([, a], [, b]) => b - a)
}
