import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { refreshSnapshot } from '../../src/catalog/index-loader.ts'
import { matches } from '../../src/core/matches.ts'
import { profileOf } from '../../src/core/profile.ts'
import type { Resource } from '../../src/core/resource.ts'
import type { ResourceType } from '../../src/core/resource-types.ts'
import type { TagQuery } from '../../src/core/tag-query.ts'
import { snapshotFiles } from '../../src/store/snapshots/snapshot-files.ts'
import type { Change } from '../../src/store/store.ts'
import { FakeStore, register, request } from '../catalog/fake-store.ts'
import { runLength } from '../support/effort.ts'
import { Random } from '../support/random.ts'
import { meaningOf, projectTagsOf, randomName, randomQuery, randomTags } from './reference-store.ts'

// Reads as of random revisions and times, compared with a replay of the change log and `matches`. Meanwhile the projects
// change, snapshots are made and kept as checkpoints on later and later days, the horizon moves, and catalogues restart.
// TAGWERK_FUZZ_SEED repeats a run, TAGWERK_FUZZ_ROUNDS makes it longer.

const SEED = Number(process.env.TAGWERK_FUZZ_SEED ?? 20_261_129)
const ROUNDS = Number(process.env.TAGWERK_FUZZ_ROUNDS ?? runLength(12, 60))
const STEPS_PER_ROUND = 12
const READS_PER_STEP = 12
const IDS = Array.from({ length: 40 }, (_, i) => `id-${i}`)
const PROJECTS = ['p', 'q', 'r']
const TYPES: readonly ResourceType[] = ['ecs' as ResourceType, 'images', 'instances']
const DAY_MS = 86_400_000

