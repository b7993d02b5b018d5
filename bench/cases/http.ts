import { join } from 'node:path'
import type { Case, CaseContext } from '../case.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { isPinned } from '../load/cores.ts'
import { LoadDriver, type Measured, startYardstick, type Yardstick } from '../load/driver.ts'
import { requestBytes } from '../load/load.ts'
import { type Figure, significant, timeText } from '../report/figure.ts'
import { summarizeProfiles } from '../report/profile.ts'
import { joined, median, quantileOfSorted, spreadOf } from '../report/statistics.ts'
import { folderWith } from '../service/data-folders.ts'
import { ServiceProcess } from '../service/service-process.ts'
import { type CallKind, callKinds, checkCalls, pathFor } from './http-calls.ts'

const CONNECTIONS = 16

/**
 * How fast are calls over HTTP, compared with a static response of the same size from a bare server? (P4 to P9, P11)
 */
export const httpCase: Case = {
  name: 'http',
  about: 'calls over HTTP against a static response of the same size (P4 to P9, P11)',
  run: async (context) => {
    const dataset = new GeneratedDataset(context.size)
    const kinds = await callKinds(context, dataset)
    const temporary = await folderWith(context, dataset)
    const profile = context.profileFolder === undefined ? undefined : join(context.profileFolder, 'http')
    const service = await ServiceProcess.start({ folder: temporary.folder, nodeFlags: profileFlags(profile) })
    const driver = LoadDriver.start()
    try {
      await service.logIn()
      if (!isPinned) context.say('server and load share their cores: no taskset, or a single core')
      const figures: Figure[] = []
      for (const kind of kinds) figures.push(...(await measureKind(context, service, driver, kind)))
      return { figures }
    } finally {
      driver.stop()
      await service.stop()
      await temporary.remove()
      if (profile !== undefined) console.log(await summarizeProfiles(profile))
    }
  },
}

