import { randomInt, randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { pino } from 'pino'
import { Faults } from '../api/faults.ts'
import { iamV3 } from '../api/iam-v3/index.ts'
import { imsV2 } from '../api/ims-v2/index.ts'
import { tagwerkV1 } from '../api/tagwerk-v1/index.ts'
import { taurusdbV3 } from '../api/taurusdb-v3/index.ts'
import { tmsV1 } from '../api/tms-v1/index.ts'
import { Catalog } from '../catalog/catalog.ts'
import type { Config } from '../config.ts'
import { profileOf } from '../core/profile.ts'
import { Accounts, foundAccounts } from '../iam/accounts.ts'
import { DEFAULT_PASSWORD_COST, type PasswordCost } from '../iam/password.ts'
import { newId } from '../iam/records.ts'
import { openStore } from '../store/open.ts'
import { buildServer } from './server.ts'
import { SignatureGate } from './signature-gate.ts'
import { snapshotsFor } from './snapshot-worker.ts'

/** A service that answers. */
export type Service = {
  /** Where it answers, such as `http://127.0.0.1:8780`. */
  readonly url: string
  /** The administrator's password, when this start had to make one up: shown once, kept nowhere. */
  readonly newAdminPassword: string | undefined
  /** Resolves with the reason when the service can no longer do its work. */
  readonly failed: Promise<Error>
  /** Finishes what is in flight, turns the rest away, and lets go of everything. A second call does nothing. */
  stop(): Promise<void>
}

/** Log lines that may wait to be written; more are dropped. */
const LOG_BYTES_WAITING_MAX = 4 * 2 ** 20

/** Numbers that hash functions begin with lie below this. */
const SEED_MAX = 2 ** 31

const BYTES_PER_MIB = 2 ** 20

/** What tests set and operators have no need of. */
export type Internals = {
  readonly passwordCost?: PasswordCost
  readonly clock?: () => number
  readonly random?: () => number
}

/** Builds store, catalogue, accounts and server, in this order, and starts to answer. */
export async function startService(config: Config, internals: Internals = {}): Promise<Service> {
  const clock = internals.clock ?? Date.now
  const passwordCost = internals.passwordCost ?? DEFAULT_PASSWORD_COST
  const log = pino({ level: config.logLevel }, openLog())
  const failure = Promise.withResolvers<Error>()
  const seed = randomInt(SEED_MAX)
  const stopping = new AbortController()
  let storeFailure: Error | undefined
  const store = await openStore(config.store, {
    onFailure: (error) => {
      storeFailure = error
      failure.resolve(error)
    },
    onAway: (reason) => log.error({ reason }, 'the database is away: requests are turned away until it is back'),
    onBack: () => log.warn('the database is back'),
  })
  try {
    const newAdminPassword = await foundAccounts(store, config.adminPassword, passwordCost)
    const accounts = await Accounts.open({ store, clock, tokenTtlSeconds: config.tokenTtlSeconds, passwordCost })
    const catalog = new Catalog({
      ...{ store, clock, writeQueueMax: config.writeQueueMax },
      onError: (error) => log.error({ err: error }, 'a commit failed, or an index could not take one in'),
      indexBytesMax: config.indexMemoryMib * BYTES_PER_MIB,
      indexes: {
        ...snapshotsFor(config.store, clock, seed, stopping.signal),
        seed,
        onSnapshotTrouble: (project, error) => {
          if (stopping.signal.aborted) return
          log.warn({ err: error, project }, 'a snapshot of an index was discarded, or could not be made')
        },
      },
    })
    // Nobody waits for it: who asks meanwhile shares what is under way.
    void catalog.warmUp(config.indexMemoryMib * 2 ** 20)
    const sweep = setInterval(() => void catalog.makeDueSnapshots(), config.snapshotIntervalSeconds * 1000)
    sweep.unref()
    const profile = profileOf(config.profile)
    const faults = new Faults(config.faults, internals.random ?? Math.random)
    const settings = { region: config.region }
    const { app, refuseNewRequests } = await buildServer({
      families: [
        imsV2({ catalog, profile, members: store, clock, newId: randomUUID }),
        taurusdbV3({ catalog, profile, newId, region: config.region }),
        iamV3(accounts, settings),
        tmsV1({ catalog, accounts, profile, predefinedTags: store, clock, settings }),
        tagwerkV1({ catalog, accounts, profile, faults }),
      ],
      ...{
        accounts,
        faults,
        signatures: new SignatureGate(clock, config.looseSignatures),
        log,
        version: config.version,
        region: config.region,
        trustedProxies: config.trustedProxies,
        publicUrl: config.publicUrl,
      },
      revisionOf: (project) => catalog.revision(project),
      bodyBytesMax: config.bodyBytesMax,
      urlBytesMax: config.urlBytesMax,
      headerBytesMax: config.headerBytesMax,
      connectionsMax: config.connectionsMax,
      requestTimeoutMs: config.requestTimeoutSeconds * 1000,
      handlerTimeoutMs: config.handlerTimeoutSeconds * 1000,
      streamTimeoutMs: config.streamTimeoutSeconds * 1000,
      whyNotReady: async () =>
        storeFailure?.message ??
        (await store.getAccountsRevision().then(
          () => undefined,
          (error) => String(error),
        )),
    })
    const sockets = new Set<Socket>()
    app.server.on('connection', (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })
    const url = await app.listen({ host: config.listenHost, port: config.listenPort })
    log.info({ url }, 'answering')
    let stopped: Promise<void> | undefined
    const stop = async () => {
      refuseNewRequests()
      log.info('stopping: finishing what is in flight')
      await closeInTime(app, sockets, config.stopTimeoutSeconds * 1000)
      clearInterval(sweep)
      stopping.abort()
      await catalog.saveSnapshots()
      await store.close()
      log.info('stopped')
    }
    return {
      ...{ url, newAdminPassword, failed: failure.promise },
      stop: () => {
        stopped ??= stop()
        return stopped
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Opens the log on standard error. A log that cannot be written, as on a full disk, is never the service's trouble. */
function openLog(): ReturnType<typeof pino.destination> {
  const lines = pino.destination({ fd: 2, sync: true, maxLength: LOG_BYTES_WAITING_MAX })
  lines.on('error', () => undefined)
  return lines
}

type Closable = {
  close(): PromiseLike<unknown>
  readonly server: { closeIdleConnections(): void; closeAllConnections(): void }
}

/** Closes the server when its requests are done, or cuts them off when time is up. */
async function closeInTime(app: Closable, sockets: ReadonlySet<Socket>, timeoutMs: number): Promise<void> {
  // Node counts a connection that never asked anything among the busy ones.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  const cutOff = setTimeout(() => app.server.closeAllConnections(), timeoutMs)
  await app.close()
  clearTimeout(cutOff)
}
