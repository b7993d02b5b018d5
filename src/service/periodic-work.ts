import type { Logger } from 'pino'
import type { IndexMaintenance } from '../catalog/index-maintenance.ts'
import type { Config } from '../config/config.ts'
import type { Clock } from '../core/clock.ts'
import type { AccountStore } from '../store/account-store.ts'
import type { PlanStore } from '../store/plan-store.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Entries of the account log that one transaction deletes, and the pause between two: other writes go on meanwhile. */
const ENTRIES_PER_BATCH = 500
const BATCH_PAUSE_MS = 100

/** A project may have plans of a million items, and delete and make them again and again. */
const PLANS_INTERVAL_MS = 60_000

/** Damaged rows that are logged by one process. */
const DAMAGED_ROWS_LOGGED_MAX = 1000

export type PeriodicWork = {
  readonly config: Pick<Config, 'snapshotIntervalSeconds' | 'accountLogDays'>
  readonly indexes: Pick<IndexMaintenance, 'makeDueSnapshots'>
  readonly store: Pick<AccountStore, 'forgetAccountLog' | 'findDamagedAccounts'> & Pick<PlanStore, 'forgetPlans'>
  readonly clock: Clock
  readonly log: Logger
}

/** Starts the work that one process of a service does from time to time. Returns the function that ends it. */
export function startPeriodicWork({ config, indexes, store, clock, log }: PeriodicWork): () => void {
  const { snapshotIntervalSeconds, accountLogDays } = config
  const stopping = new AbortController()
  const forget = async () => {
    try {
      await forgetOldEntries(store, clock() - accountLogDays * DAY_MS, stopping.signal)
    } catch (err) {
      log.warn({ err }, 'old entries of the account log could not be deleted, trying again in an hour')
    }
  }
  const logged = new Set<string>()
  const nameDamage = async () => {
    try {
      for (const { message } of await store.findDamagedAccounts()) {
        if (logged.has(message) || logged.size >= DAMAGED_ROWS_LOGGED_MAX) continue
        logged.add(message)
        log.error(`${message}; calls that need it fail, and lists leave it out. Run "tagwerk check"`)
      }
    } catch (err) {
      log.warn({ err }, 'accounts could not be checked for damage, trying again in an hour')
    }
  }
  const forgetPlans = async () => {
    try {
      await forgetOldPlans(store, clock(), stopping.signal)
    } catch (err) {
      log.warn({ err }, 'old plans could not be deleted, trying again in a minute')
    }
  }
  void nameDamage()
  void forgetPlans()
  const timers = [
    setInterval(() => void forgetPlans(), PLANS_INTERVAL_MS),
    setInterval(() => void nameDamage(), HOUR_MS),
    setInterval(() => void indexes.makeDueSnapshots(), snapshotIntervalSeconds * 1000),
  ]
  if (accountLogDays > 0) {
    void forget()
    timers.push(setInterval(() => void forget(), HOUR_MS))
  }
  for (const timer of timers) timer.unref()
  return () => {
    stopping.abort()
    for (const timer of timers) clearInterval(timer)
  }
}

/** Deletes the entries of the account log from before a moment, in small batches until none is left or the signal aborts. */
export async function forgetOldEntries(
  store: Pick<AccountStore, 'forgetAccountLog'>,
  beforeMs: number,
  stop: AbortSignal,
): Promise<number> {
  let all = 0
  while (!stop.aborted) {
    const deleted = await store.forgetAccountLog(beforeMs, ENTRIES_PER_BATCH)
    all += deleted
    if (deleted < ENTRIES_PER_BATCH) break
    await new Promise((resolve) => setTimeout(resolve, BATCH_PAUSE_MS).unref())
  }
  return all
}

/** Deletes plans that were removed or have expired, in small batches until none is left or the signal aborts. */
export async function forgetOldPlans(
  store: Pick<PlanStore, 'forgetPlans'>,
  atMs: number,
  stop: AbortSignal,
): Promise<number> {
  let all = 0
  while (!stop.aborted) {
    const deleted = await store.forgetPlans(atMs, ENTRIES_PER_BATCH)
    all += deleted
    if (deleted === 0) break
    await new Promise((resolve) => setTimeout(resolve, BATCH_PAUSE_MS).unref())
  }
  return all
}
