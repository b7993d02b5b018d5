import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Case, CaseContext } from '../case.ts'
import type { Shape } from '../data/dataset.ts'
import { type Figure, type GrowthLine, significant, sizeText, timeText } from '../report/figure.ts'
import { median, spreadOf } from '../report/statistics.ts'
import type { IndexResult, IndexTask, Kind } from './index-process.ts'

const SIZES = [10_000, 100_000, 1_000_000, 4_000_000]
const QUICK_SIZES = [5_000, 10_000]

/**
 * How fast are queries in process, how does latency grow, and what do the memory and the build of an index cost? (P1,
 * P2, P12, P15)
 */
export const indexCase: Case = {
  name: 'index',
  about: 'queries in process, memory and build of the index, growth from 10 k to 4 M (P1, P2, P12, P15)',
  run: async (context) => {
    const sizes = context.isQuick ? QUICK_SIZES : sizesFor(context.size)
    const bySize = new Map<number, IndexResult>()
    for (const size of sizes) bySize.set(size, await runIndex(context, 'generated', size))
    const size = context.isQuick ? (QUICK_SIZES[0] as number) : context.size
    const main = bySize.get(size) as IndexResult
    const figures = [...targetsOf(size, main), ...growthOf(size, main, bySize.get(size * (context.isQuick ? 2 : 4)))]
    figures.push(...figuresOf(size, main, 'generated'))
    if (existsSync(context.catalogueFile)) {
      figures.push(...figuresOf(size, await runIndex(context, 'catalogue', size), 'catalogue'))
    }
    return { figures, growth: growthLines(bySize) }
  },
}

/** Sizes up to four times the main size. */
function sizesFor(size: number): readonly number[] {
  const all = new Set([...SIZES.filter((other) => other < size * 4), size, size * 4])
  return [...all].toSorted((a, b) => a - b)
}

/** Builds and queries one index in a separate process. */
async function runIndex(context: CaseContext, shape: Shape, size: number): Promise<IndexResult> {
  context.say(`index of ${sizeText(size)} images, ${shape}`)
  const { catalogueFile, cacheFolder, isQuick } = context
  const task: IndexTask = { shape, size, catalogueFile, cacheFolder, isQuick }
  const child = fork(join(import.meta.dirname, 'index-process.ts'), {
    execArgv: ['--expose-gc', '--max-old-space-size=16384'],
  })
  child.send(task)
  return new Promise((resolve, reject) => {
    child.once('message', (result) => resolve(result as IndexResult))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the index of ${sizeText(size)} images ended with code ${code}`)))
  })
}

function kindOf(result: IndexResult, kind: Kind): { p50: number; p50s: readonly number[]; p99: number } {
  const { p50s, p99s } = result.kinds.find((one) => one.kind === kind) as IndexResult['kinds'][number]
  return { p50: median(p50s), p50s, p99: median(p99s) }
}

function targetsOf(size: number, result: IndexResult): Figure[] {
  const seed = kindOf(result, 'seed')
  const worst = (['worst, dense values', 'worst, medium values'] as const)
    .map((kind) => ({ kind, ...kindOf(result, kind) }))
    .toSorted((a, b) => b.p50 - a.p50)[0] as { kind: Kind; p50: number; p50s: readonly number[]; p99: number }
  const perAssignment = result.liveBytes / result.assignments
  const resident = significant(result.residentBytes / result.assignments)
  return [
    {
      target: 'P1',
      what: 'documented query, filter and count',
      size,
      value: seed.p50,
      spread: spreadOf(seed.p50s),
      measured: `p50 ${timeText(seed.p50)}, p99 ${timeText(seed.p99)}`,
    },
    {
      target: 'P2',
      what: `largest query (${worst.kind})`,
      size,
      value: worst.p50,
      spread: spreadOf(worst.p50s),
      measured: `p50 ${timeText(worst.p50)}, p99 ${timeText(worst.p99)}`,
    },
    {
      target: 'P12',
      what: 'live memory per assignment',
      size,
      value: perAssignment,
      measured: `${significant(perAssignment)} B live, ${resident} B resident`,
    },
  ]
}

function growthOf(size: number, small: IndexResult, large: IndexResult | undefined): Figure[] {
  if (large === undefined) return []
  const [at, before] = [kindOf(large, 'seed'), kindOf(small, 'seed')]
  const value = at.p50 / before.p50
  return [
    {
      target: 'P15',
      what: 'documented query at four times the images',
      size,
      value,
      spread: spreadOf(at.p50s.map((us) => us / before.p50)),
      measured: `${timeText(at.p50)} / ${timeText(before.p50)}`,
    },
  ]
}

/** The figures without a target. */
function figuresOf(size: number, result: IndexResult, shape: Shape): Figure[] {
  const name = shape === 'generated' ? '' : ', real catalogues'
  const figures: Figure[] = result.kinds.map(({ kind, p50s, p99s }) => ({
    what: `${kind}${name}`,
    size,
    value: median(p50s),
    spread: spreadOf(p50s),
    measured: `p50 ${timeText(median(p50s))}, p99 ${timeText(median(p99s))}`,
  }))
  const bytes = significant(result.liveBytes / result.assignments)
  return [
    ...figures,
    ...(shape === 'generated'
      ? []
      : [{ what: `live memory per assignment${name}`, size, value: Number(bytes), measured: `${bytes} B live` }]),
    {
      what: `build${name}`,
      size,
      value: result.putsPerSecond,
      measured: `${significant(result.putsPerSecond / 1000)} k images/s, ${significant(size / result.putsPerSecond)} s`,
    },
  ]
}

const PLOTTED: readonly Kind[] = [
  'seed',
  'worst, dense values',
  'wide page',
  'rare substring of names',
  'common substring of names',
]

function growthLines(bySize: ReadonlyMap<number, IndexResult>): GrowthLine[] {
  return PLOTTED.map((kind) => ({
    label: kind,
    points: Array.from(bySize, ([size, result]) => [size, kindOf(result, kind).p50] as const),
  }))
}