/** Node flags that write a CPU profile at the end of the process. */
export function profileFlags(folder: string | undefined): string[] {
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`]
}

async function measureKind(
  context: CaseContext,
  service: ServiceProcess,
  driver: LoadDriver,
  kind: CallKind,
): Promise<Figure[]> {
  context.say(`${kind.what}: checking ${kind.calls.length} responses, then measuring`)
  const bodyBytes = await checkCalls(service, kind)
  const meanBytes = Math.round(bodyBytes.reduce((sum, bytes) => sum + bytes, 0) / bodyBytes.length)
  const yardstick = await startYardstick(200, meanBytes)
  try {
    const rounds = await measureRounds(context, service, driver, kind, { bodyBytes, meanBytes, yardstick })
    return figuresOf(context.size, kind, meanBytes, rounds)
  } finally {
    yardstick.stop()
  }
}

/** One round: the service, and directly afterwards the reference server. */
export type Round = { readonly ours: Measured; readonly theirs: Measured }

async function measureRounds(
  context: CaseContext,
  service: ServiceProcess,
  driver: LoadDriver,
  kind: CallKind,
  expected: { readonly bodyBytes: readonly number[]; readonly meanBytes: number; readonly yardstick: Yardstick },
): Promise<Round[]> {
  const requests = kind.calls.map((call) =>
    requestBytes(call.method, pathFor(call, service), { 'x-auth-token': service.token }, call.body),
  )
  const times = context.isQuick ? { warmUpMs: 200, durationMs: 300 } : { warmUpMs: 500, durationMs: 2000 }
  const pool = { connections: CONNECTIONS, requests, startAt: 0, status: 200 }
  const runOurs = () => {
    const plan = { host: '127.0.0.1', port: service.port, ...times }
    return driver.run({ ...plan, pools: [{ ...pool, bodyBytes: expected.bodyBytes }] }, service.pid)
  }
  const runTheirs = () => {
    const plan = { host: '127.0.0.1', port: expected.yardstick.port, ...times }
    const same = requests.map(() => expected.meanBytes)
    return driver.run({ ...plan, pools: [{ ...pool, bodyBytes: same }] }, expected.yardstick.pid)
  }
  return interleaved(context.isQuick ? 2 : 7, runOurs, runTheirs)
}

/** Number of rounds without a response that are tolerated on a busy machine. */
const EMPTY_ROUNDS_MAX = 10

/** Warm-up rounds: under load the JIT compiler needs some seconds. */
const WARM_UP_ROUNDS = 3

/** Runs both alternately, after some warm-up rounds. Each round swaps the order. */
export async function interleaved(
  rounds: number,
  runOurs: () => Promise<Measured>,
  runTheirs: () => Promise<Measured>,
): Promise<Round[]> {
  const measured: Round[] = []
  let emptyRounds = 0
  for (let i = -Math.min(rounds, WARM_UP_ROUNDS); i < rounds; i++) {
    let ours: Measured
    let theirs: Measured
    if (i % 2 === 0) {
      ours = await runOurs()
      theirs = await runTheirs()
    } else {
      theirs = await runTheirs()
      ours = await runOurs()
    }
    if (firstPool(ours).responses === 0 || firstPool(theirs).responses === 0) {
      if (++emptyRounds > EMPTY_ROUNDS_MAX) throw new Error('the machine is too busy: rounds without a response')
      i--
    } else if (i >= 0) measured.push({ ours, theirs })
  }
  return measured
}

/** Rates and latencies of the first pool over all rounds. */
export function summaryOf(rounds: readonly Round[]) {
  const rate = (side: 'ours' | 'theirs') => rounds.map((round) => firstPool(round[side]).perSecond)
  const ratios = rounds.map(({ ours, theirs }) => firstPool(ours).perSecond / firstPool(theirs).perSecond)
  const latencies = joined(rounds.map(({ ours }) => firstPool(ours).latenciesUs)).sort()
  const theirs = joined(rounds.map((round) => firstPool(round.theirs).latenciesUs)).sort()
  return {
    ratio: median(ratios),
    ratios,
    ours: median(rate('ours')),
    theirs: median(rate('theirs')),
    p50: quantileOfSorted(latencies, 0.5),
    p99: quantileOfSorted(latencies, 0.99),
    theirP50: quantileOfSorted(theirs, 0.5),
    theirP99: quantileOfSorted(theirs, 0.99),
  }
}

function firstPool({ pools }: Measured) {
  return pools[0] as Measured['pools'][number]
}

/** The ratio of CPU time per response, including the warm-up. It hardly depends on other load on the machine. */
function cpuRatio(rounds: readonly Round[]): number {
  const perAnswer = ({ serverCpuSeconds, pools }: Measured) =>
    serverCpuSeconds / pools.reduce((sum, { responsesInTotal }) => sum + responsesInTotal, 0)
  return median(rounds.map(({ ours, theirs }) => perAnswer(theirs) / perAnswer(ours)))
}

/** Below this share of its core the static server was not saturated, and the ratio of rates is too favourable. */
const BUSY_MIN = 0.85

/** The ratio of CPU times in words, with a warning when the ratio of rates is unreliable. */
export function cpuRatioText(rounds: readonly Round[]): string {
  const busy = median(rounds.map(({ theirs }) => theirs.serverCpu))
  const warning =
    busy > 0 && busy < BUSY_MIN
      ? `, which counts more: the static server had ${Math.round(busy * 100)} % of its core`
      : ''
  return `by CPU time ${significant(cpuRatio(rounds))}${warning}`
}

/** The share of its core that each side used, which shows whether one waited for the machine. */
export function busyText(rounds: readonly Round[]): string {
  const share = (values: readonly number[]) => `${Math.round(100 * median(values))} %`
  const server = `${share(rounds.map(({ ours }) => ours.serverCpu))}, ${share(rounds.map(({ theirs }) => theirs.serverCpu))}`
  const load = `${share(rounds.map(({ ours }) => ours.ownCpu))}, ${share(rounds.map(({ theirs }) => theirs.ownCpu))}`
  return `server busy ${server}; load busy ${load}`
}

function figuresOf(size: number, { target, what }: CallKind, meanBytes: number, rounds: readonly Round[]): Figure[] {
  const { ratio, ratios, ours, theirs, p50, p99, theirP50, theirP99 } = summaryOf(rounds)
  const perRound = rounds.map(({ ours: { pools } }) => {
    const sorted = (pools[0] as Measured['pools'][number]).latenciesUs.toSorted()
    return quantileOfSorted(sorted, 0.99) / quantileOfSorted(sorted, 0.5)
  })
  return [
    {
      target,
      what,
      size,
      value: ratio,
      spread: spreadOf(ratios),
      measured: `${significant(ours / 1000)} k/s of ${significant(theirs / 1000)} k/s, ${significant(meanBytes / 1000)} KB; ${cpuRatioText(rounds)}`,
    },
    {
      target: 'P11',
      what,
      size,
      value: p99 / p50,
      spread: spreadOf(perRound),
      measured: `p50 ${timeText(p50)}, p99 ${timeText(p99)}`,
    },
    {
      what: `${what}: static response, p99 / p50`,
      size,
      value: theirP99 / theirP50,
      measured: `p50 ${timeText(theirP50)}, p99 ${timeText(theirP99)}; ${busyText(rounds)} (ours, static)`,
    },
  ]
}