it(`reads as of any moment give what was true then (seed ${SEED})`, { timeout: 240_000 }, async () => {
  const random = new Random(SEED)
  const figures = { reads: 0, gone: 0, checkpoints: 0, loads: 0, evictions: 0 }
  for (let round = 0; round < ROUNDS; round++) {
    const folder = await mkdtemp(join(tmpdir(), 'tagwerk-as-of-'))
    try {
      await runRound(random, folder, figures)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  console.log(`as of: ${JSON.stringify(figures)}, seed ${SEED}`)
  expect(figures.reads).toBeGreaterThan(1000)
  expect(Math.min(figures.gone, figures.checkpoints, figures.evictions)).toBeGreaterThan(ROUNDS)
})

type Figures = { reads: number; gone: number; checkpoints: number; loads: number; evictions: number }

/** A project with all its changes, also those that the store has forgotten. */
type History = { readonly project: string; readonly changes: Change[] }

async function runRound(random: Random, folder: string, figures: Figures): Promise<void> {
  const store = new FakeStore()
  let nowMs = Date.parse('2026-01-01T00:00:00Z')
  const snapshots = snapshotFiles(folder, () => nowMs)
  const loading = { store, snapshots, seed: random.below(1000), onSnapshotError: fail }
  const bytesMax = random.pick([1, 200_000, 600_000, 100_000_000])
  const start = () =>
    new Catalog({
      store,
      clock: () => nowMs,
      writeQueueMax: 1000,
      changeRulesOf: profileOf('huawei').tagRulesOf,
      smallIndexBytesMax: random.pick([1, 50_000, 10_000_000]),
      onError: (error: unknown) => {
        throw error
      },
      indexes: random.chance(0.3) ? { ...loading, snapshots: undefined } : loading,
      indexBytesMax: bytesMax,
    })
  let catalog = start()
  const histories = PROJECTS.map((project): History => ({ project, changes: [] }))
  const count = () => {
    figures.loads += catalog.indexes.stats.loads
    figures.evictions += catalog.indexes.stats.evictions
  }
  for (let step = 0; step < STEPS_PER_ROUND; step++) {
    for (const history of histories) {
      if (random.chance(0.7)) write(random, store, history, nowMs)
      const { project } = history
      if (random.chance(0.4)) {
        await refreshSnapshot(loading, project)
        figures.checkpoints += (await snapshots.listKept(project)).length
      }
      if (random.chance(0.08)) await compact(random, store, project)
    }
    if (random.chance(0.15)) {
      count()
      catalog = start()
    }
    if (random.chance(0.1)) catalog.indexes.drop(random.pick(PROJECTS))
    for (let read = 0; read < READS_PER_STEP; read++) {
      await check(random, catalog, store, random.pick(histories), figures)
      const { bytes, oversizedBytes } = catalog.indexes.stats
      expect(bytes - oversizedBytes).toBeLessThanOrEqual(bytesMax)
    }
    nowMs += random.pick([1000, 3_600_000, DAY_MS, 9 * DAY_MS])
  }
  count()
}

function write(random: Random, store: FakeStore, { project, changes }: History, atMs: number): void {
  for (const id of random.some(IDS, random.pick([0.05, 0.2, 0.9]))) {
    const change = random.chance(0.25)
      ? ({ kind: 'delete' } as const)
      : register({ name: randomName(random), tags: randomTags(random, 10) })
    const requested = { ...request(id, change, random.pick(TYPES)), atMs: atMs + random.below(500) }
    for (const verdict of store.writeElsewhere(project, requested)) {
      if (verdict.outcome === 'changed') changes.push(verdict.change)
    }
  }
}

async function compact(random: Random, store: FakeStore, project: string): Promise<void> {
  const { revision, horizon } = await store.getHistoryState(project)
  store.forgetHistory(project, horizon + random.below(revision - horizon + 1))
}

async function check(
  random: Random,
  catalog: Catalog,
  store: FakeStore,
  { project, changes }: History,
  figures: Figures,
): Promise<void> {
  const { horizon } = await store.getHistoryState(project)
  const asked = random.chance(0.3) ? changes.length : random.below(changes.length + 1)
  const byTime = random.chance(0.3) && asked > 0
  const atMs = changes[asked - 1]?.atMs ?? 0
  const revision = byTime ? (changes.findLast((change) => change.atMs <= atMs)?.revision ?? 0) : asked
  const moment = byTime ? { atMs } : { revision }
  const work = () => answers(random, catalog, project, stateAt(changes, revision), revision)
  if (revision < horizon) {
    await expect(catalog.asOf({ moment, field: 'as_of' }, work)).rejects.toMatchObject({
      code: 'revision-gone',
      facts: { horizon },
    })
    figures.gone++
  } else {
    await catalog.asOf({ moment, field: 'as_of' }, work)
    figures.reads++
  }
}

/** The state at a revision by a plain replay, in order of creation. */
function stateAt(changes: readonly Change[], revision: number): readonly Resource[] {
  const resources = new Map<number, Resource>()
  for (const { revision: at, type, id, sequence, createdAtMs, atMs, after } of changes) {
    if (at > revision) break
    if (after === undefined) resources.delete(sequence)
    else resources.set(sequence, { ...after, type, id, sequence, createdAtMs, updatedAtMs: atMs })
  }
  return [...resources.values()].sort((a, b) => a.sequence - b.sequence)
}

/** Compares one kind of answer. Each throws what the first read throws. */
async function answers(
  random: Random,
  catalog: Catalog,
  project: string,
  state: readonly Resource[],
  revision: number,
): Promise<void> {
  const query = meaningOf(randomQuery(random, IDS))
  const type = random.pick(TYPES)
  const ofType = state.filter((resource) => resource.type === type)
  const matching = ofType.filter((resource) => matches(resource, query))
  switch (random.below(7)) {
    case 0: {
      const page = { offset: random.below(5), limit: random.below(10) + 1 }
      const found = await catalog.find(project, type, query, page)
      const expected = matching.slice(page.offset, page.offset + page.limit)
      expect(found).toEqual({ revision, total: matching.length, resources: expected.map(withoutType) })
      return
    }
    case 1:
      expect(await catalog.count(project, type, query)).toEqual({ revision, total: matching.length })
      return
    case 2:
      return checkAll(catalog, project, state, query, revision)
    case 3: {
      const { tags, ...found } = await catalog.tagsInUse(project, type)
      expect(found.revision).toBe(revision)
      const expected = projectTagsOf(ofType)
      expect([...tags.pairs()].length).toBe(expected.reduce((sum, { values }) => sum + values.length, 0))
      expect(`[${[...tags.json(0, 100)].join('')}]`).toBe(JSON.stringify(expected))
      return
    }
    case 4: {
      const id = random.pick(IDS)
      const expected = ofType.find((resource) => resource.id === id)
      const get = catalog.get(project, type, id)
      if (expected !== undefined) expect(await get).toEqual({ revision, resource: withoutType(expected) })
      else await expectMissing(get, revision)
      return
    }
    case 5: {
      const seen: string[] = []
      const scanned = await catalog.scan(project, type, query, {}, ({ id }) => seen.push(id) > 0)
      expect([scanned, seen]).toEqual([revision, matching.map(({ id }) => id)])
      return
    }
    default: {
      const exported = await catalog.export(project)
      const resources: Resource[] = []
      for await (const batch of exported.batches) resources.push(...batch)
      expect(exported.revision).toBe(revision)
      expect(resources.map(withoutRevision)).toEqual(TYPES.flatMap((of) => state.filter((each) => each.type === of)))
    }
  }
}

async function checkAll(
  catalog: Catalog,
  project: string,
  state: readonly Resource[],
  query: TagQuery,
  revision: number,
): Promise<void> {
  const found = await catalog.findAll(project, undefined, query, { offset: 0, limit: 1000 })
  const expected = TYPES.flatMap((type) => state.filter((each) => each.type === type && matches(each, query)))
  expect(found.revision).toBe(revision)
  expect(found.resources.map(({ type, resource }) => ({ ...resource, type }))).toEqual(expected)
}

async function expectMissing(get: Promise<unknown>, revision: number): Promise<void> {
  const error = await get.catch((thrown: unknown) => thrown)
  // A moment before the horizon is refused in the same way by every read.
  if ((error as { code?: string }).code === 'revision-gone') throw error
  expect(error).toMatchObject({ code: 'resource-not-found', facts: { revision } })
}

function withoutType({ type: _type, ...rest }: Resource): Omit<Resource, 'type'> {
  return rest
}

function withoutRevision(resource: Resource & { readonly revision?: number }): Resource {
  const { revision: _revision, ...rest } = resource
  return rest
}

function fail(project: string, error: unknown): never {
  throw new Error(`a snapshot of ${project} was rejected`, { cause: error })
}
