import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { RecordedDay, RecordOptions } from '../../src/catalog/coverage.ts'
import { parseDay, startOfDay } from '../../src/core/day.ts'
import { DomainError } from '../../src/core/errors.ts'
import { DailyCoverage } from '../../src/service/daily-coverage.ts'
import type { Domain, Project } from '../../src/store/account-records.ts'

const TODAY = parseDay('2026-11-29') as number
const AFTER_MIDNIGHT = startOfDay(TODAY) + 300_000

let nowMs: number
let lines: string[]

beforeEach(() => {
  vi.useFakeTimers()
  nowMs = AFTER_MIDNIGHT
  lines = []
})
afterEach(() => {
  vi.useRealTimers()
})

/** A store of two projects in two domains, shared by processes, with the days that are stored. */
function shared(stored: Record<string, number[]> = { p1: [], p2: [] }) {
  let lease: { holder: string; untilMs: number } | undefined
  const calls: [holder: string, project: string, days: readonly number[]][] = []
  const failures: unknown[] = []
  let forgotten = 0
  const store = {
    listDomains: async () => [{ id: 'd1' }, { id: 'd2' }] as Domain[],
    listProjects: async (domain: string) => [{ id: domain.replace('d', 'p') }] as Project[],
    takeLease: async (_name: string, holder: string, atMs: number, untilMs: number) => {
      if (lease !== undefined && lease.holder !== holder && lease.untilMs > atMs) return false
      lease = { holder, untilMs }
      return true
    },
    forgetCoverage: async () => (forgotten++ % 3 === 0 ? 5 : 0),
  }
  const process = (holder: string, onRecord: () => void = () => undefined) => {
    const coverage = {
      days: async (project: string, from: number, to: number) => {
        const days = (stored[project] ?? []).filter((day) => day >= from && day <= to)
        return days.map((day) => ({ day, revision: 1 }))
      },
      record: async (project: string, days: readonly number[], { isOver }: RecordOptions = {}) => {
        if (days.length > 0) calls.push([holder, project, days])
        if (failures.length > 0) throw failures.shift()
        onRecord()
        const recorded: RecordedDay[] = []
        for (const day of days) {
          if (isOver?.()) break
          stored[project]?.push(day)
          recorded.push({ day, outcome: 'made' })
        }
        return recorded
      },
    }
    const log = pino({ level: 'info', base: null, timestamp: false }, { write: (line) => void lines.push(line) })
    return new DailyCoverage({ store, coverage, clock: () => nowMs, holder, log })
  }
  return { process, calls, failures, stored }
}

it('the day before is stored once for every project, five minutes after midnight', async () => {
  const { process, calls } = shared()
  const daily = process('a')
  nowMs = AFTER_MIDNIGHT - 1
  await daily.run()
  expect(calls.map(([, , days]) => days)).toEqual([[TODAY - 2], [TODAY - 2]])
  nowMs = AFTER_MIDNIGHT
  await daily.run()
  await daily.run()
  expect(calls.slice(2)).toEqual([
    ['a', 'p1', [TODAY - 1]],
    ['a', 'p2', [TODAY - 1]],
  ])
  expect(daily.counts).toEqual({ days: 4, failures: 0 })
  expect(lines[1]).toContain('"day":"2026-11-28","projects":2,"days":2')
})

it('days that were missed while the service was down are made up for, but at most a month', async () => {
  const { process, calls } = shared({ p1: [TODAY - 4], p2: [TODAY - 90] })
  await process('a').run()
  expect(calls).toEqual([
    ['a', 'p1', [TODAY - 3, TODAY - 2, TODAY - 1]],
    ['a', 'p2', [TODAY - 1]],
  ])
})

it('of two processes one stores the day, and the other finds it stored when the lease has ended', async () => {
  const { process, calls } = shared()
  const [a, b] = [process('a'), process('b')]
  await Promise.all([a.run(), b.run()])
  nowMs += 16 * 60_000
  await b.run()
  expect(calls).toHaveLength(2)
  expect([a.counts.days + b.counts.days, lines.length]).toEqual([2, 1])
})

it('a process that loses its lease leaves the rest to the other', async () => {
  const { process, calls } = shared()
  const b = process('b')
  const a = process('a', () => {
    nowMs += 16 * 60_000
    void b.run()
  })
  await a.run()
  await vi.advanceTimersByTimeAsync(1)
  expect(calls.map(([holder, project]) => holder + project)).toContain('bp2')
})

it('a failure is logged and tried again after a minute, and a project whose days are being recorded is tried in silence', async () => {
  const { process, calls, failures } = shared()
  failures.push(new Error('the disk is full'), new DomainError('overloaded'))
  const daily = process('a')
  daily.start()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(daily.counts).toEqual({ days: 0, failures: 1 })
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('the disk is full')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(daily.counts).toEqual({ days: 2, failures: 1 })
  expect(calls).toHaveLength(4)
  daily.end()
  await vi.advanceTimersByTimeAsync(600_000)
  expect(calls).toHaveLength(4)
})

it('the end stops it between two days', async () => {
  const { process, stored } = shared({ p1: [TODAY - 5], p2: [TODAY - 5] })
  const daily = process('a', () => daily.end())
  await daily.run()
  expect(stored).toEqual({ p1: [TODAY - 5], p2: [TODAY - 5] })
})
