import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { Coverage } from '../../src/catalog/coverage.ts'
import { parseDay, startOfDay } from '../../src/core/day.ts'
import { profileOf } from '../../src/core/profile.ts'
import type { ResourceType } from '../../src/core/resource-types.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import type { Store } from '../../src/store/store.ts'
import { Random } from '../support/random.ts'

const FIRST = parseDay('2026-11-01') as number
const DAYS = Array.from({ length: 12 }, (_, i) => FIRST + i)
const TYPES = ['ecs', 'disk', 'images'] as ResourceType[]
const KEYS = Array.from({ length: 25 }, (_, i) => `key-${i}`)

let folder: string
let store: Store
let nowMs: number

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-coverage-'))
  store = await openSqliteStore(folder, (error) => {
    throw error
  })
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

function open(): { readonly catalog: Catalog; readonly coverage: Coverage } {
  const catalog = new Catalog({
    store,
    clock: () => nowMs,
    writeQueueMax: 10_000,
    changeRulesOf: profileOf('huawei').tagRulesOf,
    onError: (error) => {
      throw error
    },
    indexes: { seed: 0, onSnapshotError: () => undefined },
  })
  return { catalog, coverage: new Coverage({ store, moments: catalog.moments }) }
}

/** Makes random changes on a day. */
async function live(catalog: Catalog, random: Random, day: number): Promise<void> {
  for (let i = 0; i < 30; i++) {
    nowMs = startOfDay(day) + Math.floor((i * 86_399_999) / 29)
    const id = `i${random.below(40)}`
    const tags = random
      .some(KEYS, 0.3)
      .slice(0, 10)
      .map((key) => ({ key, value: random.pick(['a', 'b']) }))
    const state = { name: '', detail: '{}', tags }
    const change = random.below(6) === 0 ? { kind: 'delete' as const } : { kind: 'register' as const, state }
    await catalog
      .change('p', TYPES[Number(id.slice(1)) % 3]!, id, change as never, { userId: 'u', requestId: 'r' })
      .catch((error) => expect(error.code).toBe('resource-not-found'))
  }
}

/** Every count that is stored for a day. */
async function storedOn(day: number, keys: readonly string[]) {
  const series = ['', ...keys].flatMap((key) => ['', ...TYPES].map((type) => ({ type, key, rules: '' })))
  const found = await Promise.all(
    series.map(async (one) => ({ ...one, counts: await store.getCoverage('p', one, day, day) })),
  )
  return { days: await store.listCoverageDays('p', day, day), counts: found.filter(({ counts }) => counts.length > 0) }
}

it('a day that is stored later equals the day as it was stored then, also after the next days changed everything', async () => {
  const random = new Random(7)
  const { catalog, coverage } = open()
  for (const day of DAYS) {
    // Every third day nothing changes.
    if (day % 3 > 0) await live(catalog, random, day)
    nowMs = startOfDay(day + 1) + 300_000
    // A change after midnight belongs to the next day.
    if (day % 2 === 0) await live(catalog, random, day + 1)
    expect(await coverage.record('p', [day])).toEqual([{ day, outcome: 'made' }])
  }
  const then = await Promise.all(DAYS.map((day) => storedOn(day, KEYS)))
  expect(then.flatMap(({ counts }) => counts).length).toBeGreaterThan(500)
  const { coverage: later } = open()
  const revisions = new Set(then.map(({ days }) => days[0]?.revision))
  expect(revisions.size).toBeGreaterThan(5)
  await later.record('p', DAYS, { moreKeys: ['key-0'] })
  const again = await Promise.all(DAYS.map((day) => storedOn(day, KEYS.slice(1))))
  expect(again).toEqual(then.map(({ days, counts }) => ({ days, counts: counts.filter(({ key }) => key !== 'key-0') })))
})

it('a day before the first write is empty, one that is stored is kept, and one that is forgotten is gone', async () => {
  const random = new Random(8)
  const { catalog, coverage } = open()
  for (const day of DAYS.slice(1, 5)) await live(catalog, random, day)
  nowMs = startOfDay(FIRST + 10)
  expect(await coverage.record('p', [FIRST + 2])).toEqual([{ day: FIRST + 2, outcome: 'made' }])
  const stored = await storedOn(FIRST + 2, KEYS)
  await store.forgetHistory('p', startOfDay(FIRST + 4), 10_000)
  expect(await coverage.firstKnownDay('p')).toBe(FIRST + 3)
  const outcomes = (await coverage.record('p', DAYS.slice(0, 6), { moreKeys: ['key-1'] })).map(({ outcome }) => outcome)
  expect(outcomes).toEqual(['gone', 'gone', 'kept', 'made', 'made', 'made'])
  expect(await storedOn(FIRST + 2, KEYS)).toEqual(stored)
  expect((await coverage.record('q', [FIRST])).map(({ outcome }) => outcome)).toEqual(['empty'])
  expect((await coverage.record('p', [FIRST + 4, FIRST + 6])).map(({ outcome }) => outcome)).toEqual(['kept', 'made'])
})

it('days are recorded one call at a time for a project, and end when they are told to', async () => {
  const random = new Random(9)
  const { catalog, coverage } = open()
  await live(catalog, random, FIRST)
  let asked = 0
  const first = coverage.record('p', DAYS, { isOver: () => ++asked > 2 })
  await expect(coverage.record('p', DAYS)).rejects.toMatchObject({ code: 'overloaded' })
  expect((await first).length).toBe(2)
  expect(await coverage.record('p', [])).toEqual([])
  expect((await coverage.record('p', DAYS)).length).toBe(DAYS.length)
})
