import type { Config } from '../config/config.ts'
import type { Clock } from '../core/clock.ts'
import { DEFAULT_PASSWORD_COST, type PasswordCost } from '../iam/password.ts'
import { type OpenLog, openLog } from '../log/log.ts'
import { openStore } from '../store/open.ts'
import { METRICS } from '../telemetry/definitions.ts'
import { metricOf } from '../telemetry/metric.ts'
import { type MeasuredService, type RunningServer, type Service, startServer } from './assembly.ts'
import { hugePagesAdvice } from './huge-pages.ts'
import { prepareAccounts } from './initial-accounts.ts'
import { startMetricsServer } from './metrics-server.ts'
import { startWorkers } from './primary-process.ts'
import { prepareSecrets, readSecretRing } from './secrets.ts'
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

/** Starts the service in this process, or in several worker processes if the configuration asks for them. */
export async function startService(config: Config, internals: Internals = {}): Promise<Service> {
  const openedLog = openLog(config)
  const { log, close: closeLog } = openedLog
  try {
    for (const warning of config.warnings) log.warn(warning)
    const advice = await hugePagesAdvice()
    if (advice !== undefined) log.info(advice)
    const service = await startOnStore(config, internals, openedLog)
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
      return stopped
    }
    return { ...service, metricsUrl: metrics?.url, stop }
  } catch (error) {
    await closeLog()
    throw error
  }
}

async function startOnStore(config: Config, internals: Internals, openedLog: OpenLog): Promise<MeasuredService> {
  const passwordCost = internals.passwordCost ?? DEFAULT_PASSWORD_COST
  const clock = internals.clock ?? wallClock
  const monotonicClock = internals.monotonicClock ?? internals.clock ?? (() => performance.now())
  const random = internals.random ?? Math.random
  if (config.workers > 1) return startWorkers(config, passwordCost, clock, openedLog)
  const { log, report, droppedLines } = openedLog
  const secrets = readSecretRing(config)
  const failure = Promise.withResolvers<Error>()
  const health = new StoreHealth(log, monotonicClock)
  const store = health.watch(await openStore(config.store, health.events(failure.resolve)))
  let server: RunningServer | undefined
  try {
    await prepareSecrets(store, secrets, log)
    const createAccounts = await prepareAccounts(store, config, passwordCost, secrets, log)
    server = await startServer(config, {
      store,
      health,
      log,
      report,
      clock,
      monotonicClock,
      random,
      passwordCost,
      droppedLines,
      secrets,
      snapshots: (seed, signal) => snapshotOptions(config, clock, seed, signal),
      refreshesSnapshots: true,
    })
    const { metrics } = server
    const readMetrics = async () => [...metrics(), metricOf(METRICS.workers, 1), metricOf(METRICS.workerRestarts, 0)]
    return { ...server, readMetrics, newAdminPassword: await createAccounts(), failed: failure.promise }
  } catch (error) {
    // The server closes the store.
    await (server === undefined ? store.close() : server.stop())
    throw error
  }
}
