import { join } from 'node:path'
import { createPostgresServer, type PostgresServer } from '../../test/support/postgres-server.ts'
import type { Case, CaseContext } from '../case.ts'
import type { Dataset } from '../data/dataset.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { actionBody, variedQueries } from '../data/queries.ts'
import { Random } from '../data/random.ts'
import { Vocabulary } from '../data/vocabulary.ts'
import { LoadDriver } from '../load/driver.ts'
import { type Pool, type PoolResult, requestBytes } from '../load/load.ts'
import { type Figure, significant } from '../report/figure.ts'
import { median, spreadOf } from '../report/statistics.ts'
import { emptyFolder, folderWith, type OwnFolder } from '../service/data-folders.ts'
import { imagesFile } from '../service/import-file.ts'
import { runImport } from '../service/import-run.ts'
import { ServiceProcess } from '../service/service-process.ts'
import { Writes } from './tag-writes.ts'

const IMAGES_MAX = 100_000
const CONNECTIONS = 64
const READS = 1000
const COUNTS = 200
const WORKERS = [1, 2, 4] as const
/** Loaded before a service that shall not ask how fresh its index is: only to see what the question costs. */
const STALE = join(import.meta.dirname, '../../test/linear/stale-reads.ts')

/** One way to run the service on the same data. */
type Way = {
  readonly engine: 'SQLite' | 'PostgreSQL'
  readonly workers: number
  /** False: broken on purpose, it answers from what it has. */
  readonly asks: boolean
  readonly service: ServiceProcess
  readonly kinds: Readonly<Record<Kind, () => Pool>>
  /** Told of what a run has sent, so that the next one goes on from there. */
  readonly took: Partial<Record<Kind, (result: PoolResult) => void>>
}

const KINDS = ['tags of an image', 'count, varied bodies', 'durable tag write'] as const
type Kind = (typeof KINDS)[number]

/** What do more processes give, on SQLite and over PostgreSQL, and what does the question cost that keeps them exact? */
export const nodesCase: Case = {
  name: 'nodes',
  about: '1, 2 and 4 processes on one SQLite file and over one PostgreSQL, and the cost of asking for the revision',
  run: async (context) => {
    const dataset = new GeneratedDataset(Math.min(context.size, IMAGES_MAX))
    const own: OwnFolder[] = []
    const postgres = await createPostgresServer({ fsync: 'on', full_page_writes: 'on', shared_buffers: '256MB' })
    const driver = LoadDriver.start()
    const ways: Way[] = []
    try {
      ways.push(...(await onSqlite(context, dataset, own)), ...(await onPostgres(context, dataset, postgres, own)))
      const figures: Figure[] = []
      for (const kind of KINDS) figures.push(...(await measure(context, driver, ways, kind, dataset.size)))
      return { figures }
    } finally {
      driver.stop()
      for (const { service } of ways) await service.stop()
      await postgres.dispose()
      for (const { remove } of own) await remove()
    }
  },
}

async function onSqlite(context: CaseContext, dataset: Dataset, own: OwnFolder[]): Promise<Way[]> {
  const ways: Way[] = []
  for (const { workers, asks } of plans()) {
    const folder = await folderWith(context, dataset)
    own.push(folder)
    const service = await start({ folder: folder.folder, flags: ['--workers', String(workers)], asks })
    ways.push({ engine: 'SQLite', workers, asks, service, ...(await kindsOf(service, dataset)) })
  }
  return ways
}

async function onPostgres(
  context: CaseContext,
  dataset: Dataset,
  server: PostgresServer,
  own: OwnFolder[],
): Promise<Way[]> {
  const ways: Way[] = []
  for (const { workers, asks } of plans()) {
    const folder = await emptyFolder(context)
    own.push(folder)
    const flags = ['--store', server.url, '--migrate', 'on', '--workers', String(workers)]
    const service = await start({ folder: folder.folder, flags, asks })
    if (ways.length === 0) {
      context.say('importing into PostgreSQL')
      await service.logIn()
      await runImport(service, await imagesFile(dataset, context.cacheFolder, context.progress))
    }
    ways.push({ engine: 'PostgreSQL', workers, asks, service, ...(await kindsOf(service, dataset)) })
  }
  return ways
}

function plans(): { readonly workers: number; readonly asks: boolean }[] {
  return [...WORKERS.map((workers) => ({ workers, asks: true })), { workers: 1, asks: false }]
}

function start({ folder, flags, asks }: { folder: string; flags: readonly string[]; asks: boolean }) {
  return ServiceProcess.start({ folder, flags, isPinned: false, nodeFlags: asks ? [] : ['--import', STALE] })
}

async function kindsOf(service: ServiceProcess, dataset: Dataset): Promise<Pick<Way, 'kinds' | 'took'>> {
  await service.logIn()
  const random = new Random(51)
  const headers = { 'x-auth-token': service.token }
  const base = `/v2/${service.project}/images`
  const reads = Array.from({ length: READS }, () => {
    return requestBytes('GET', `${base}/${dataset.at(random.below(dataset.size)).id}/tags`, headers)
  })
  const counts = variedQueries(new Vocabulary(dataset), COUNTS, true).map((query) => {
    return requestBytes('POST', `${base}/resource_instances/action`, headers, actionBody(query))
  })
  const writes = new Writes(service, dataset, `way-${service.pid}-`)
  const pool = (requests: readonly Buffer[]) => ({
    connections: CONNECTIONS,
    requests,
    startAt: 0,
    status: 200,
    bodyBytes: undefined,
  })
  return {
    kinds: {
      'tags of an image': () => pool(reads),
      'count, varied bodies': () => pool(counts),
      'durable tag write': () => writes.pool(),
    },
    took: { 'durable tag write': (result) => writes.took(result) },
  }
}

/** Measures one kind of call on every way in turn, round by round. */
async function measure(
  context: CaseContext,
  driver: LoadDriver,
  ways: readonly Way[],
  kind: Kind,
  size: number,
): Promise<Figure[]> {
  context.say(kind)
  const rates = new Map<Way, number[]>(ways.map((way) => [way, []]))
  const times = context.isQuick ? { warmUpMs: 100, durationMs: 300 } : { warmUpMs: 400, durationMs: 1200 }
  for (let round = -1; round < (context.isQuick ? 1 : 3); round++) {
    for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
      const plan = { host: '127.0.0.1', port: way.service.port, ...times, pools: [way.kinds[kind]()] }
      const { pools } = await driver.run(plan, way.service.pid)
      if (pools[0] !== undefined) way.took[kind]?.(pools[0])
      if (round >= 0) rates.get(way)?.push(pools[0]?.perSecond ?? 0)
    }
  }
  return ways.flatMap((way) => {
    const { engine, workers, asks } = way
    if (!asks && kind !== 'tags of an image') return []
    const one = ways.find((other) => other.engine === engine && other.workers === 1 && other.asks) as Way
    const ratios = (rates.get(way) as number[]).map((rate, i) => rate / (rates.get(one)?.[i] as number))
    const perSecond = median(rates.get(way) as number[])
    const who = asks ? `${workers} process${workers === 1 ? '' : 'es'}` : '1 process that does not ask for the revision'
    return {
      ...{ what: `${kind}, ${engine}: ${who}`, size, value: median(ratios), spread: spreadOf(ratios) },
      measured: `${significant(perSecond / 1000)} k/s, ${significant(median(ratios))} of what one process does`,
    }
  })
}
