import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { refreshSnapshot } from '../../src/catalog/index-loader.ts'
import { matches } from '../../src/core/matches.ts'
import { snapshotFiles } from '../../src/store/snapshots/snapshot-files.ts'
import { FakeStore, register, request } from '../catalog/fake-store.ts'
import { runLength } from '../support/effort.ts'
import { Random } from '../support/random.ts'
import { meaningOf, PlainWorld, randomName, randomQuery, randomTags } from './world.ts'

// Two nodes over one store, each with room for a few of the projects at a time, so that indexes come and go between and
// during the steps, some from snapshots: each answer must be that of a plain map, whoever wrote and whoever is asked.
// Set TAGWERK_FUZZ_SEED to repeat a run, TAGWERK_FUZZ_ROUNDS for a longer one.

const SEED = Number(process.env.TAGWERK_FUZZ_SEED ?? 20_261_126)
const ROUNDS = Number(process.env.TAGWERK_FUZZ_ROUNDS ?? runLength(15, 40))
const STEPS_PER_ROUND = 25
const QUERIES_PER_STEP = 8
const IDS = Array.from({ length: 120 }, (_, i) => `image-${i}`)
const PROJECTS = Array.from({ length: 6 }, (_, i) => `project-${i}`)
const AUTHOR = { userId: 'u', requestId: 'r' }
const PAGE = { offset: 0, limit: 1000 }

it(`answers the same with indexes that come and go (seed ${SEED})`, { timeout: 240_000 }, async () => {
  const random = new Random(SEED)
  const figures = { evictions: 0, loads: 0, answers: 0 }
  for (let round = 0; round < ROUNDS; round++) {
    const folder = await mkdtemp(join(tmpdir(), 'tagwerk-evictions-'))
    try {
      await playRound(random, folder, figures)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  // Rare evictions would show nothing.
  expect(figures.evictions).toBeGreaterThan(ROUNDS * STEPS_PER_ROUND)
  console.log(`evictions: ${JSON.stringify(figures)}, seed ${SEED}`)
})

type Node = { readonly catalog: Catalog; readonly errors: unknown[]; readonly bytesMax: number }

async function playRound(
  random: Random,
  folder: string,
  figures: { evictions: number; loads: number; answers: number },
): Promise<void> {
  const store = new FakeStore()
  store.scanBatch = 7
  const snapshots = snapshotFiles(folder, () => 0)
  const loading = { store, snapshots, seed: random.below(1000), onSnapshotError: fail }
  // From room for one index, which is then the only one, to room for most of them.
  const nodes = [1, 2].map((): Node => {
    const bytesMax = random.pick([1, 100_000, 250_000, 400_000])
    const errors: unknown[] = []
    const options = { store, clock: () => 0, writeQueueMax: 1000, onError: (error: unknown) => errors.push(error) }
    return { catalog: new Catalog({ ...options, indexes: loading, indexBytesMax: bytesMax }), errors, bytesMax }
  })
  const worlds = new Map(PROJECTS.map((project) => [project, new PlainWorld()]))
  for (let step = 0; step < STEPS_PER_ROUND; step++) {
    const writes: (() => Promise<unknown>)[] = []
    for (const [project, world] of worlds) {
      if (random.chance(0.5)) writes.push(changeOf(random, project, world, random.pick(nodes).catalog, store))
    }
    // What is asked meanwhile says nothing, but lets indexes come and go in the middle of things.
    const meanwhile = PROJECTS.map((project) => random.pick(nodes).catalog.count(project, 'images', {}))
    await Promise.all([...writes.map((write) => write()), ...meanwhile])
    if (random.chance(0.3)) await refreshSnapshot(loading, random.pick(PROJECTS))
    if (random.chance(0.1)) random.pick(nodes).catalog.dropIndex(random.pick(PROJECTS))
    const asked = Array.from({ length: QUERIES_PER_STEP }, () => random.pick(PROJECTS))
    await Promise.all(asked.map((project) => check(random, project, worlds, random.pick(nodes).catalog)))
    await Promise.all(nodes.map(({ catalog }) => catalog.count(`made-up-${step}`, 'images', {})))
    figures.answers += asked.length
  }
  for (const { catalog, errors, bytesMax } of nodes) {
    const { bytes, oversizedBytes, projects, evictions, loads } = catalog.indexStats
    expect(errors).toEqual([])
    expect(projects).toBeLessThanOrEqual(PROJECTS.length)
    expect(bytes - oversizedBytes).toBeLessThanOrEqual(bytesMax)
    figures.evictions += evictions
    figures.loads += loads
  }
}

/** Changes a few resources of one project at once, in the plain world now and in the other one when it is called. */
function changeOf(
  random: Random,
  project: string,
  world: PlainWorld,
  catalog: Catalog,
  store: FakeStore,
): () => Promise<unknown> {
  const changes = random.some(IDS, random.pick([0.02, 0.1, 0.9])).map((id) => {
    const isGone = world.resources.has(id) && random.chance(0.3)
    if (isGone) world.delete(id)
    const resource = isGone ? undefined : world.register(id, randomName(random), randomTags(random, 10))
    const change = resource === undefined ? ({ kind: 'delete' } as const) : register(resource)
    return { type: 'images' as const, id, change }
  })
  if (changes.length === 0) return async () => undefined
  if (random.chance(0.3)) {
    return async () => store.writeElsewhere(project, ...changes.map(({ id, change }) => request(id, change)))
  }
  return () => catalog.changeFirst(project, changes, AUTHOR)
}

async function check(
  random: Random,
  project: string,
  worlds: ReadonlyMap<string, PlainWorld>,
  catalog: Catalog,
): Promise<void> {
  const query = meaningOf(randomQuery(random, IDS))
  const truth =
    worlds
      .get(project)
      ?.inOrder()
      .filter((resource) => matches(resource, query)) ?? []
  const { total, resources } = await catalog.find(project, 'images', query, PAGE)
  const about = `project ${project}, query ${JSON.stringify(query)}`
  expect(total, about).toBe(truth.length)
  expect(
    resources.map(({ id, name, tags }) => ({ id, name, tags })),
    about,
  ).toEqual(truth.map(({ id, name, tags }) => ({ id, name, tags })))
}

function fail(project: string, error: unknown): never {
  throw new Error(`a snapshot of ${project} was not believed`, { cause: error })
}
