import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { refreshSnapshot } from '../../src/catalog/index-loader.ts'
import { matches } from '../../src/core/matches.ts'
import { profileOf } from '../../src/core/profile.ts'
import { snapshotFiles } from '../../src/store/snapshots/snapshot-files.ts'
import { FakeStore, register, request } from '../catalog/fake-store.ts'
import { runLength } from '../support/effort.ts'
import { Random } from '../support/random.ts'
import { meaningOf, ReferenceStore, randomName, randomQuery, randomTags } from './reference-store.ts'

// Two catalogues over one store, each with an index cache for some of the projects. Indexes are evicted and reloaded, partly
// from snapshots, between and during the steps. Each read must reflect all writes, whichever catalogue made them.
// TAGWERK_FUZZ_SEED repeats a run, TAGWERK_FUZZ_ROUNDS makes it longer.

const SEED = Number(process.env.TAGWERK_FUZZ_SEED ?? 20_261_126)
const ROUNDS = Number(process.env.TAGWERK_FUZZ_ROUNDS ?? runLength(15, 40))
const STEPS_PER_ROUND = 25
const QUERIES_PER_STEP = 8
const IDS = Array.from({ length: 120 }, (_, i) => `image-${i}`)
const PROJECTS = Array.from({ length: 6 }, (_, i) => `project-${i}`)
const AUTHOR = { userId: 'u', requestId: 'r' }
const PAGE = { offset: 0, limit: 1000 }

it(`reads are correct while indexes are evicted and reloaded (seed ${SEED})`, { timeout: 240_000 }, async () => {
  const random = new Random(SEED)
  const figures = { evictions: 0, loads: 0, answers: 0 }
  for (let round = 0; round < ROUNDS; round++) {
    const folder = await mkdtemp(join(tmpdir(), 'tagwerk-evictions-'))
    try {
      await runRound(random, folder, figures)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  // The test is pointless when evictions are rare.
  expect(figures.evictions).toBeGreaterThan(ROUNDS * STEPS_PER_ROUND)
  console.log(`evictions: ${JSON.stringify(figures)}, seed ${SEED}`)
})

type Node = { readonly catalog: Catalog; readonly errors: unknown[]; readonly bytesMax: number }

async function runRound(
  random: Random,
  folder: string,
  figures: { evictions: number; loads: number; answers: number },
): Promise<void> {
  const store = new FakeStore()
  store.scanBatch = 7
  const snapshots = snapshotFiles(folder, () => 0)
  const loading = { store, snapshots, seed: random.below(1000), onSnapshotError: fail }
  // From a cache that never holds more than one index to one for most projects.
  const nodes = [1, 2].map((): Node => {
    const bytesMax = random.pick([1, 100_000, 250_000, 400_000])
    const errors: unknown[] = []
    const options = {
      store,
      clock: () => 0,
      writeQueueMax: 1000,
      changeRulesOf: profileOf('huawei').tagRulesOf,
      // 1 packs every small index that is not the last one used.
      smallIndexBytesMax: random.pick([1, 50_000, 10_000_000]),
      onError: (error: unknown) => errors.push(error),
    }
    return { catalog: new Catalog({ ...options, indexes: loading, indexBytesMax: bytesMax }), errors, bytesMax }
  })
  const references = new Map(PROJECTS.map((project) => [project, new ReferenceStore()]))
  for (let step = 0; step < STEPS_PER_ROUND; step++) {
    const writes: (() => Promise<unknown>)[] = []
    for (const [project, reference] of references) {
      if (random.chance(0.5)) writes.push(changeOf(random, project, reference, random.pick(nodes).catalog, store))
    }
    // These reads only cause evictions and loads during the writes.
    const concurrentReads = PROJECTS.map((project) => random.pick(nodes).catalog.count(project, 'images', {}))
    await Promise.all([...writes.map((write) => write()), ...concurrentReads])
    if (random.chance(0.3)) await refreshSnapshot(loading, random.pick(PROJECTS))
    if (random.chance(0.1)) random.pick(nodes).catalog.indexes.drop(random.pick(PROJECTS))
    const projects = Array.from({ length: QUERIES_PER_STEP }, () => random.pick(PROJECTS))
    await Promise.all(projects.map((project) => check(random, project, references, random.pick(nodes).catalog)))
    await Promise.all(nodes.map(({ catalog }) => catalog.count(`made-up-${step}`, 'images', {})))
    figures.answers += projects.length
  }
  for (const { catalog, errors, bytesMax } of nodes) {
    const { bytes, oversizedBytes, projects, evictions, loads } = catalog.indexes.stats
    expect(errors).toEqual([])
    expect(projects).toBeLessThanOrEqual(PROJECTS.length)
    expect(bytes - oversizedBytes).toBeLessThanOrEqual(bytesMax)
    figures.evictions += evictions
    figures.loads += loads
  }
}

/** Changes some resources of a project in the reference store. Returns a function that makes the same writes. */
function changeOf(
  random: Random,
  project: string,
  reference: ReferenceStore,
  catalog: Catalog,
  store: FakeStore,
): () => Promise<unknown> {
  const changes = random.some(IDS, random.pick([0.02, 0.1, 0.9])).map((id) => {
    const isDeleted = reference.resources.has(id) && random.chance(0.3)
    if (isDeleted) reference.delete(id)
    const resource = isDeleted ? undefined : reference.register(id, randomName(random), randomTags(random, 10))
    const change = resource === undefined ? ({ kind: 'delete' } as const) : register(resource)
    return { type: 'images' as const, id, change }
  })
  if (changes.length === 0) return async () => undefined
  if (random.chance(0.3)) {
    return async () => store.writeElsewhere(project, ...changes.map(({ id, change }) => request(id, change)))
  }
  return () => catalog.bulk.changeFirst(project, changes, AUTHOR, undefined)
}

async function check(
  random: Random,
  project: string,
  references: ReadonlyMap<string, ReferenceStore>,
  catalog: Catalog,
): Promise<void> {
  const query = meaningOf(randomQuery(random, IDS))
  const expected =
    references
      .get(project)
      ?.inOrder()
      .filter((resource) => matches(resource, query)) ?? []
  const { total, resources } = await catalog.find(project, 'images', query, PAGE)
  const about = `project ${project}, query ${JSON.stringify(query)}`
  expect(total, about).toBe(expected.length)
  expect(
    resources.map(({ id, name, tags }) => ({ id, name, tags })),
    about,
  ).toEqual(expected.map(({ id, name, tags }) => ({ id, name, tags })))
}

function fail(project: string, error: unknown): never {
  throw new Error(`a snapshot of ${project} was rejected`, { cause: error })
}
