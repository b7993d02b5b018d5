import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Case, checkSame } from '../case.ts'
import { type Figure, significant } from '../report/figure.ts'
import { median, spreadOf } from '../report/statistics.ts'
import type { TargetId } from '../report/targets.ts'
import { emptyFolder } from '../service/data-folders.ts'
import { runImport } from '../service/import-run.ts'
import { WatchedService } from '../service/loop-watch.ts'
import type { ServiceProcess } from '../service/service-process.ts'

const RESOURCES = 20_000
const TAGS = 8
const ROUNDS = 5

/** The steps of a plan, in order. A read after it has to catch up with its changes. */
const STEPS = {
  create: 'plan over all resources: made',
  apply: 'plan over all resources: applied as one',
  read: 'first read after a plan was applied',
  undo: 'plan to take it back: made',
  applyUndo: 'plan to take it back: applied as one',
} as const
type Step = keyof typeof STEPS

const TARGET_OF: Readonly<Partial<Record<Step, TargetId>>> = {
  create: 'planMade',
  apply: 'planApplied',
  undo: 'planMade',
  applyUndo: 'planApplied',
}

type Sample = { readonly ms: number; readonly loopMs: number }

/** How long does it take to make a plan over 20,000 resources, to apply it and to take it back, and what waits meanwhile? */
export const planCase: Case = {
  name: 'plan',
  about: 'a plan over 20,000 resources: made, applied, taken back; longest delay of the event loop',
  run: async (context) => {
    const size = context.isQuick ? 1000 : RESOURCES
    const temporary = await emptyFolder(context)
    const loopFile = `${temporary.folder}.loop`
    try {
      const watched = await WatchedService.start(temporary.folder, loopFile)
      await watched.service.logIn()
      const file = join(temporary.folder, 'plan.ndjson')
      await writeFile(file, [...lines(size)].join(''))
      await runImport(watched.service, file)
      const samples = new Map<Step, Sample[]>()
      for (let round = 0; round <= (context.isQuick ? 1 : ROUNDS); round++) {
        await runRound(watched, size, (step, sample) => {
          // The first round compiles the code.
          if (round > 0) samples.set(step, [...(samples.get(step) ?? []), sample])
          context.say(
            `round ${round}, ${STEPS[step]}: ${significant(sample.ms)} ms, loop ${significant(sample.loopMs)} ms`,
          )
        })
      }
      await watched.stop()
      return { figures: Array.from(samples, ([step, values]) => figuresOf(step, size, values)).flat() }
    } finally {
      await temporary.remove()
      await rm(loopFile, { force: true })
    }
  },
}

async function runRound(watched: WatchedService, size: number, note: (step: Step, sample: Sample) => void) {
  const { service } = watched
  const path = `/tagwerk/v1/${service.project}/plans`
  const measure = async <T>(step: Step, call: () => Promise<T>): Promise<T> => {
    await watched.report()
    const startMs = performance.now()
    const result = await call()
    const ms = performance.now() - startMs
    note(step, { ms, loopMs: (await watched.report()).maxCpuMs })
    return result
  }
  const actions = [{ rename_key: { from: 'k3', to: 'renamed' } }]
  const made = await measure('create', () => plan(service, 201, path, { select: {}, actions }))
  checkSame('changes of the plan', size, made.summary.changes)
  const applied = await measure('apply', () => plan(service, 200, `${path}/${made.id}/apply`))
  checkSame('changes that were applied', size, applied.applied?.changed)
  checkSame('resources with the new key', size, await measure('read', () => countOf(service, 'renamed')))
  const undo = await measure('undo', () => plan(service, 201, `${path}/${made.id}/undo`))
  checkSame('changes of the plan to take it back', size, undo.summary.changes)
  await measure('applyUndo', () => plan(service, 200, `${path}/${undo.id}/apply`))
  checkSame('resources with the old key', size, await countOf(service, 'k3'))
}

type PlanBody = {
  readonly id: string
  readonly summary: { readonly changes: number }
  readonly applied?: { readonly changed: number }
}

async function plan(service: ServiceProcess, status: number, path: string, body?: object): Promise<PlanBody> {
  const answer = await service.call('POST', path, body && JSON.stringify(body))
  checkSame(`status of ${path}: ${answer.text.slice(0, 200)}`, status, answer.status)
  return JSON.parse(answer.text) as PlanBody
}

async function countOf(service: ServiceProcess, key: string): Promise<number> {
  const body = JSON.stringify({ tags: [{ key, values: [] }], limit: 0 })
  const { text } = await service.call('POST', `/tagwerk/v1/${service.project}/resources/query`, body)
  return (JSON.parse(text) as { total_count: number }).total_count
}

function* lines(size: number): Generator<string> {
  for (let i = 0; i < size; i++) {
    const tags = Object.fromEntries(Array.from({ length: TAGS }, (_, k) => [`k${k}`, `value-${(i * (k + 1)) % 97}`]))
    yield `${JSON.stringify({ resource_type: 'ecs', resource_id: `server-${i}`, resource_name: `server ${i}`, tags })}\n`
  }
}

function figuresOf(step: Step, size: number, samples: readonly Sample[]): readonly Figure[] {
  const seconds = samples.map(({ ms }) => ms / 1000)
  const loopMs = samples.map((sample) => sample.loopMs)
  const target = TARGET_OF[step]
  return [
    {
      ...(target && { target }),
      what: STEPS[step],
      size,
      value: median(seconds),
      spread: spreadOf(seconds),
      measured: `${significant(median(seconds) * 1000)} ms`,
    },
    {
      target: 'polite',
      what: `${STEPS[step]}: longest delay of the event loop`,
      size,
      value: median(loopMs),
      spread: spreadOf(loopMs),
      measured: `${significant(median(loopMs))} ms of uninterrupted CPU time`,
    },
  ]
}
