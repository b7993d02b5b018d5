import type { CaseContext } from '../case.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { actionBody, variedQueries } from '../data/queries.ts'
import { Vocabulary } from '../data/vocabulary.ts'
import { type LoadDriver, type Measured, startYardstick, type Yardstick } from '../load/driver.ts'
import { type Pool, requestBytes } from '../load/load.ts'
import { type Figure, significant, timeText } from '../report/figure.ts'
import { joined, median, quantileOfSorted, spreadOf } from '../report/statistics.ts'
import type { ServiceProcess } from '../service/service-process.ts'
import { timesOf, type Writes } from './tag-writes.ts'

const COUNT_BODIES = 400

/** How many count, and how many writes a second there are beside; without a number as many as are acknowledged. */
type Variant = { readonly readers: number; readonly writesPerSecond?: number; readonly target?: 'P16' }

// As many count as write is the one that is judged: whoever asks without a pause shares one core with whoever does the same,
// so that with fewer readers the figure would mostly say how many writers there are to each.
const VARIANTS: readonly Variant[] = [
  { readers: 64, target: 'P16' },
  { readers: 16 },
  { readers: 1 },
  { readers: 1, writesPerSecond: 1000 },
]

const SIDES = ['alone', 'beside', 'aloneStatic', 'besideStatic'] as const

/** Latencies of the counts: without and with writers, and the same of static answers. */
type Round = Readonly<Record<(typeof SIDES)[number], Float64Array>>

/**
 * Counts alone and counts beside writers, in turn; and the same with static answers, because on one core whoever writes takes
 * time from whoever counts, however little each of them takes.
 */
export async function measureBeside(
  context: CaseContext,
  service: ServiceProcess,
  driver: LoadDriver,
  writes: Writes,
): Promise<Figure[]> {
  context.say('counts beside writers')
  const vocabulary = new Vocabulary(new GeneratedDataset(context.size))
  const path = `/v2/${service.project}/images/resource_instances/action`
  const requests = variedQueries(vocabulary, COUNT_BODIES, true).map((query) =>
    requestBytes('POST', path, { 'x-auth-token': service.token }, actionBody(query)),
  )
  const yardstick = await startYardstick(200, 20)
  const figures: Figure[] = []
  for (const variant of VARIANTS) {
    const rounds: Round[] = []
    for (let round = 0; round < (context.isQuick ? 2 : 5); round++) {
      rounds.push(await measureRound(context, { service, driver, writes, yardstick, requests }, variant))
    }
    figures.push(...figuresOf(context.size, variant, rounds))
  }
  yardstick.stop()
  return figures
}

async function measureRound(
  context: CaseContext,
  parts: {
    readonly service: ServiceProcess
    readonly driver: LoadDriver
    readonly writes: Writes
    readonly yardstick: Yardstick
    readonly requests: readonly Buffer[]
  },
  { readers, writesPerSecond }: Variant,
): Promise<Round> {
  const { service, driver, writes, yardstick, requests } = parts
  const plan = { host: '127.0.0.1', ...timesOf(context) }
  const reader: Pool = { connections: readers, requests, startAt: 0, status: 200, bodyBytes: undefined }
  const paced = writesPerSecond === undefined ? {} : { perSecond: writesPerSecond }
  const ours = (pools: readonly Pool[]) => driver.run({ ...plan, port: service.port, pools }, service.pid)
  const theirs = (pools: readonly Pool[]) => driver.run({ ...plan, port: yardstick.port, pools }, yardstick.pid)
  const alone = await ours([reader])
  const beside = await ours([reader, { ...writes.pool(), ...paced }])
  writes.took(beside.pools[1] as Measured['pools'][number])
  const aloneStatic = await theirs([reader])
  const besideStatic = await theirs([reader, { ...writes.pool(), ...paced, startAt: 0, status: 200 }])
  return {
    ...{ alone: latencies(alone), beside: latencies(beside) },
    ...{ aloneStatic: latencies(aloneStatic), besideStatic: latencies(besideStatic) },
  }
}

function latencies({ pools }: Measured): Float64Array {
  return (pools[0] as Measured['pools'][number]).latenciesUs
}

function figuresOf(size: number, { readers, writesPerSecond, target }: Variant, all: readonly Round[]): Figure[] {
  // A machine that has no time for one of the servers leaves rounds without an answer.
  const rounds = all.filter((round) => SIDES.every((side) => round[side].length > 0))
  if (rounds.length === 0) throw new Error('the machine has no time: no round has answers on every side')
  const ratioOf = (before: Float64Array, after: Float64Array) => median(after) / median(before)
  const ratios = rounds.map(({ alone, beside }) => ratioOf(alone, beside))
  const staticRatio = median(rounds.map(({ aloneStatic, besideStatic }) => ratioOf(aloneStatic, besideStatic)))
  const text = (side: keyof Round) => {
    const sorted = joined(rounds.map((round) => round[side])).sort()
    return `p50 ${timeText(quantileOfSorted(sorted, 0.5))}, p99 ${timeText(quantileOfSorted(sorted, 0.99))}`
  }
  const pace = writesPerSecond === undefined ? '' : ` at ${significant(writesPerSecond / 1000)} k/s`
  return [
    {
      ...(target === undefined ? {} : { target }),
      ...{ what: `count over ${readers} connections while 64 writers run${pace} / without`, size },
      ...{ value: median(ratios), spread: spreadOf(ratios) },
      measured: `${text('beside')} / ${text('alone')}; ratio of static answers ${significant(staticRatio)} x`,
    },
  ]
}
