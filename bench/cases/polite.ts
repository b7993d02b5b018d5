import type { Case, CaseContext } from '../case.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { type Figure, significant } from '../report/figure.ts'
import { median, spreadOf } from '../report/statistics.ts'
import { type FixedWork, fixedWork } from '../service/fixed-work.ts'
import { imagesFiles } from '../service/import-file.ts'
import type { LoopReport } from '../service/loop-watch.ts'
import { PHASES, type Phase, politeRound } from './polite-round.ts'

const ROUNDS = 3
/** Each is watched by itself: what the service does at one point of an import, it does there in every round. */
const IMPORT_PARTS = 10
const FIXED_WORK_MS = 10_000

/** What Node compiles when it meets it first is shown, and not promised. */
const NOT_PROMISED: readonly Phase[] = ['firstCallAfterStop', 'firstCallFromDatabase']

/** Reports by phase and part, round by round. */
type Reports = Map<Phase, LoopReport[][]>

/** How long is the event loop held up at most by what goes on beside the answers? */
export const politeCase: Case = {
  name: 'polite',
  about: 'longest hold of the event loop: import, snapshot, index build, big pages',
  run: async (context) => {
    const dataset = new GeneratedDataset(context.size)
    const files = await imagesFiles(dataset, context.cacheFolder, context.progress, context.isQuick ? 2 : IMPORT_PARTS)
    const rounds = context.isQuick ? 1 : ROUNDS
    const reports: Reports = new Map()
    const works: FixedWork[] = []
    for (let round = 1; round <= rounds; round++) {
      context.say(`round ${round} of ${rounds}`)
      await politeRound(context, dataset, files, (phase, report, part) => {
        const parts = reports.get(phase) ?? []
        reports.set(phase, parts)
        const ofPart = parts[part ?? 0] ?? []
        parts[part ?? 0] = [...ofPart, report]
        const which = part === undefined ? '' : `, part ${part + 1}`
        context.say(`${PHASES[phase]}${which}: ${significant(report.maxCpuMs)} ms`)
      })
      works.push(await fixedWork(context.isQuick ? 500 : FIXED_WORK_MS))
    }
    const figures = Array.from(reports, ([phase, parts]) => figureOf(context, phase, parts))
    return { figures: [...figures, machineFigure(context, works)] }
  },
}

/** The part with the highest median is judged. */
function figureOf({ size }: CaseContext, phase: Phase, parts: readonly LoopReport[][]): Figure {
  const ofPart = parts.map((rounds) => ({ rounds, value: median(rounds.map(({ maxCpuMs }) => maxCpuMs)) }))
  const { rounds, value } = ofPart.toSorted((a, b) => b.value - a.value)[0] as (typeof ofPart)[number]
  const all = parts.flat()
  const highest = Math.max(...all.map(({ maxCpuMs }) => maxCpuMs))
  const byClock = median(rounds.map(({ maxMs }) => maxMs))
  const p99 = median(all.map(({ p99Ms }) => p99Ms))
  const ofAll = parts.length > 1 ? ` (the worst of ${parts.length} parts; ${significant(highest)} ms at most)` : ''
  return {
    ...(NOT_PROMISED.includes(phase) ? {} : { target: 'polite' as const }),
    ...{ what: PHASES[phase], size, value, spread: spreadOf(rounds.map(({ maxCpuMs }) => maxCpuMs)) },
    measured: `${significant(value)} ms of processor time in one go${ofAll}; by the clock ${significant(byClock)} ms, p99 ${significant(p99)} ms`,
  }
}

function machineFigure({ size }: CaseContext, works: readonly FixedWork[]): Figure {
  const usual = median(works.map(({ medianMs }) => medianMs))
  const mosts = works.map(({ maxMs }) => maxMs)
  return {
    ...{ what: 'what the machine adds: fixed arithmetic, nothing beside', size, value: median(mosts) },
    ...{ spread: spreadOf(mosts) },
    measured: `${significant(median(mosts))} ms of processor time at most for what takes ${significant(usual)} ms`,
  }
}
