import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { forgetOldEntries, forgetOldPlans, startPeriodicWork } from '../../src/service/periodic-work.ts'
import { DamagedRow } from '../../src/store/damaged-row.ts'

const DAY_MS = 86_400_000

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A store with entries at these times. */
function storeWith(...times: number[]) {
  const batches: number[] = []
  let entries = times
  return {
    batches,
    left: () => entries,
    findDamagedAccounts: async () => [],
    forgetPlans: async () => 0,
    forgetAccountLog: async (beforeMs: number, limit: number) => {
      const oldest = entries.slice(0, limit)
      const kept = oldest.filter((atMs) => atMs >= beforeMs)
      entries = [...kept, ...entries.slice(limit)]
      batches.push(oldest.length - kept.length)
      return oldest.length - kept.length
    },
  }
}

it('old entries of the account log are deleted in batches with pauses, until none is left', async () => {
  const store = storeWith(...Array.from({ length: 1200 }, (_, i) => i), 5000)
  const done = forgetOldEntries(store, 2000, new AbortController().signal)
  await vi.advanceTimersByTimeAsync(1)
  expect(store.batches).toEqual([500])
  await vi.advanceTimersByTimeAsync(1000)
  expect([await done, store.batches, store.left()]).toEqual([1200, [500, 500, 200], [5000]])
})

it('entries are deleted at the start and once an hour, and a failure is logged and tried again', async () => {
  const lines: string[] = []
  const log = pino({}, { write: (line: string) => lines.push(line) })
  const store = storeWith(0, DAY_MS)
  let fails = true
  const forgetAccountLog = async (beforeMs: number, limit: number) => {
    if (fails) throw new Error('the disk is full')
    return store.forgetAccountLog(beforeMs, limit)
  }
  const config = { snapshotIntervalSeconds: 60, accountLogDays: 10 }
  const indexes = { makeDueSnapshots: vi.fn(async () => undefined) }
  const end = startPeriodicWork({
    config,
    indexes,
    store: { ...store, forgetAccountLog },
    clock: () => 10.5 * DAY_MS,
    log,
  })
  await vi.advanceTimersByTimeAsync(1)
  expect([store.left(), lines]).toEqual([[0, DAY_MS], [expect.stringContaining('trying again in an hour')]])
  fails = false
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect([store.left(), lines.length]).toEqual([[DAY_MS], 1])
  expect(indexes.makeDueSnapshots).toHaveBeenCalledTimes(60)
  end()
  await vi.advanceTimersByTimeAsync(7_200_000)
  expect(indexes.makeDueSnapshots).toHaveBeenCalledTimes(60)
})

it('no entry is deleted when the account log is kept without a limit', async () => {
  const store = storeWith(0)
  const config = { snapshotIntervalSeconds: 60, accountLogDays: 0 }
  const indexes = { makeDueSnapshots: async () => undefined }
  const end = startPeriodicWork({ config, indexes, store, clock: () => 1e15, log: pino({ level: 'silent' }) })
  await vi.advanceTimersByTimeAsync(7_200_000)
  end()
  expect(store.left()).toEqual([0])
})

it('damaged rows of accounts are logged once, at the start or an hour after they are damaged', async () => {
  const lines: string[] = []
  const log = pino({}, { write: (line: string) => lines.push(line) })
  const damaged = [new DamagedRow('user u1', undefined, new Error('no JSON'))]
  const store = { ...storeWith(), findDamagedAccounts: async () => damaged }
  const config = { snapshotIntervalSeconds: 60, accountLogDays: 0 }
  const end = startPeriodicWork({
    config,
    indexes: { makeDueSnapshots: async () => undefined },
    store,
    clock: () => 0,
    log,
  })
  await vi.advanceTimersByTimeAsync(1)
  damaged.push(new DamagedRow('project p1', undefined, new Error('no JSON')))
  await vi.advanceTimersByTimeAsync(7_200_000)
  end()
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
    'the row of user u1 is damaged: no JSON; calls that need it fail, and lists leave it out. Run "tagwerk check"',
    'the row of project p1 is damaged: no JSON; calls that need it fail, and lists leave it out. Run "tagwerk check"',
  ])
})

it('old plans are deleted in batches with pauses, until none is left', async () => {
  let rows = 1200
  const deleted: number[] = []
  const forgetPlans = async (atMs: number, rowsMax: number) => {
    expect(atMs).toBe(2000)
    deleted.push(Math.min(rows, rowsMax))
    rows -= Math.min(rows, rowsMax)
    return deleted.at(-1) ?? 0
  }
  const done = forgetOldPlans({ forgetPlans }, 2000, new AbortController().signal)
  await vi.advanceTimersByTimeAsync(1000)
  expect([await done, deleted]).toEqual([1200, [500, 500, 200, 0]])
})
