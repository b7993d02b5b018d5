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

/** Number of reader connections, and writes per second; without a rate writers wait only for acknowledgements. */
type Variant = { readonly readers: number; readonly writesPerSecond?: number; readonly target?: 'P16' }

// The target uses as many readers as writers: all clients share one core, so with fewer readers the figure would mostly
// show the number of writers per reader.
const VARIANTS: readonly Variant[] = [
  { readers: 64, target: 'P16' },
  { readers: 16 },
  { readers: 1 },
  { readers: 1, writesPerSecond: 1000 },
]

const SIDES = ['alone', 'duringWrites', 'aloneStatic', 'duringWritesStatic'] as const

/** Latencies of counts without and with writers, and the same for static responses. */
type Round = Readonly<Record<(typeof SIDES)[number], Float64Array>>

/**
 * Measures counts without and with concurrent writers, alternately. The same runs against static responses show how
 * much of the slowdown is due to sharing one core.
 */
export async function measureCountsDuringWrites(
  context: CaseContext,
  service: ServiceProcess,
  driver: LoadDriver,
  writes: Writes,
): Promise<Figure[]> {
  context.say('counts during writes')
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
  const duringWrites = await ours([reader, { ...writes.pool(), ...paced }])
  writes.record(duringWrites.pools[1] as Measured['pools'][number])
  const aloneStatic = await theirs([reader])
  const duringWritesStatic = await theirs([reader, { ...writes.pool(), ...paced, startAt: 0, status: 200 }])
  return {
    alone: latencies(alone),
    duringWrites: latencies(duringWrites),
    aloneStatic: latencies(aloneStatic),
    duringWritesStatic: latencies(duringWritesStatic),
  }
}

function latencies({ pools }: Measured): Float64Array {
  return (pools[0] as Measured['pools'][number]).latenciesUs
}

function figuresOf(size: number, { readers, writesPerSecond, target }: Variant, all: readonly Round[]): Figure[] {
  // When the machine is busy, a round may pass without a response.
  const rounds = all.filter((round) => SIDES.every((side) => round[side].length > 0))
  if (rounds.length === 0) throw new Error('the machine is too busy: no round has responses on every side')
  const ratioOf = (before: Float64Array, after: Float64Array) => median(after) / median(before)
  const ratios = rounds.map(({ alone, duringWrites }) => ratioOf(alone, duringWrites))
  const staticRatio = median(
    rounds.map(({ aloneStatic, duringWritesStatic }) => ratioOf(aloneStatic, duringWritesStatic)),
  )
  const text = (side: keyof Round) => {
    const sorted = joined(rounds.map((round) => round[side])).sort()
    return `p50 ${timeText(quantileOfSorted(sorted, 0.5))}, p99 ${timeText(quantileOfSorted(sorted, 0.99))}`
  }
  const pace = writesPerSecond === undefined ? '' : ` at ${significant(writesPerSecond / 1000)} k/s`
  return [
    {
      ...(target === undefined ? {} : { target }),
      what: `count over ${readers} connections while 64 writers run${pace} / without`,
      size,
      value: median(ratios),
      spread: spreadOf(ratios),
      measured: `${text('duringWrites')} / ${text('alone')}; ratio of static responses ${significant(staticRatio)} x`,
    },
  ]
}
