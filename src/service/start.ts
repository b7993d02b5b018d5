import type { Config } from '../config/config.ts'
import { createInitialAccounts } from '../iam/initial-accounts.ts'
import { DEFAULT_PASSWORD_COST, type PasswordCost } from '../iam/password.ts'
import { openStore } from '../store/open.ts'
import { openLog, type Service, startAnswering, storeEvents } from './assembly.ts'
import { hugePagesAdvice } from './huge-pages.ts'
import { startWorkers } from './primary-process.ts'
import { snapshotsFor } from './snapshot-client.ts'

/** What tests set and operators have no need of; with several workers only the cost of passwords counts. */
export type Internals = {
  readonly passwordCost?: PasswordCost
  readonly clock?: () => number
  readonly random?: () => number
}

/** Starts to answer, from this process or from as many workers as the settings say. */
export async function startService(config: Config, internals: Internals = {}): Promise<Service> {
  const passwordCost = internals.passwordCost ?? DEFAULT_PASSWORD_COST
  const clock = internals.clock ?? Date.now
  const random = internals.random ?? Math.random
  const log = openLog(config.logLevel)
  const advice = await hugePagesAdvice()
  if (advice !== undefined) log.info(advice)
  if (config.workers > 1) return startWorkers(config, passwordCost, clock, log)
  const failure = Promise.withResolvers<Error>()
  let storeFailure: Error | undefined
  const onFailure = (error: Error) => {
    storeFailure = error
    failure.resolve(error)
  }
  const store = await openStore(config.store, storeEvents(log, onFailure))
  try {
    const newAdminPassword = await createInitialAccounts(store, config.adminPassword, passwordCost)
    const answering = await startAnswering(config, {
      store,
      log,
      clock,
      random,
      passwordCost,
      snapshots: (seed, signal) => snapshotsFor(config, clock, seed, signal),
      keepsSnapshots: true,
      storeFailure: () => storeFailure,
    })
    return { ...answering, newAdminPassword, failed: failure.promise }
  } catch (error) {
    await store.close()
    throw error
  }
}
