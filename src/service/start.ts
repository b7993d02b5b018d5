import { rmSync } from 'node:fs'
import type { Config } from '../config/config.ts'
import type { Clock } from '../core/clock.ts'
import { ResourceTypes } from '../core/resource-types.ts'
import { DEFAULT_PASSWORD_COST, type PasswordCost } from '../iam/password.ts'
import { type OpenLog, openLog } from '../log/log.ts'
import { openServiceStore, storeBytes } from '../store/open.ts'
import { METRICS } from '../telemetry/definitions.ts'
import { metricOf } from '../telemetry/metric.ts'
import { type MeasuredService, type RunningServer, type Service, startServer } from './assembly.ts'
import { hugePagesAdvice } from './huge-pages.ts'
import { prepareAccounts } from './initial-accounts.ts'
import { startMetricsServer } from './metrics-server.ts'
import { startWorkers } from './primary-process.ts'
import { readResourceTypeRows } from './resource-types-file.ts'
import { prepareSecrets, readSecretRing } from './secrets.ts'
import { runSeed, type Seed } from './seed.ts'
import { snapshotOptions } from './snapshot-client.ts'
import { StoreHealth } from './store-health.ts'

/** The clock of this machine. */
export const wallClock: Clock = Date.now

/** Replaced by tests only. With several workers, only `passwordCost` has an effect on them. */
export type Internals = {
  readonly passwordCost?: PasswordCost
  readonly clock?: () => number
  /** By default `clock` if that is replaced. */
  readonly monotonicClock?: () => number
  readonly random?: () => number
}

/**
 * Starts the service in this process, or in several worker processes if the configuration asks for them. `seed` fills an
 * ephemeral service before it listens.
 */
export async function startService(config: Config, internals: Internals = {}, seed?: Seed): Promise<Service> {
  const openedLog = openLog(config)
  const { log, close: closeLog } = openedLog
  try {
    for (const warning of config.warnings) log.warn(warning)
    const advice = isEphemeral(config) ? undefined : await hugePagesAdvice(storeBytes(config.store))
    if (advice !== undefined) log.info(advice)
    const service = await startOnStore(config, internals, openedLog, seed)
    const metrics = await startMetricsServer(config.metricsListen, service.readMetrics, log).catch(async (error) => {
      await service.stop()
      throw error
    })
    let stopped: Promise<void> | undefined
    const stop = () => {
      // The metrics stay readable while requests in flight end.
      stopped ??= service
        .stop()
        .then(() => metrics?.stop())
        .finally(closeLog)
        .finally(() => removeEphemeral(config))
      return stopped
    }
    return { ...service, metricsUrl: metrics?.url, stop }
  } catch (error) {
    await closeLog()
    removeEphemeral(config)
    throw error
  }
}

/** Says whether nothing of a service outlives it. */
export function isEphemeral({ store }: Pick<Config, 'store'>): boolean {
  return store.engine === 'sqlite' && store.isEphemeral === true
}

/** Removes the data folder of an ephemeral service. */
export function removeEphemeral({ store }: Pick<Config, 'store'>): void {
  if (store.engine === 'sqlite' && store.isEphemeral) rmSync(store.folder, { recursive: true, force: true })
}

async function startOnStore(
  config: Config,
  internals: Internals,
  openedLog: OpenLog,
  seed: Seed | undefined,
): Promise<MeasuredService> {
  const passwordCost = internals.passwordCost ?? DEFAULT_PASSWORD_COST
  const clock = internals.clock ?? wallClock
  const monotonicClock = internals.monotonicClock ?? internals.clock ?? (() => performance.now())
  const random = internals.random ?? Math.random
  const typeRows = readResourceTypeRows(config.resourceTypes)
  if (config.workers > 1) return startWorkers(config, { passwordCost, typeRows }, clock, openedLog)
  const { log, report, droppedLines } = openedLog
  const secrets = readSecretRing(config)
  const failure = Promise.withResolvers<Error>()
  const health = new StoreHealth(log, monotonicClock)
  const opened = await openServiceStore(config.store, health.events(failure.resolve))
  const store = health.watch(opened.store)
  const baseline = config.resettable ? opened.baseline : undefined
  let server: RunningServer | undefined
  try {
    // A store that is new and not kept has no secrets to encrypt, and nobody to advise.
    if (opened.baseline === undefined) await prepareSecrets(store, secrets, log, clock)
    const createAccounts = await prepareAccounts(store, config, passwordCost, secrets, log, clock)
    // The password of a store that a failed start removes is of no use to anybody, so the accounts can be made first.
    const created = opened.baseline && (await createAccounts())
    server = await startServer(config, {
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
      secrets,
      snapshots: (seed, signal) => snapshotOptions(config, clock, seed, signal),
      refreshesSnapshots: true,
      baseline,
      prepare: async (parts) => {
        if (seed !== undefined) await runSeed(seed, store, { ...parts, region: config.region })
        await baseline?.keep()
      },
    })
    const { metrics } = server
    const readMetrics = async () => [...metrics(), metricOf(METRICS.workers, 1), metricOf(METRICS.workerRestarts, 0)]
    const newAdminPassword = opened.baseline === undefined ? await createAccounts() : created
    return { ...server, readMetrics, newAdminPassword, failed: failure.promise }
  } catch (error) {
    // The server closes the store.
    await (server === undefined ? store.close() : server.stop())
    throw error
  }
}
