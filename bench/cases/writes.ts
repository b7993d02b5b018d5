import { join } from 'node:path'
import { type Case, type CaseContext, checkSame } from '../case.ts'
import type { Dataset } from '../data/dataset.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { actionBody, variedQueries } from '../data/queries.ts'
import { Vocabulary } from '../data/vocabulary.ts'
import { LoadDriver, type Measured, startYardstick } from '../load/driver.ts'
import { type Pool, requestBytes } from '../load/load.ts'
import { type Figure, significant, timeText } from '../report/figure.ts'
import { summarizeProfiles } from '../report/profile.ts'
import { joined, median, quantileOfSorted, spreadOf } from '../report/statistics.ts'
import { folderWith } from '../service/data-folders.ts'
import { ServiceProcess } from '../service/service-process.ts'
import { busyText, cpuRatioText, interleaved, profileFlags, summaryOf } from './http.ts'

const WRITERS = 64
const READERS = 16
/** Images that are written, in turn; each then gets another value than the turn before. */
const IMAGES = 10_000
const TURNS = ['turn-a', 'turn-b'] as const
const COUNT_BODIES = 400

/** How fast are durable writes against a static answer, and how do counts fare beside them? (P10, P16) */
export const writesCase: Case = {
  name: 'writes',
  about: 'durable tag writes over 64 connections, and counts beside them (P10, P16)',
  run: async (context) => {
    const dataset = new GeneratedDataset(context.size)
    const own = await folderWith(context, dataset)
    const profile = context.profileFolder === undefined ? undefined : join(context.profileFolder, 'writes')
    const service = await ServiceProcess.start({ folder: own.folder, nodeFlags: profileFlags(profile) })
    const driver = LoadDriver.start()
    let after: ServiceProcess | undefined
    try {
      await service.logIn()
      const writes = new Writes(service, dataset)
      await writes.check()
      const figures = [
        ...(await measureWrites(context, service, driver, writes)),
        ...(await measureBeside(context, service, driver, writes)),
      ]
      await writes.checkAll(service)
      // What was acknowledged is there when the process was given no time to end.
      await service.stop(profile === undefined ? 'SIGKILL' : 'SIGTERM')
      after = await ServiceProcess.start({ folder: own.folder })
      await after.logIn()
      await writes.checkAll(after)
      return { figures }
    } finally {
      driver.stop()
      await service.stop()
      await after?.stop()
      await own.remove()
      if (profile !== undefined) console.log(await summarizeProfiles(profile))
    }
  },
}

/** Writes of which each changes something, and the memory of how many were acknowledged. */
class Writes {
  readonly #dataset: Dataset
  readonly #service: ServiceProcess
  readonly requests: readonly Buffer[]
  #nextAt = 0
  #acknowledged = 0
  #firstRevision = 0

