import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Case, CaseContext } from '../case.ts'
import { importLine } from '../data/dataset.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { LOAD_CORE, placeThreads, SERVER_CORE } from '../load/cores.ts'
import { LoadDriver } from '../load/driver.ts'
import { requestBytes } from '../load/load.ts'
import { type Figure, significant } from '../report/figure.ts'
import { median, quantile, spreadOf } from '../report/statistics.ts'
import { folderWith } from '../service/data-folders.ts'
import { runImport } from '../service/import-run.ts'
import { ServiceProcess } from '../service/service-process.ts'
import { domainTokenOf, readerTokenOf } from './domain-token.ts'
import { FloodProcess } from './flood-process.ts'
import { FLOODS, type Flood } from './neighbour-floods.ts'

const ROUNDS = 5
const QUIET_IMAGES = 1000
/** The quiet project sends few requests, at a fixed rate, so that its latency is that of waiting for others. */
const QUIET = { connections: 4, perSecond: 200 }
/** After a flood, until its garbage is collected and its connections are closed. */
const SETTLE_MS = 1000
const ABOUT = 'p99 of one project while another exports, imports, lists and filters as much as it can, relative to rest'

/**
 * How much slower are the calls of one project while another one floods the service? The main thread has a core; the
 * other threads of the service share one with the clients.
 */
export const neighbourCase: Case = {
  name: 'neighbour',
  about: ABOUT,
  run: (context) => measure(context, true),
}

/** The same with all threads of the service on one core. */
export const oneCoreCase: Case = {
  name: 'neighbour-one-core',
  about: `${ABOUT}, with one core for the whole service`,
  isLong: true,
  run: (context) => measure(context, false),
}

async function measure(context: CaseContext, hasTwoCores: boolean): Promise<{ readonly figures: Figure[] }> {
  const temporary = await folderWith(context, new GeneratedDataset(context.size))
  const service = await ServiceProcess.start({
    folder: temporary.folder,
    flags: ['--security-log', join(temporary.folder, 'security.log')],
    isPinned: !hasTwoCores,
  })
  const driver = LoadDriver.start()
  const floods = FloodProcess.start()
  try {
    await service.logIn()
    const file = join(temporary.folder, 'quiet.ndjson')
    await writeFile(file, [...quietLines()].join(''))
    await runImport(service, file)
    await rm(file)
    const requests = await quietRequests(service)
    const target = { url: service.url, token: service.token, domainToken: await domainTokenOf(service) }
    // By now the service has started all of its threads.
    if (hasTwoCores) await placeThreads(service.pid, SERVER_CORE, LOAD_CORE)
    const p99Ms = async () => {
      const durationMs = context.isQuick ? 500 : 5000
      const pool = { ...QUIET, requests, startAt: 0, status: 200, bodyBytes: undefined }
      const plan = { host: '127.0.0.1', port: service.port, pools: [pool], warmUpMs: 200, durationMs }
      const { pools } = await driver.run({ ...plan, withoutOwnWait: true }, service.pid)
      return quantile(pools[0]!.latenciesUs, 0.99) / 1000
    }
    await p99Ms()
    const rounds = new Map<Flood, { rest: number; flooded: number }[]>()
    for (let round = 1; round <= (context.isQuick ? 1 : ROUNDS); round++) {
      for (const each of FLOODS) {
        await sleep(SETTLE_MS)
        const rest = await p99Ms()
        await floods.begin(each, target)
        const flooded = await p99Ms()
        const statuses = await floods.end()
        rounds.set(each, [...(rounds.get(each) ?? []), { rest, flooded }])
        context.say(
          `round ${round}, ${each}: ${significant(rest)} ms at rest, ${significant(flooded)} ms; flood: ${JSON.stringify(statuses)}`,
        )
      }
    }
    return { figures: Array.from(rounds, ([each, values]) => figureOf(context, each, values)) }
  } finally {
    driver.stop()
    floods.stop()
    await service.stop()
    await temporary.remove()
  }
}

function* quietLines(): Generator<string> {
  const dataset = new GeneratedDataset(QUIET_IMAGES)
  for (let i = 0; i < QUIET_IMAGES; i++) {
    yield importLine(dataset.at(i)).replace('"project":"default"', '"project":"quiet"')
  }
}

async function quietRequests(service: ServiceProcess): Promise<readonly Buffer[]> {
  const token = await readerTokenOf(service, 'quiet')
  const headers = { 'x-auth-token': token }
  const list = await fetch(`${service.url}/v3/auth/projects`, { headers })
  const { projects } = (await list.json()) as { projects: { id: string; name: string }[] }
  const { id } = projects.find(({ name }) => name === 'quiet') as { id: string }
  const body = JSON.stringify({ action: 'filter', tags: [{ key: 'env', values: [] }] })
  return [
    requestBytes('POST', `/v2/${id}/images/resource_instances/action`, headers, body),
    requestBytes('GET', '/v2/cloudimages?limit=10', headers),
    requestBytes('GET', `/v3/${id}/tags`, headers),
  ]
}

function figureOf(
  { size }: CaseContext,
  each: Flood,
  values: readonly { readonly rest: number; readonly flooded: number }[],
): Figure {
  const ratios = values.map(({ rest, flooded }) => flooded / rest)
  const [rest, flooded] = [median(values.map((one) => one.rest)), median(values.map((one) => one.flooded))]
  return {
    what: `p99 of one project while another ${FLOODS_IN_WORDS[each]}`,
    size,
    value: median(ratios),
    spread: spreadOf(ratios),
    measured: `${significant(flooded)} ms, ${significant(median(ratios))} times that at rest (${significant(rest)} ms)`,
  }
}

const FLOODS_IN_WORDS: Readonly<Record<Flood, string>> = {
  exports: 'exports without end over 8 connections',
  'slow exports': 'reads 8 exports slowly',
  imports: 'imports the same images over 8 connections',
  lists: 'lists all distinct tags and sorts all images over 16 connections',
  filters: 'filters by tag in the domain over 64 connections',
}
