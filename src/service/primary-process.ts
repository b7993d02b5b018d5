import type { Logger } from 'pino'
import { coalesceSnapshots } from '../catalog/snapshotter.ts'
import type { Config } from '../config/config.ts'
import type { Clock } from '../core/clock.ts'
import { createInitialAccounts } from '../iam/initial-accounts.ts'
import type { PasswordCost } from '../iam/password.ts'
import { openStore } from '../store/open.ts'
import { openSqlitePrimary } from '../store/sqlite/sqlite-store.ts'
import type { SendWrite } from '../store/sqlite/writer-client.ts'
import type { Service } from './assembly.ts'
import { newSeed, storeEvents } from './assembly.ts'
import { snapshotsFor } from './snapshot-client.ts'
import type { ToPrimary, ToWorker } from './worker-messages.ts'
import { WorkerPool } from './worker-pool.ts'

/** What workers need of the process that started them, and have no part of themselves. */
type Host = {
  readonly newAdminPassword: string | undefined
  readonly send: SendWrite
  readonly makeSnapshot: (project: string) => Promise<void>
  close(): Promise<void>
}

/**
 * Runs as many processes as the settings say, which answer on one address. This one answers nothing: it fills the places
 * of those that end, and on SQLite it is the one that writes.
 */
export async function startWorkers(
  config: Config,
  passwordCost: PasswordCost,
  clock: Clock,
  log: Logger,
): Promise<Service> {
  const failure = Promise.withResolvers<Error>()
  const host = await openHost(config, passwordCost, clock, storeEvents(log, failure.resolve))
  // What only this process needs to know stays here.
  const told: Config = { ...config, adminPassword: undefined, store: withoutMigrating(config.store) }
  const pool = new WorkerPool({
    size: config.workers,
    log,
    stopTimeoutMs: config.stopTimeoutSeconds * 1000,
    firstWords: (place) => ({ kind: 'start', config: told, passwordCost, keepsSnapshots: place === 0 }),
    onQuestion: (question, reply) => void answerQuestion(host, question, reply),
  })
  try {
    const url = await pool.start()
    let stopped: Promise<void> | undefined
    const stop = async () => {
      await pool.stop()
      await host.close()
    }
    return {
      url,
      newAdminPassword: host.newAdminPassword,
      failed: failure.promise,
      stop: () => {
        stopped ??= stop()
        return stopped
      },
    }
  } catch (error) {
    await host.close()
    throw error
  }
}

async function answerQuestion(host: Host, question: ToPrimary, reply: (message: ToWorker) => void): Promise<void> {
  if (question.kind === 'write') {
    const { id } = question.call
    const refused = (error: unknown) => ({
      id,
      error: { message: error instanceof Error ? error.message : `${error}` },
    })
    reply({ kind: 'written', reply: await host.send(question.call).catch(refused) })
  } else if (question.kind === 'make-snapshot') {
    const { project } = question
    const error = await host.makeSnapshot(project).then(
      () => undefined,
      (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
    )
    reply({ kind: 'snapshot-made', project, error })
  }
}

function withoutMigrating(store: Config['store']): Config['store'] {
  return store.engine === 'postgres' ? { ...store, migrates: false } : store
}

/** Opens the store as far as workers share it, and creates the initial accounts. */
async function openHost(
  config: Config,
  passwordCost: PasswordCost,
  clock: Clock,
  events: ReturnType<typeof storeEvents>,
): Promise<Host> {
  const { store: place } = config
  const { store, send } =
    place.engine === 'sqlite'
      ? await openSqlitePrimary(place.folder, events.onFailure)
      : { store: await openStore(place, events), send: unsupported }
  const stopping = new AbortController()
  const close = async () => {
    stopping.abort()
    await store.close()
  }
  try {
    const newAdminPassword = await createInitialAccounts(store, config.adminPassword, passwordCost)
    // Over PostgreSQL each worker has connections of its own: these were for the accounts.
    if (place.engine === 'postgres') await store.close()
    const make = coalesceSnapshots(snapshotsFor(config, clock, newSeed(), stopping.signal).makeSnapshot)
    return { newAdminPassword, send, makeSnapshot: make ?? unsupported, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The handler for calls that workers never send to this process with this store engine. */
const unsupported = () => Promise.reject(new Error('a worker sent a call that this process does not support'))
