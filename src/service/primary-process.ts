import { performance } from 'node:perf_hooks'
import { coalesceSnapshots } from '../catalog/snapshotter.ts'
import type { Config } from '../config/config.ts'
import type { Clock } from '../core/clock.ts'
import type { PasswordCost } from '../iam/password.ts'
import type { OpenLog } from '../log/log.ts'
import { openStore } from '../store/open.ts'
import { openSqlitePrimary } from '../store/sqlite/sqlite-store.ts'
import type { SendWrite } from '../store/sqlite/writer-client.ts'
import { StoreUnavailable } from '../store/store.ts'
import { aggregate, type Metric } from '../telemetry/metric.ts'
import { ProcessMetrics } from '../telemetry/process.ts'
import type { MeasuredService } from './assembly.ts'
import { newSeed } from './assembly.ts'
import { type CreateAccounts, prepareAccounts } from './initial-accounts.ts'
import { prepareSecrets, readSecretRing } from './secrets.ts'
import { storeMetrics } from './server-metrics.ts'
import { snapshotOptions } from './snapshot-client.ts'
import { StoreHealth } from './store-health.ts'
import type { StartMessage, ToPrimary, ToWorker } from './worker-messages.ts'
import { WorkerPool } from './worker-pool.ts'

/** What the primary process does for its workers. */
type WorkerBackend = {
  readonly createAccounts: CreateAccounts
  readonly send: SendWrite
  readonly makeSnapshot: (project: string) => Promise<void>
  /** Gives the metrics of the store in this process. */
  readonly metrics: () => readonly Metric[]
  close(): Promise<void>
}

/**
 * Starts `config.workers` processes that listen on one address. This process serves no requests: it restarts workers that
 * exit, makes their snapshots, and with SQLite executes all writes.
 */
export async function startWorkers(
  config: Config,
  { passwordCost, typeRows }: Pick<StartMessage, 'passwordCost' | 'typeRows'>,
  clock: Clock,
  { log, writeLine, writeSecurityLine, droppedLines }: OpenLog,
): Promise<MeasuredService> {
  const failure = Promise.withResolvers<Error>()
  const backend = await openBackend(config, passwordCost, clock, log, failure.resolve)
  // The initial accounts and the schema are this process's task; workers never see the administrator's secrets.
  const workerConfig: Config = {
    ...config,
    adminPassword: undefined,
    initialAccessKey: undefined,
    store: withoutMigration(config.store),
  }
  const pool = new WorkerPool({
    size: config.workers,
    log,
    // A worker writes nothing else to its standard output.
    writeLine: { stdout: writeSecurityLine, stderr: writeLine },
    stopTimeoutMs: config.stopTimeoutSeconds * 1000,
    startMessage: (number) => ({
      kind: 'start',
      config: workerConfig,
      passwordCost,
      typeRows,
      refreshesSnapshots: number === 0,
    }),
    onRequest: (request, reply) => void handleRequest(backend, request, reply),
  })
  const nowMs = () => performance.now()
  const { version, metricsListen } = config
  const ownMetrics = new ProcessMetrics({
    version,
    clock,
    nowMs,
    droppedLines,
    measuresDelay: metricsListen !== undefined,
  })
  const stop = async () => {
    await pool.stop()
    ownMetrics.close()
    await backend.close()
  }
  try {
    const url = await pool.start()
    const newAdminPassword = await backend.createAccounts()
    let stopped: Promise<void> | undefined
    return {
      url,
      newAdminPassword,
      readMetrics: async () => aggregate([...(await pool.readMetrics()), ownMetrics.read(), backend.metrics()]),
      failed: failure.promise,
      stop: () => {
        stopped ??= stop()
        return stopped
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function handleRequest(
  backend: WorkerBackend,
  request: ToPrimary,
  reply: (message: ToWorker) => void,
): Promise<void> {
  if (request.kind === 'write') {
    const { id } = request.call
    const toReply = (error: unknown) => {
      const failure = error instanceof StoreUnavailable ? error.failure : 'other'
      return { id, error: { message: messageOf(error), failure } }
    }
    reply({ kind: 'written', reply: await backend.send(request.call).catch(toReply) })
  } else if (request.kind === 'make-snapshot') {
    const { project } = request
    const error = await backend.makeSnapshot(project).then(() => undefined, messageOf)
    reply({ kind: 'snapshot-made', project, error })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function withoutMigration(store: Config['store']): Config['store'] {
  return store.engine === 'postgres' ? { ...store, migrates: false } : store
}

/** Opens the store and prepares the initial accounts. With SQLite it keeps the connection that writes. */
async function openBackend(
  config: Config,
  passwordCost: PasswordCost,
  clock: Clock,
  log: OpenLog['log'],
  onFailure: (error: Error) => void,
): Promise<WorkerBackend> {
  const { store: location } = config
  const secrets = readSecretRing(config)
  const events = new StoreHealth(log, () => performance.now()).events(onFailure)
  const { store, send } =
    location.engine === 'sqlite'
      ? await openSqlitePrimary(location.folder, onFailure, { ...location, ...events })
      : { store: await openStore(location, events), send: unsupported }
  const stopping = new AbortController()
  const close = async () => {
    stopping.abort()
    await store.close()
  }
  try {
    await prepareSecrets(store, secrets, log, clock)
    const create = await prepareAccounts(store, config, passwordCost, secrets, log, clock)
    const createAccounts = async () => {
      const newAdminPassword = await create()
      // With PostgreSQL each worker opens its own connections; these were only needed for the accounts.
      if (location.engine === 'postgres') await store.close()
      return newAdminPassword
    }
    const make = coalesceSnapshots(snapshotOptions(config, clock, newSeed(), stopping.signal).makeSnapshot)
    // With PostgreSQL this process has no connections after its start.
    const metrics = () => (location.engine === 'sqlite' ? storeMetrics(store) : [])
    return { createAccounts, send, makeSnapshot: make ?? unsupported, metrics, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The handler for calls that workers never send to this process with this store engine. */
const unsupported = () => Promise.reject(new Error('a worker sent a call that this process does not support'))