  constructor(service: ServiceProcess, dataset: Dataset) {
    this.#service = service
    this.#dataset = dataset
    const images = Math.min(IMAGES, dataset.size)
    this.requests = TURNS.flatMap((value) => Array.from({ length: images }, (_, i) => this.#request(i, value)))
  }

  pool(): Pool {
    return { connections: WRITERS, requests: this.requests, startAt: this.#nextAt, status: 204, bodyBytes: undefined }
  }

  /** Remembers what a run has written. */
  took(result: Measured['pools'][number]): void {
    this.#acknowledged += result.answersInAll
    this.#nextAt = result.nextAt
  }

  /** Makes one write and looks whether it took effect. */
  async check(): Promise<void> {
    const image = this.#dataset.at(this.#dataset.size - 1)
    const path = `/v2/${this.#service.project}/images/${image.id}/tags`
    const [first, ...others] = image.tags
    const body = JSON.stringify({ tag: { key: first?.key, value: 'checked' } })
    const answer = await this.#service.call('POST', path, body)
    checkSame('status of a write', 204, answer.status)
    const { text, revision } = await this.#service.call('GET', path)
    checkSame(
      'tags after a write',
      [{ ...first, value: 'checked' }, ...others],
      (JSON.parse(text) as { tags: unknown }).tags,
    )
    this.#firstRevision = revision
  }

  /** Looks whether every write that was acknowledged has raised the revision, and the last one of some images shows. */
  async checkAll(service: ServiceProcess): Promise<void> {
    const places = Array.from({ length: 20 }, (_, i) => (i * 479) % Math.min(IMAGES, this.#dataset.size))
    for (const place of places) {
      const image = this.#dataset.at(place)
      const { text, revision } = await service.call('GET', `/v2/${service.project}/images/${image.id}/tags`)
      checkSame('revision after all writes', this.#firstRevision + this.#acknowledged, revision)
      const [written] = (JSON.parse(text) as { tags: readonly { key: string; value: string }[] }).tags
      checkSame(`value of image ${place}`, this.#valueOf(place) ?? image.tags[0]?.value, written?.value)
    }
  }

  /** What was written last to an image; undefined before its first turn. */
  #valueOf(place: number): string | undefined {
    const images = this.requests.length / TURNS.length
    const [first, second] = TURNS
    // The next write is at `nextAt`: everything before it in this lap is written, and all of the lap before.
    const isFirstLap = this.#acknowledged < this.requests.length
    if (this.#nextAt > images + place) return second
    if (this.#nextAt > place) return first
    return isFirstLap ? undefined : second
  }

  #request(place: number, value: string): Buffer {
    const { id, tags } = this.#dataset.at(place)
    const headers = { 'x-auth-token': this.#service.token }
    const body = JSON.stringify({ tag: { key: tags[0]?.key, value } })
    return requestBytes('POST', `/v2/${this.#service.project}/images/${id}/tags`, headers, body)
  }
}

function timesOf({ isQuick }: CaseContext): { warmUpMs: number; durationMs: number } {
  return isQuick ? { warmUpMs: 100, durationMs: 300 } : { warmUpMs: 500, durationMs: 2000 }
}

async function measureWrites(
  context: CaseContext,
  service: ServiceProcess,
  driver: LoadDriver,
  writes: Writes,
): Promise<Figure[]> {
  context.say('durable writes')
  const yardstick = await startYardstick(204, 0)
  const plan = { host: '127.0.0.1', ...timesOf(context) }
  const runOurs = async () => {
    const result = await driver.run({ ...plan, port: service.port, pools: [writes.pool()] }, service.pid)
    writes.took(result.pools[0] as Measured['pools'][number])
    return result
  }
  const runTheirs = () =>
    driver.run({ ...plan, port: yardstick.port, pools: [{ ...writes.pool(), startAt: 0 }] }, yardstick.pid)
  const rounds = await interleaved(context.isQuick ? 2 : 7, runOurs, runTheirs)
  yardstick.stop()
  const { ratio, ratios, ours, theirs, p50, p99 } = summaryOf(rounds)
  return [
    {
      ...{ target: 'P10', what: 'durable tag write, 64 connections', size: context.size, value: ratio },
      spread: spreadOf(ratios),
      measured: `${significant(ours / 1000)} k/s of ${significant(theirs / 1000)} k/s; ${cpuRatioText(rounds)}`,
    },
    {
      ...{ what: 'durable tag write: p99 / p50 at 64 connections', size: context.size, value: p99 / p50 },
      measured: `p50 ${timeText(p50)}, p99 ${timeText(p99)}; ${busyText(rounds)} (ours, static)`,
    },
  ]
}

/** Counts alone and counts beside writers, in turn; and the same with static answers, as the machine alone would have it. */
async function measureBeside(
  context: CaseContext,
  service: ServiceProcess,
  driver: LoadDriver,
  writes: Writes,
): Promise<Figure[]> {
  context.say('counts beside writers')
  const vocabulary = new Vocabulary(new GeneratedDataset(context.size))
  const headers = { 'x-auth-token': service.token }
  const path = `/v2/${service.project}/images/resource_instances/action`
  const requests = variedQueries(vocabulary, COUNT_BODIES, true).map((query) =>
    requestBytes('POST', path, headers, actionBody(query)),
  )
  const plan = { host: '127.0.0.1', ...timesOf(context) }
  const reader = (connections: number): Pool => ({
    connections,
    requests,
    startAt: 0,
    status: 200,
    bodyBytes: undefined,
  })
  const yardstick = await startYardstick(200, 20)
  const figures: Figure[] = []
  for (const connections of [READERS, 1]) {
    const rounds: {
      alone: Float64Array
      beside: Float64Array
      aloneStatic: Float64Array
      besideStatic: Float64Array
    }[] = []
    for (let round = 0; round < (context.isQuick ? 2 : 5); round++) {
      const alone = await driver.run({ ...plan, port: service.port, pools: [reader(connections)] }, service.pid)
      const beside = await driver.run(
        { ...plan, port: service.port, pools: [reader(connections), writes.pool()] },
        service.pid,
      )
      writes.took(beside.pools[1] as Measured['pools'][number])
      const theirs = { ...plan, port: yardstick.port }
      const aloneStatic = await driver.run({ ...theirs, pools: [reader(connections)] }, yardstick.pid)
      const writersStatic = { ...writes.pool(), startAt: 0, status: 200 }
      const besideStatic = await driver.run({ ...theirs, pools: [reader(connections), writersStatic] }, yardstick.pid)
      rounds.push({
        ...{ alone: latencies(alone), beside: latencies(beside) },
        ...{ aloneStatic: latencies(aloneStatic), besideStatic: latencies(besideStatic) },
      })
    }
    figures.push(...besideFigures(context.size, connections, rounds))
  }
  yardstick.stop()
  return figures
}

function latencies({ pools }: Measured): Float64Array {
  return (pools[0] as Measured['pools'][number]).latenciesUs
}

type BesideRound = Readonly<Record<'alone' | 'beside' | 'aloneStatic' | 'besideStatic', Float64Array>>

function besideFigures(size: number, connections: number, rounds: readonly BesideRound[]): Figure[] {
  const all = (side: keyof BesideRound) => joined(rounds.map((round) => round[side])).sort()
  const [alone, beside] = [all('alone'), all('beside')]
  const ratioOf = (before: Float64Array, after: Float64Array) => median(after) / median(before)
  const ratios = rounds.map((round) => ratioOf(round.alone, round.beside))
  const texts = [alone, beside].map(
    (sorted) => `p50 ${timeText(quantileOfSorted(sorted, 0.5))}, p99 ${timeText(quantileOfSorted(sorted, 0.99))}`,
  )
  const isAsked = connections === READERS
  const staticRatio = median(rounds.map((round) => ratioOf(round.aloneStatic, round.besideStatic)))
  return [
    {
      ...(isAsked ? { target: 'P16' as const } : {}),
      ...{ what: `count over ${connections} connections while 64 writers run / without`, size, value: median(ratios) },
      ...{ spread: spreadOf(ratios), measured: `${texts[1]} / ${texts[0]}` },
    },
    {
      ...{ what: `the same of static answers, ${connections} connections beside 64`, size, value: staticRatio },
      measured: `${significant(staticRatio)} x`,
    },
  ]
}
