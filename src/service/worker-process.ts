import type { LoaderOptions } from '../catalog/index-loader.ts'
import type { Clock, MonotonicClock } from '../core/clock.ts'
import { ResourceTypes } from '../core/resource-types.ts'
import { openLog } from '../log/log.ts'
import { openStore } from '../store/open.ts'
import { snapshotFiles } from '../store/snapshots/snapshot-files.ts'
import { openSqliteWorker } from '../store/sqlite/sqlite-store.ts'
import type { WriteCall, WriteReply } from '../store/sqlite/writer-messages.ts'
import { type Store, StoreUnavailable } from '../store/store.ts'
import { type RunningServer, startServer } from './assembly.ts'
import { readSecretRing } from './secrets.ts'
import { StoreHealth } from './store-health.ts'
import { type StartMessage, serializeError, type ToPrimary, type ToWorker } from './worker-messages.ts'

/** Runs this process as a worker of the primary process, until that sends `stop` or SIGTERM arrives. */
export function runWorker(clock: Clock, monotonicClock: MonotonicClock, random: () => number): void {
  const primary = new PrimaryClient()
  let server: Promise<RunningServer> | undefined
  const stop = async () => {
    await (await server)?.stop()
    process.exit()
  }
  const sendMetrics = async () => {
    const metrics = (await server)?.metrics()
    if (metrics !== undefined) primary.send({ kind: 'metrics', metrics })
  }
  // A terminal sends Ctrl-C to every process of its group; the primary process then sends `stop`.
  process.on('SIGINT', () => undefined)
  process.once('SIGTERM', () => void stop())
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') void stop()
    else if (message.kind === 'read-metrics') void sendMetrics()
    else if (message.kind === 'start') server = start(message, primary, clock, monotonicClock, random)
    else primary.onReply(message)
  })
  primary.send({ kind: 'ready' })
}

async function start(
  { config, passwordCost, typeRows, refreshesSnapshots }: StartMessage,
  primary: PrimaryClient,
  clock: Clock,
  monotonicClock: MonotonicClock,
  random: () => number,
): Promise<RunningServer> {
  const { log, report, droppedLines, close: closeLog } = openLog(config)
  let store: Store | undefined
  try {
    const { store: location } = config
    // Only the SQLite writer can fail for good, and it runs in the primary process.
    const ignoreFailure = () => undefined
    const health = new StoreHealth(log, monotonicClock)
    store = health.watch(
      location.engine === 'sqlite'
        ? openSqliteWorker(location.folder, (call) => primary.write(call))
        : await openStore(location, health.events(ignoreFailure)),
    )
    const server = await startServer(config, {
      store,
      health,
      log,
      report,
      clock,
      monotonicClock,
      random,
      passwordCost,
      types: ResourceTypes.builtIn.with(typeRows),
      droppedLines,
      secrets: readSecretRing(config),
      refreshesSnapshots,
      snapshots: (_seed, signal) =>
        config.snapshotFolder === undefined ? {} : primary.snapshotOptions(config.snapshotFolder, clock, signal),
    })
    primary.send({ kind: 'listening', url: server.url })
    return { ...server, stop: () => server.stop().finally(closeLog) }
  } catch (error) {
    await store?.close()
    await closeLog()
    await primary.sendAndFlush({ kind: 'start-failed', error: serializeError(error) })
    return process.exit(1)
  }
}

type PendingCall<T> = { readonly resolve: (value: T) => void; readonly reject: (error: Error) => void }

/** Client of the primary process: sends requests and settles them by its replies. */
class PrimaryClient {
  readonly #writes = new Map<number, PendingCall<WriteReply>>()
  readonly #snapshots = new Map<string, PendingCall<void>>()

  send(message: ToPrimary, onFailure: (error: Error) => void = () => undefined): void {
    process.send?.(message, undefined, {}, (error) => {
      if (error !== null) onFailure(error)
    })
  }

  /** Resolves when the message is written to the channel or writing has failed. */
  sendAndFlush(message: ToPrimary): Promise<void> {
    return new Promise((resolve) => process.send?.(message, undefined, {}, () => resolve()))
  }

  onReply(message: ToWorker): void {
    if (message.kind === 'written') {
      const { reply } = message
      this.#writes.get(reply.id)?.resolve(reply)
      this.#writes.delete(reply.id)
    } else if (message.kind === 'snapshot-made') {
      const { project, error } = message
      const pending = this.#snapshots.get(project)
      if (error === undefined) pending?.resolve()
      else pending?.reject(new Error(error))
      this.#snapshots.delete(project)
    }
  }

  /** See `SendWrite`. */
  write(call: WriteCall): Promise<WriteReply> {
    return new Promise((resolve, reject) => {
      this.#writes.set(call.id, { resolve, reject })
      this.send({ kind: 'write', call }, (error) => reject(new StoreUnavailable(error.message)))
    })
  }

  /** Snapshots are read from the folder here and made by the primary process. */
  snapshotOptions(
    folder: string,
    clock: Clock,
    signal: AbortSignal,
  ): Pick<LoaderOptions, 'snapshots' | 'makeSnapshot'> {
    const aborted = () => new Error('the snapshot was aborted because the service stops')
    signal.addEventListener('abort', () => {
      for (const { reject } of this.#snapshots.values()) reject(aborted())
    })
    return {
      snapshots: snapshotFiles(folder, clock),
      makeSnapshot: (project) =>
        new Promise((resolve, reject) => {
          if (signal.aborted) return void reject(aborted())
          this.#snapshots.set(project, { resolve, reject })
          this.send({ kind: 'make-snapshot', project }, reject)
        }),
    }
  }
}
