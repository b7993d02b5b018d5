import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { HistoryRetention, type RetentionParts } from '../../src/service/history-retention.ts'
import type { Domain, Project } from '../../src/store/account-records.ts'

const DAY_MS = 86_400_000

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A store of two domains with one project each, whose changes have these times. */
function storeWith(changes: Readonly<Record<string, number[]>>) {
  const steps: [project: string, beforeMs: number][] = []
  const horizons = new Map<string, number>()
  const store = {
    listDomains: async () => [{ id: 'd1' }, { id: 'd2' }] as Domain[],
    listProjects: async (domain: string) => [{ id: domain.replace('d', 'p') }] as Project[],
    forgetHistory: async (project: string, beforeMs: number, limit: number) => {
      steps.push([project, beforeMs])
      const times = changes[project] ?? []
      const old = times.filter((atMs) => atMs < beforeMs).slice(0, limit)
      changes[project]?.splice(0, old.length)
      if (old.length > 0) horizons.set(project, old.at(-1) as number)
      return { changes: old.length, rows: Math.floor(old.length / 2) }
    },
    getHistoryState: async (project: string) => {
      return { revision: 0, horizon: 0, horizonAtMs: horizons.get(project) ?? 0, lastAtMs: 0 }
    },
  }
  return { store, steps }
}

const partsWith = (store: RetentionParts['store'], daysOf: RetentionParts['daysOf']): RetentionParts => ({
  store,
  daysOf,
  clock: () => 10 * DAY_MS,
  log: pino({ level: 'silent' }),
})

it('what is older than its project keeps is forgotten in steps with pauses, and counted', async () => {
  const changes = { p1: Array.from({ length: 2500 }, (_, i) => i), p2: [DAY_MS, 9 * DAY_MS] }
  const { store, steps } = storeWith(changes)
  const retention = new HistoryRetention(partsWith(store, (project) => (project === 'p1' ? 3 : 5)))
  const done = retention.forget()
  await vi.advanceTimersByTimeAsync(1)
  expect(steps).toEqual([['p1', 7 * DAY_MS]])
  await vi.advanceTimersByTimeAsync(1000)
  await done
  expect(steps.map(([project]) => project)).toEqual(['p1', 'p1', 'p1', 'p2'])
  expect(changes).toEqual({ p1: [], p2: [9 * DAY_MS] })
  expect(retention.counts).toEqual({ forgotten: 2501, deleted: 1250, horizonAtMs: DAY_MS })
})

it('a project without a limit is left alone', async () => {
  const { store, steps } = storeWith({ p1: [0], p2: [0] })
  await new HistoryRetention(partsWith(store, (project) => (project === 'p1' ? 0 : 1))).forget()
  expect(steps.map(([project]) => project)).toEqual(['p2'])
})

it('it begins at the start and once an hour, and a failure is logged and tried again', async () => {
  const lines: string[] = []
  const { store, steps } = storeWith({ p1: [0], p2: [] })
  let fails = true
  const forgetHistory: typeof store.forgetHistory = async (...args) => {
    if (fails) throw new Error('the disk is full')
    return store.forgetHistory(...args)
  }
  const log = pino({}, { write: (line: string) => lines.push(line) })
  const retention = new HistoryRetention({ ...partsWith({ ...store, forgetHistory }, () => 1), log })
  retention.start()
  await vi.advanceTimersByTimeAsync(1)
  expect([steps, lines]).toEqual([[], [expect.stringContaining('trying again in an hour')]])
  fails = false
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect([steps.length, lines.length, retention.counts.forgotten]).toEqual([2, 1, 1])
  retention.end()
  await vi.advanceTimersByTimeAsync(7_200_000)
  expect(steps).toHaveLength(2)
})

it('it ends after the step that is under way', async () => {
  const { store, steps } = storeWith({ p1: Array.from({ length: 5000 }, (_, i) => i), p2: [0] })
  const retention = new HistoryRetention(partsWith(store, () => 1))
  const done = retention.forget()
  await vi.advanceTimersByTimeAsync(1)
  retention.end()
  await vi.advanceTimersByTimeAsync(1000)
  await done
  expect(steps).toHaveLength(1)
})
