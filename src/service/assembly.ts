import { randomInt, randomUUID } from 'node:crypto'
import type { Server as HttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { FaultInjector } from '../api/fault-injector.ts'
import { iamV3 } from '../api/iam-v3/index.ts'
import { readImportedImage } from '../api/ims-v2/imported-detail.ts'
import { imsV2 } from '../api/ims-v2/index.ts'
import type { Family } from '../api/route.ts'
import { endpointsOf } from '../api/tag-services/endpoints.ts'
import { TAG_SERVICE_ROWS, tagServices } from '../api/tag-services/index.ts'
import { tagwerkV1 } from '../api/tagwerk-v1/index.ts'
import { policySpellings, predefinedSpellings } from '../api/tagwerk-v1/preferred-spellings.ts'
import type { WorkLimitsByKind } from '../api/tagwerk-v1/work-limit.ts'
import { readImportedInstance } from '../api/taurusdb-v3/imported-detail.ts'
import { taurusdbV3 } from '../api/taurusdb-v3/index.ts'
import { tmsV1 } from '../api/tms-v1/index.ts'
import { Catalog } from '../catalog/catalog.ts'
import { Compliance } from '../catalog/compliance.ts'
import { Coverage } from '../catalog/coverage.ts'
import type { LoaderOptions } from '../catalog/index-loader.ts'
import { Plans } from '../catalog/plans.ts'
import { TURNS } from '../catalog/turns.ts'
import { validityRulesOf } from '../catalog/validity-rules.ts'
import type { Config } from '../config/config.ts'
import type { Clock, MonotonicClock } from '../core/clock.ts'
import { type Profile, profileOf } from '../core/profile.ts'
import { IMAGES, INSTANCES, type ResourceTypes } from '../core/resource-types.ts'
import { Admission } from '../http/admission.ts'
import { buildServer } from '../http/server.ts'
import { expiryWarning, readTls, reloadTls } from '../http/tls.ts'
import { Accounts } from '../iam/accounts.ts'
import { newId } from '../iam/new-id.ts'
import type { PasswordCost } from '../iam/password.ts'
import { ProjectLimitReader } from '../iam/project-limits.ts'
import { RequestRate } from '../iam/request-rate.ts'
import type { SecretRing } from '../iam/secret-ring.ts'
import type { ReportEvent } from '../iam/security-event.ts'
import { SignatureGate } from '../iam/signature-gate.ts'
import type { Baseline } from '../store/sqlite/baseline.ts'
import { type Store, StoreUnavailable } from '../store/store.ts'
import type { Metric } from '../telemetry/metric.ts'
import { closeServer } from './close-server.ts'
import { DailyCoverage } from './daily-coverage.ts'
import { connectionsWithinLimit } from './file-limit.ts'
import { HistoryRetention } from './history-retention.ts'
import { startPeriodicWork } from './periodic-work.ts'
import { resetter } from './reset.ts'
import { ServerMetrics } from './server-metrics.ts'
import type { StoreHealth } from './store-health.ts'
import { yieldToMainThread } from './thread-priority.ts'
import { defaultLimitsOf, watchLogSize, workLimitsOf } from './work-limits.ts'

/** An HTTP server that listens, with its catalog and accounts. */
export type RunningServer = {
  /** Such as `http://127.0.0.1:8780`. */
  readonly url: string
  /** Gives the metrics of this process. */
  metrics(): readonly Metric[]
  /**
   * Finishes requests in flight, answers new ones with 503, and closes all resources. Idempotent: every call returns the
   * same promise.
   */
  stop(): Promise<void>
}

/** A running service, in one process or several. */
export type Service = Pick<RunningServer, 'url' | 'stop'> & {
  /** Where metrics are read; undefined without `--metrics-listen`. */
  readonly metricsUrl: string | undefined
  /** The administrator's password if this start generated one. It is stored only as a hash. */
  readonly newAdminPassword: string | undefined
  /** Resolves with the error after which the service cannot continue. */
  readonly failed: Promise<Error>
}

/** A running service whose metrics are not listened for yet. `readMetrics` gives those of all its processes. */
export type MeasuredService = Omit<Service, 'metricsUrl'> & { readonly readMetrics: () => Promise<readonly Metric[]> }

/** What a server is constructed from. */
export type ServerDependencies = {
  /** Without the initial accounts, the server answers 503 until they are created. The server closes it. */
  readonly store: Store
  /** Watches that store. */
  readonly health: StoreHealth
  readonly log: Logger
  /** Writes an event to the security log. */
  readonly report: ReportEvent
  readonly clock: Clock
  readonly monotonicClock: MonotonicClock
  /** A random number in [0, 1). */
  readonly random: () => number
  readonly passwordCost: PasswordCost
  /** The resource types that have names and rules of their own. */
  readonly types: ResourceTypes
  /** Gives how many lines of the log were dropped. */
  readonly droppedLines: () => number
  /** Decrypts the secrets in the store. */
  readonly secrets: SecretRing
  /** Files of index snapshots, and the function that makes one until the signal aborts it. */
  readonly snapshots: (seed: number, signal: AbortSignal) => Pick<LoaderOptions, 'snapshots' | 'makeSnapshot'>
  /** Whether this process checks for due snapshots. One process of a service does. */
  readonly refreshesSnapshots: boolean
  /** The state that a reset goes back to; undefined if resets are not allowed. */
  readonly baseline?: Baseline | undefined
  /** Runs before the server listens. */
  readonly prepare?: (parts: Pick<Parts, 'accounts'> & { readonly families: readonly Family[] }) => Promise<void>
}

/** Exclusive upper bound of hash seeds. */
const SEED_MAX = 2 ** 31
const BYTES_PER_MIB = 2 ** 20
/** How long a stop waits for handlers whose clients are gone. */
const HANDLERS_END_MS = 5000
/** Damaged rows that are logged by one process. */
const DAMAGED_ROWS_LOGGED_MAX = 1000

/** Constructs accounts, catalog and HTTP server on a store, and listens. */
export async function startServer(config: Config, dependencies: ServerDependencies): Promise<RunningServer> {
  const { store, health, log, report, clock, monotonicClock, passwordCost, secrets, refreshesSnapshots } = dependencies
  yieldToMainThread()
  TURNS.shares = { all: config.projectBusyPercentMax / 100, bulk: config.projectBulkPercentMax / 100 }
  // Before anything is opened, because the files may be missing or wrong.
  const tls = config.tls && readTls(config.tls)
  const stopping = new AbortController()
  const { tokenTtlSeconds } = config
  const domainLimits = { projectsMax: config.domainProjectsMax, usersMax: config.domainUsersMax }
  const proofs = { tokenTtlSeconds, passwordCost, secrets }
  const accounts = await Accounts.open({ store, clock, monotonicClock, ...proofs, report, domainLimits })
  const metrics = new ServerMetrics(config, dependencies)
  const limits = new ProjectLimitReader(store, defaultLimitsOf(config), monotonicClock)
  const profile = profileOf(config.profile, dependencies.types)
  const catalog = openCatalog(config, profile, dependencies, metrics, limits, stopping.signal)
  // Not awaited: a request that needs an index joins its load in progress.
  void catalog.indexes.warmUp(config.indexMemoryMib * BYTES_PER_MIB)
  const work = workLimitsOf(config, limits)
  const coverage = new Coverage({
    store,
    moments: catalog.moments,
    rulesOf: async (project) => validityRulesOf(await store.getEffectivePolicy(project)),
  })
  const admission = new Admission(TURNS, async (project) => (await limits.of(project)).requestsInFlightMax)
  const parts = { catalog, coverage, accounts, profile, limits, work, admission }
  const options = { ...serverOptions(config, dependencies, parts), metrics: metrics.requests, tls }
  const { app, refuseNewRequests } = await buildServer(options)
  await dependencies.prepare?.({ accounts, families: options.families })
  const sockets = new Set<Socket>()
  app.server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  app.server.on('drop', () => metrics.connectionDropped())
  const url = await app.listen({ host: config.listenHost, port: config.listenPort })
  log.info({ url }, 'listening')
  const endTls = config.tls && reloadTls(app.server as unknown as HttpsServer, config.tls, log)
  const warning = tls && expiryWarning(tls.expiresAtMs, clock())
  if (warning !== undefined) log.warn(warning)
  const endPeriodicWork = refreshesSnapshots
    ? startPeriodicWork({ config, indexes: catalog.indexes, store, clock, log })
    : undefined
  const daysOf = async (project: string) => (await limits.of(project)).historyDays
  const retention = new HistoryRetention({ store, daysOf, clock, log })
  if (refreshesSnapshots) retention.start()
  const daily = new DailyCoverage({ store, coverage, clock, holder: randomUUID(), log })
  if (refreshesSnapshots) daily.start()
  const endLogWatch = watchLogSize(config, work.exports)
  let stopped: Promise<void> | undefined
  const stop = async () => {
    refuseNewRequests()
    log.info('stopping, waiting for requests in flight')
    await closeServer(app, sockets, config.stopTimeoutSeconds * 1000)
    // Handlers whose clients are gone end without the pauses of their share, and before the store is closed.
    TURNS.shares = { all: 1, bulk: 1 }
    await Promise.race([admission.idle(), sleep(HANDLERS_END_MS, undefined, { ref: false })])
    endPeriodicWork?.()
    retention.end()
    daily.end()
    endLogWatch()
    metrics.close()
    endTls?.()
    stopping.abort()
    if (refreshesSnapshots) await catalog.indexes.saveSnapshots()
    health.close()
    await store.close()
    log.info('stopped')
  }
  return {
    url,
    metrics: () => metrics.read({ catalog, store, retention, daily, connections: sockets.size }),
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

/** A random seed for the hash functions of an index, so that clients cannot construct colliding keys. */
export function newSeed(): number {
  return randomInt(SEED_MAX)
}

function openCatalog(
  config: Config,
  profile: Profile,
  { store, health, clock, log, snapshots }: ServerDependencies,
  metrics: ServerMetrics,
  limits: ProjectLimitReader,
  signal: AbortSignal,
): Catalog {
  const seed = newSeed()
  return new Catalog({
    store,
    clock,
    writeQueueMax: config.writeQueueMax,
    changeRulesOf: profile.tagRulesOf,
    quotaOf: async (project) => (await limits.of(project)).quota,
    onError: (error) => {
      if (error instanceof StoreUnavailable) health.requestFailed(error)
      else log.error({ err: error }, 'commit failed, or could not be applied to an index')
    },
    indexBytesMax: config.indexMemoryMib * BYTES_PER_MIB,
    observer: metrics.commits,
    indexes: {
      ...snapshots(seed, signal),
      seed,
      onDamagedRow: logOnce(log),
      onSnapshotError: (project, error) => {
        if (signal.aborted) return
        log.warn({ err: error, project }, 'index snapshot discarded as invalid, or could not be written')
      },
    },
  })
}

/** Logs each damaged row once, although its index may be loaded many times. */
function logOnce(log: Logger): (project: string, row: Error) => void {
  const logged = new Set<string>()
  return (project, { message }) => {
    const text = `${message}; the rest of project ${project} is served. Run "tagwerk check"`
    if (logged.has(text) || logged.size >= DAMAGED_ROWS_LOGGED_MAX) return
    logged.add(text)
    log.error({ project }, text)
  }
}

/** The parts of a server that families use. */
type Parts = {
  readonly profile: Profile
  readonly catalog: Catalog
  readonly coverage: Coverage
  readonly accounts: Accounts
  readonly limits: ProjectLimitReader
  readonly work: WorkLimitsByKind
  readonly admission: Admission
}

function serverOptions(
  config: Config,
  { store, health, log, report, clock, monotonicClock, random, baseline }: ServerDependencies,
  { catalog, coverage, accounts, profile, limits, work, admission }: Parts,
): Omit<Parameters<typeof buildServer>[0], 'tls' | 'metrics'> {
  const faults = new FaultInjector(config.faults, random)
  const plans = new Plans({
    store,
    clock,
    fresh: (project) => catalog.freshIndex(project),
    rulesOf: profile.tagRulesOf,
    random: newId,
    atomicMax: config.planAtomicMax,
  })
  const settings = { region: config.region }
  const signatures = new SignatureGate(clock, monotonicClock, config.looseSignatures)
  return {
    families: [
      // The first family whose paths match renders the errors of a path without a route.
      tagServices({ catalog, accounts, profile }),
      imsV2({ catalog, profile, members: store, clock, newId: randomUUID }),
      taurusdbV3({ catalog, profile, newId, region: config.region }),
      iamV3(accounts, { ...settings, services: endpointsOf(TAG_SERVICE_ROWS, profile.types) }),
      tmsV1({ catalog, accounts, profile, predefinedTags: store, clock, settings }),
      tagwerkV1({
        catalog,
        plans,
        coverage,
        compliance: new Compliance(catalog.moments),
        accounts,
        reset:
          baseline &&
          resetter({
            baseline,
            clock,
            report,
            forget: () => {
              catalog.indexes.drop()
              limits.forgetAll()
              accounts.forgetFailedLogins()
              signatures.clear()
              faults.setPlan({})
            },
          }),
        profile,
        ignoredGroups: store,
        preferredSpellings: [policySpellings(store), predefinedSpellings(store)],
        clock,
        faults,
        details: new Map([
          [IMAGES, readImportedImage],
          [INSTANCES, readImportedInstance],
        ]),
        limits,
        work,
        exportPace: {
          bytesPerSecondMin: config.exportBytesPerSecondMin,
          timeoutMs: config.exportTimeoutSeconds * 1000,
        },
      }),
    ],
    accounts,
    faults,
    log,
    version: config.version,
    region: config.region,
    signatures,
    trustedProxies: config.trustedProxies,
    publicUrl: config.publicUrl,
    revisionOf: (project) => catalog.revision(project),
    readAsOf: (asked, work) => catalog.asOf(asked, work),
    bodyBytesMax: config.bodyBytesMax,
    urlBytesMax: config.urlBytesMax,
    headerBytesMax: config.headerBytesMax,
    connectionsMax: connectionsWithinLimit(config, log),
    requestTimeoutMs: config.requestTimeoutSeconds * 1000,
    handlerTimeoutMs: config.handlerTimeoutSeconds * 1000,
    streamTimeoutMs: config.streamTimeoutSeconds * 1000,
    requestRate: new RequestRate(monotonicClock, async (project) => (await limits.of(project)).requestsPerSecondMax),
    admission,
    onStoreFailure: (error) => health.requestFailed(error),
    whyNotReady: () => health.whyNotReady(),
    whyWritesFail: () => health.whyWritesFail(),
    readyWhen: config.readyWhen,
    report,
    requestLog: config.requestLog,
    consoleFolder: config.consoleFolder,
  }
}
