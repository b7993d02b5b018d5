import { randomInt, randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { type Logger, pino } from 'pino'
import { FaultInjector } from '../api/fault-injector.ts'
import { iamV3 } from '../api/iam-v3/index.ts'
import { imsV2 } from '../api/ims-v2/index.ts'
import { tagwerkV1 } from '../api/tagwerk-v1/index.ts'
import { taurusdbV3 } from '../api/taurusdb-v3/index.ts'
import { tmsV1 } from '../api/tms-v1/index.ts'
import { Catalog } from '../catalog/catalog.ts'
import type { LoaderOptions } from '../catalog/index-loader.ts'
import type { Config } from '../config/config.ts'
import type { Clock } from '../core/clock.ts'
import { profileOf } from '../core/profile.ts'
import { buildServer } from '../http/server.ts'
import { Accounts } from '../iam/accounts.ts'
import { newId } from '../iam/new-id.ts'
import type { PasswordCost } from '../iam/password.ts'
import { SignatureGate } from '../iam/signature-gate.ts'
import type { StoreEvents } from '../store/open.ts'
import type { Store } from '../store/store.ts'

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

/** What the part of the service that answers stands on. */
export type Foundations = {
  /** With accounts in it. It is closed with the service. */
  readonly store: Store
  readonly log: Logger
  readonly clock: Clock
  /** Numbers from 0 to below 1. */
  readonly random: () => number
  readonly passwordCost: PasswordCost
  /** Where indexes keep their snapshots, and who makes them until the signal calls it off. */
  readonly snapshots: (seed: number, signal: AbortSignal) => Pick<LoaderOptions, 'snapshots' | 'makeSnapshot'>
  /** False: another process sees to it that there are fresh snapshots. */
  readonly keepsSnapshots: boolean
  /** Why the store can do no more work; undefined while it can. */
  readonly storeFailure: () => Error | undefined
}

/** The part of a service that answers. */
export type Answering = {
  /** Where it answers, such as `http://127.0.0.1:8780`. */
  readonly url: string
  /** Finishes what is in flight, turns the rest away, and lets go of everything. A second call does nothing. */
  stop(): Promise<void>
}

/** Log lines that may wait to be written; more are dropped. */
const LOG_BYTES_WAITING_MAX = 4 * 2 ** 20
/** Numbers that hash functions begin with lie below this. */
const SEED_MAX = 2 ** 31
const BYTES_PER_MIB = 2 ** 20

/** Opens the log on standard error. A log that cannot be written, as on a full disk, is never the service's trouble. */
export function openLog(level: string): Logger {
  const lines = pino.destination({ fd: 2, sync: true, maxLength: LOG_BYTES_WAITING_MAX })
  lines.on('error', () => undefined)
  return pino({ level }, lines)
}

/** What is told about a store while it is open. `onFailure` is for whoever runs the service. */
export function storeEvents(log: Logger, onFailure: (error: Error) => void): StoreEvents {
  return {
    onFailure,
    onUnreachable: (reason) => log.error({ reason }, 'the database is away: requests are turned away until it is back'),
    onReachable: () => log.warn('the database is back'),
  }
}

/** Builds catalogue, accounts and server on a store, in this order, and starts to answer. */
export async function startAnswering(config: Config, foundations: Foundations): Promise<Answering> {
  const { store, log, clock, passwordCost } = foundations
  const stopping = new AbortController()
  const accounts = await Accounts.open({ store, clock, tokenTtlSeconds: config.tokenTtlSeconds, passwordCost })
  const catalog = openCatalog(config, foundations, stopping.signal)
  // Nobody waits for it: who asks meanwhile shares what is under way.
  void catalog.warmUp(config.indexMemoryMib * BYTES_PER_MIB)
  const { app, refuseNewRequests } = await buildServer(serverOptions(config, foundations, catalog, accounts))
  const sockets = new Set<Socket>()
  app.server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const url = await app.listen({ host: config.listenHost, port: config.listenPort })
  log.info({ url }, 'answering')
  const sweep = setInterval(() => {
    if (foundations.keepsSnapshots) void catalog.makeDueSnapshots()
  }, config.snapshotIntervalSeconds * 1000)
  sweep.unref()
  let stopped: Promise<void> | undefined
  const stop = async () => {
    refuseNewRequests()
    log.info('stopping: finishing what is in flight')
    await closeInTime(app, sockets, config.stopTimeoutSeconds * 1000)
    clearInterval(sweep)
    stopping.abort()
    if (foundations.keepsSnapshots) await catalog.saveSnapshots()
    await store.close()
    log.info('stopped')
  }
  return {
    url,
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

/** Makes a seed for the hash functions of an index, which nobody outside can know. */
export function newSeed(): number {
  return randomInt(SEED_MAX)
}

function openCatalog(config: Config, { store, clock, log, snapshots }: Foundations, signal: AbortSignal): Catalog {
  const seed = newSeed()
  return new Catalog({
    store,
    clock,
    writeQueueMax: config.writeQueueMax,
    onError: (error) => log.error({ err: error }, 'a commit failed, or an index could not take one in'),
    indexBytesMax: config.indexMemoryMib * BYTES_PER_MIB,
    indexes: {
      ...snapshots(seed, signal),
      seed,
      onSnapshotError: (project, error) => {
        if (signal.aborted) return
        log.warn({ err: error, project }, 'a snapshot of an index was discarded, or could not be made')
      },
    },
  })
}

function serverOptions(
  config: Config,
  { store, log, clock, random, storeFailure }: Foundations,
  catalog: Catalog,
  accounts: Accounts,
): Parameters<typeof buildServer>[0] {
  const profile = profileOf(config.profile)
  const faults = new FaultInjector(config.faults, random)
  const settings = { region: config.region }
  return {
    families: [
      imsV2({ catalog, profile, members: store, clock, newId: randomUUID }),
      taurusdbV3({ catalog, profile, newId, region: config.region }),
      iamV3(accounts, settings),
      tmsV1({ catalog, accounts, profile, predefinedTags: store, clock, settings }),
      tagwerkV1({ catalog, accounts, profile, faults }),
    ],
    accounts,
    faults,
    log,
    version: config.version,
    region: config.region,
    signatures: new SignatureGate(clock, config.looseSignatures),
    trustedProxies: config.trustedProxies,
    publicUrl: config.publicUrl,
    revisionOf: (project) => catalog.revision(project),
    bodyBytesMax: config.bodyBytesMax,
    urlBytesMax: config.urlBytesMax,
    headerBytesMax: config.headerBytesMax,
    connectionsMax: config.connectionsMax,
    requestTimeoutMs: config.requestTimeoutSeconds * 1000,
    handlerTimeoutMs: config.handlerTimeoutSeconds * 1000,
    streamTimeoutMs: config.streamTimeoutSeconds * 1000,
    whyNotReady: async () =>
      storeFailure()?.message ??
      (await store.getAccountsRevision().then(
        () => undefined,
        (error) => String(error),
      )),
  }
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
