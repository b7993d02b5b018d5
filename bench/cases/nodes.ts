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
import { emptyFolder, folderWith, type TemporaryFolder } from '../service/data-folders.ts'
import { imagesFile } from '../service/import-file.ts'
import { runImport } from '../service/import-run.ts'
import { ServiceProcess } from '../service/service-process.ts'
import { Writes } from './tag-writes.ts'

const IMAGES_MAX = 100_000
const CONNECTIONS = 64
const READS = 1000
const COUNTS = 200
const WORKERS = [1, 2, 4] as const
/** Preloaded into a service that must not check whether its index is fresh, to measure the cost of that check. */
const STALE = join(import.meta.dirname, '../../test/linear/stale-reads.ts')

/** One way to run the service on the same data. */
type Configuration = {
  readonly engine: 'SQLite' | 'PostgreSQL'
  readonly workers: number
  /** False: answers without a check of the revision; incorrect on purpose. */
  readonly checksRevision: boolean
  readonly service: ServiceProcess
  readonly kinds: Readonly<Record<Kind, () => Pool>>
  /** Called with the result of a run, so that the next run continues where it ended. */
  readonly record: Partial<Record<Kind, (result: PoolResult) => void>>
}

const KINDS = ['tags of an image', 'count, varied bodies', 'durable tag write'] as const
type Kind = (typeof KINDS)[number]

/**
 * What do more processes gain on SQLite and PostgreSQL, and what does the revision check cost that keeps them
 * consistent?
 */
export const nodesCase: Case = {
  name: 'nodes',
  about: '1, 2 and 4 processes on one SQLite file and over one PostgreSQL, and the cost of the revision check',
  run: async (context) => {
    const dataset = new GeneratedDataset(Math.min(context.size, IMAGES_MAX))
    const folders: TemporaryFolder[] = []
    const postgres = await createPostgresServer({ fsync: 'on', full_page_writes: 'on', shared_buffers: '256MB' })
    const driver = LoadDriver.start()
    const configurations: Configuration[] = []
    try {
      configurations.push(
        ...(await onSqlite(context, dataset, folders)),
        ...(await onPostgres(context, dataset, postgres, folders)),
      )
      const figures: Figure[] = []
      for (const kind of KINDS) figures.push(...(await measure(context, driver, configurations, kind, dataset.size)))
      return { figures }
    } finally {
      driver.stop()
      for (const { service } of configurations) await service.stop()
      await postgres.dispose()
      for (const { remove } of folders) await remove()
    }
  },
}

async function onSqlite(context: CaseContext, dataset: Dataset, folders: TemporaryFolder[]): Promise<Configuration[]> {
  const configurations: Configuration[] = []
  for (const { workers, checksRevision } of plans()) {
    const folder = await folderWith(context, dataset)
    folders.push(folder)
    const service = await start({ folder: folder.folder, flags: ['--workers', String(workers)], checksRevision })
    configurations.push({ engine: 'SQLite', workers, checksRevision, service, ...(await kindsOf(service, dataset)) })
  }
  return configurations
}

async function onPostgres(
  context: CaseContext,
  dataset: Dataset,
  server: PostgresServer,
  folders: TemporaryFolder[],
): Promise<Configuration[]> {
  const configurations: Configuration[] = []
  for (const { workers, checksRevision } of plans()) {
    const folder = await emptyFolder(context)
    folders.push(folder)
    const flags = ['--store', server.url, '--migrate', 'on', '--workers', String(workers)]
    const service = await start({ folder: folder.folder, flags, checksRevision })
    if (configurations.length === 0) {
      context.say('importing into PostgreSQL')
      await service.logIn()
      await runImport(service, await imagesFile(dataset, context.cacheFolder, context.progress))
    }
    configurations.push({
      engine: 'PostgreSQL',
      workers,
      checksRevision,
      service,
      ...(await kindsOf(service, dataset)),
    })
  }
  return configurations
}

function plans(): { readonly workers: number; readonly checksRevision: boolean }[] {
  return [...WORKERS.map((workers) => ({ workers, checksRevision: true })), { workers: 1, checksRevision: false }]
}

function start({
  folder,
  flags,
  checksRevision,
}: {
  folder: string
  flags: readonly string[]
  checksRevision: boolean
}) {
  return ServiceProcess.start({ folder, flags, isPinned: false, nodeFlags: checksRevision ? [] : ['--import', STALE] })
}

async function kindsOf(service: ServiceProcess, dataset: Dataset): Promise<Pick<Configuration, 'kinds' | 'record'>> {
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
  const writes = new Writes(service, dataset, `configuration-${service.pid}-`)
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
    record: { 'durable tag write': (result) => writes.record(result) },
  }
}

/** Measures one kind of call on every configuration in rotation. */
async function measure(
  context: CaseContext,
  driver: LoadDriver,
  configurations: readonly Configuration[],
  kind: Kind,
  size: number,
): Promise<Figure[]> {
  context.say(kind)
  const rates = new Map<Configuration, number[]>(configurations.map((configuration) => [configuration, []]))
  const times = context.isQuick ? { warmUpMs: 100, durationMs: 300 } : { warmUpMs: 400, durationMs: 1200 }
  for (let round = -1; round < (context.isQuick ? 1 : 3); round++) {
    for (const configuration of round % 2 === 0 ? configurations : configurations.toReversed()) {
      const plan = {
        host: '127.0.0.1',
        port: configuration.service.port,
        ...times,
        pools: [configuration.kinds[kind]()],
      }
      const { pools } = await driver.run(plan, configuration.service.pid)
      if (pools[0] !== undefined) configuration.record[kind]?.(pools[0])
      if (round >= 0) rates.get(configuration)?.push(pools[0]?.perSecond ?? 0)
    }
  }
  return configurations.flatMap((configuration) => {
    const { engine, workers, checksRevision } = configuration
    if (!checksRevision && kind !== 'tags of an image') return []
    const one = configurations.find(
      (other) => other.engine === engine && other.workers === 1 && other.checksRevision,
    ) as Configuration
    const ratios = (rates.get(configuration) as number[]).map((rate, i) => rate / (rates.get(one)?.[i] as number))
    const perSecond = median(rates.get(configuration) as number[])
    const processes = checksRevision
      ? `${workers} process${workers === 1 ? '' : 'es'}`
      : '1 process without the revision check'
    return {
      what: `${kind}, ${engine}: ${processes}`,
      size,
      value: median(ratios),
      spread: spreadOf(ratios),
      measured: `${significant(perSecond / 1000)} k/s, ${significant(median(ratios))} of one process`,
    }
  })
}
