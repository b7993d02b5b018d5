import type { Case, CaseContext } from '../case.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { type Figure, significant } from '../report/figure.ts'
import { median, spreadOf } from '../report/statistics.ts'
import { type FixedWork, fixedWork } from '../service/fixed-work.ts'
import { imagesFiles } from '../service/import-file.ts'
import type { LoopReport } from '../service/loop-watch.ts'
import { PHASES, type Phase, politeRound } from './polite-round.ts'

const ROUNDS = 3
/** Import parts are reported separately: the service does the same work at the same point of every round. */
const IMPORT_PARTS = 10
const FIXED_WORK_MS = 10_000

/** Shown without a target: Node compiles code on its first use. */
const WITHOUT_TARGET: readonly Phase[] = ['firstCallAfterStop', 'firstCallFromDatabase']

/** Reports by phase and part, one per round. */
type Reports = Map<Phase, LoopReport[][]>

/** How long does concurrent work block the event loop at most? */
export const politeCase: Case = {
  name: 'polite',
  about: 'longest delay of the event loop: import, snapshot, index build, large pages',
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

/** The part with the highest median counts. */
function figureOf({ size }: CaseContext, phase: Phase, parts: readonly LoopReport[][]): Figure {
  const ofPart = parts.map((rounds) => ({ rounds, value: median(rounds.map(({ maxCpuMs }) => maxCpuMs)) }))
  const { rounds, value } = ofPart.toSorted((a, b) => b.value - a.value)[0] as (typeof ofPart)[number]
  const all = parts.flat()
  const highest = Math.max(...all.map(({ maxCpuMs }) => maxCpuMs))
  const byClock = median(rounds.map(({ maxMs }) => maxMs))
  const p99 = median(all.map(({ p99Ms }) => p99Ms))
  const ofAll = parts.length > 1 ? ` (the worst of ${parts.length} parts; ${significant(highest)} ms at most)` : ''
  return {
    ...(WITHOUT_TARGET.includes(phase) ? {} : { target: 'polite' as const }),
    what: PHASES[phase],
    size,
    value,
    spread: spreadOf(rounds.map(({ maxCpuMs }) => maxCpuMs)),
    measured: `${significant(value)} ms of uninterrupted CPU time${ofAll}; wall clock ${significant(byClock)} ms, p99 ${significant(p99)} ms`,
  }
}

function machineFigure({ size }: CaseContext, works: readonly FixedWork[]): Figure {
  const usual = median(works.map(({ medianMs }) => medianMs))
  const mosts = works.map(({ maxMs }) => maxMs)
  return {
    what: 'noise of the machine: fixed arithmetic on an idle core',
    size,
    value: median(mosts),
    spread: spreadOf(mosts),
    measured: `${significant(median(mosts))} ms of CPU time at most, median ${significant(usual)} ms`,
  }
}
