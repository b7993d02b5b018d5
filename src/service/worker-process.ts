import type { LoaderOptions } from '../catalog/index-loader.ts'
import type { Clock } from '../core/clock.ts'
import { openStore } from '../store/open.ts'
import { snapshotFiles } from '../store/snapshots/snapshot-files.ts'
import { openSqliteWorker } from '../store/sqlite/sqlite-store.ts'
import type { WriteCall, WriteReply } from '../store/sqlite/writer-messages.ts'
import { type Store, StoreUnavailable } from '../store/store.ts'
import { type Answering, openLog, startAnswering, storeEvents } from './assembly.ts'
import { type ToPrimary, type ToWorker, toSentError } from './worker-messages.ts'

type Start = Extract<ToWorker, { readonly kind: 'start' }>

/** Runs this process as a worker of the one that started it, until that one says stop or SIGTERM comes. */
export function runWorker(clock: Clock, random: () => number): void {
  const link = new Link()
  let answering: Promise<Answering> | undefined
  const stop = async () => {
    await (await answering)?.stop()
    process.exit()
  }
  // Ctrl-C on a terminal reaches every process of the service: the one that started this one decides what comes of it.
  process.on('SIGINT', () => undefined)
  process.once('SIGTERM', () => void stop())
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') void stop()
    else if (message.kind === 'start') answering = start(message, link, clock, random)
    else link.hear(message)
  })
  link.tell({ kind: 'here' })
}

async function start(
  { config, passwordCost, keepsSnapshots }: Start,
  link: Link,
  clock: Clock,
  random: () => number,
): Promise<Answering> {
  const log = openLog(config.logLevel)
  let store: Store | undefined
  try {
    const { store: place } = config
    // The writer is in the process that started this one: when it is gone, so is that process.
    store =
      place.engine === 'sqlite'
        ? openSqliteWorker(place.folder, (call) => link.write(call))
        : await openStore(
            place,
            storeEvents(log, () => undefined),
          )
    const answering = await startAnswering(config, {
      store,
      log,
      clock,
      random,
      passwordCost,
      keepsSnapshots,
      snapshots: (_seed, signal) =>
        config.snapshotFolder === undefined ? {} : link.snapshots(config.snapshotFolder, clock, signal),
      storeFailure: () => undefined,
    })
    link.tell({ kind: 'answering', url: answering.url })
    return answering
  } catch (error) {
    await store?.close()
    await link.tellWhole({ kind: 'cannot-start', error: toSentError(error) })
    return process.exit(1)
  }
}

type Waiting<T> = { readonly resolve: (value: T) => void; readonly reject: (error: Error) => void }

/** What this process asks the one that started it. */
class Link {
  readonly #writes = new Map<number, Waiting<WriteReply>>()
  readonly #snapshots = new Map<string, Waiting<void>>()

  tell(message: ToPrimary, onFailure: (error: Error) => void = () => undefined): void {
    process.send?.(message, undefined, {}, (error) => {
      if (error !== null) onFailure(error)
    })
  }

  /** Waits until the message is on its way, or cannot be. */
  tellWhole(message: ToPrimary): Promise<void> {
    return new Promise((resolve) => process.send?.(message, undefined, {}, () => resolve()))
  }

  hear(message: ToWorker): void {
    if (message.kind === 'written') {
      const { reply } = message
      this.#writes.get(reply.id)?.resolve(reply)
      this.#writes.delete(reply.id)
    } else if (message.kind === 'snapshot-made') {
      const { project, error } = message
      const waiting = this.#snapshots.get(project)
      if (error === undefined) waiting?.resolve()
      else waiting?.reject(new Error(error))
      this.#snapshots.delete(project)
    }
  }

  /** See `SendWrite`. */
  write(call: WriteCall): Promise<WriteReply> {
    return new Promise((resolve, reject) => {
      this.#writes.set(call.id, { resolve, reject })
      this.tell({ kind: 'write', call }, (error) => reject(new StoreUnavailable(error.message)))
    })
  }

  /** Where snapshots are, with the process that started this one as their maker. */
  snapshots(folder: string, clock: Clock, signal: AbortSignal): Pick<LoaderOptions, 'snapshots' | 'makeSnapshot'> {
    const calledOff = () => new Error('it was called off')
    signal.addEventListener('abort', () => {
      for (const { reject } of this.#snapshots.values()) reject(calledOff())
    })
    return {
      snapshots: snapshotFiles(folder, clock),
      makeSnapshot: (project) =>
        new Promise((resolve, reject) => {
          if (signal.aborted) return void reject(calledOff())
          this.#snapshots.set(project, { resolve, reject })
          this.tell({ kind: 'make-snapshot', project }, reject)
        }),
    }
  }
}
