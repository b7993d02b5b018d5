import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ResourceType } from '../../src/core/resource-types.ts'
import { checkProject } from '../../src/store/check-log.ts'
import { DamagedRow } from '../../src/store/damaged-row.ts'
import type { Change, Store, WriteRequest } from '../../src/store/store.ts'
import { FakeStore } from '../catalog/fake-store.ts'
import { runLength } from '../support/effort.ts'
import { Random } from '../support/random.ts'
import { forgetHistory } from './forget-history.ts'
import { openLocation, TEST_LOCATIONS, type TestLocation } from './locations.ts'
import { inShort, register, remove, request, setTags } from './requests.ts'

// The sentences of `HistoryReads`, and those of `TagStore` about times and pointers. A random history is compared with a
// plain replay; TAGWERK_FUZZ_SEED repeats a run, TAGWERK_FUZZ_ROUNDS makes it longer.

const SEED = Number(process.env.TAGWERK_FUZZ_SEED ?? 20_261_129)
const ROUNDS = Number(process.env.TAGWERK_FUZZ_ROUNDS ?? runLength(34, 100))
const READS_OF_EACH_KIND = 40
const CASES_MIN = ROUNDS * 4 * READS_OF_EACH_KIND

type Reads = Store | FakeStore
const TYPES: readonly ResourceType[] = ['images', 'instances']
const IDS = ['a', 'b', 'c', 'd']

const at = (atMs: number, made: WriteRequest): WriteRequest => ({ ...made, atMs })
const revisionsOf = (changes: readonly (Change | undefined)[]) => changes.map((change) => change?.revision)

describe.each(TEST_LOCATIONS)('the history in %s', (_engine, makeLocation) => {
  let location: TestLocation
  let store: Store

  beforeEach(async () => {
    location = await makeLocation()
    store = await openLocation(location)
  })

  afterEach(async () => {
    await store.close()
    await location.dispose()
  })

  /** Eleven changes of three resources; `b` is deleted, returns and is deleted again. */
  async function writeSome(): Promise<void> {
    await store.commit('p', [at(10, register('a')), at(20, register('b', 'k=1'))])
    await store.commit('p', [at(30, setTags('a', 'k=1')), at(40, remove('b')), at(40, register('c'))])
    await store.commit('p', [at(50, register('b', 'k=2')), at(60, setTags('b', 'k=3')), at(60, remove('b'))])
    await store.commit('p', [at(70, setTags('a', 'k=2')), at(80, setTags('c', 'k=1')), at(90, setTags('c', 'k=2'))])
  }

  it('the state of a history is 0 throughout before the first write, and then has the last revision and time', async () => {
    const none = { revision: 0, horizon: 0, horizonAtMs: 0, lastAtMs: 0 }
    expect(await store.getHistoryState('p')).toEqual(none)
    await writeSome()
    expect(await store.getHistoryState('p')).toEqual({ ...none, revision: 11, lastAtMs: 90 })
    await forgetHistory(location, 'p', 6)
    expect(await store.getHistoryState('p')).toEqual({ revision: 11, horizon: 6, horizonAtMs: 50, lastAtMs: 90 })
    expect(await store.getHistoryState('q')).toEqual(none)
  })

  it('the time of a change is that of its request, or that of the change before if it is later', async () => {
    const verdicts = [
      ...(await store.commit('p', [at(50, register('a')), at(30, register('b')), at(60, setTags('a', 'k='))])),
      ...(await store.commit('p', [at(20, register('c')), at(20, setTags('b', 'k=')), at(61, setTags('c', 'k='))])),
    ]
    const times = [50, 50, 60, 60, 60, 61]
    expect(verdicts.map((verdict) => verdict.outcome === 'changed' && verdict.change.atMs)).toEqual(times)
    expect((await store.changesSince('p', 0, 10)).map(({ atMs }) => atMs)).toEqual(times)
    const seen: [string, number, number][] = []
    for await (const batch of (await store.scan('p')).batches) {
      for (const { id, createdAtMs, updatedAtMs } of batch) seen.push([id, createdAtMs, updatedAtMs])
    }
    expect(seen).toEqual([
      ['a', 50, 60],
      ['b', 50, 60],
      ['c', 60, 61],
    ])
  })

  it('a refused unit does not move the time', async () => {
    const unit = (id: string) => at(99, request(id, { kind: 'set-tags', tags: [{ key: 'k', value: '' }], unit: 'u' }))
    await store.commit('p', [at(5, register('a'))])
    await store.commit('p', [unit('a'), unit('none'), at(7, setTags('a', 'k=1'))])
    expect(await store.getHistoryState('p')).toMatchObject({ revision: 2, lastAtMs: 7 })
    expect((await store.changesSince('p', 1, 9))[0]).toMatchObject({ priorRevision: 1, atMs: 7 })
  })

  it('a change names the change of its resource before it, also across a deletion and within one call', async () => {
    await writeSome()
    const other = { ...register('a'), type: 'instances' as const }
    await store.commit('p', [remove('a'), register('a'), register('b'), other, register('d'), remove('d')])
    const log = await store.changesSince('p', 0, 99)
    expect(log.map(({ priorRevision }) => priorRevision)).toEqual([
      ...[undefined, undefined, 1, 2, undefined, 4, 6, 7, 3, 5, 10],
      ...[9, 12, 8, undefined, undefined, 16],
    ])
    await store.commit('p', [register('d'), remove('a'), { ...remove('a'), type: 'instances' as const }])
    expect((await store.changesSince('p', 17, 9)).map(({ priorRevision }) => priorRevision)).toEqual([17, 13, 15])
  })

  it('a change keeps the cause of its request, and the verdict has it', async () => {
    const verdicts = await store.commit('p', [
      register('a'),
      { ...register('b'), cause: 'plan:1' },
      { ...register('c'), cause: 'plan:1' },
      { ...setTags('b', 'k='), cause: 'undo:\0' },
      setTags('c', 'k='),
    ])
    const causes = [undefined, 'plan:1', 'plan:1', 'undo:\0', undefined]
    expect(verdicts.map((verdict) => verdict.outcome === 'changed' && verdict.change.cause)).toEqual(causes)
    expect((await store.changesSince('p', 0, 9)).map(({ cause }) => cause)).toEqual(causes)
  })

  it('a scan returns each resource with the revision of its last change', async () => {
    await writeSome()
    const seen: [string, number][] = []
    for await (const batch of (await store.scan('p')).batches) {
      for (const { id, revision } of batch) seen.push([id, revision])
    }
    expect(seen).toEqual([
      ['a', 9],
      ['c', 11],
    ])
  })

  it('changesSince returns no change above the revision it may go up to', async () => {
    await writeSome()
    expect(revisionsOf(await store.changesSince('p', 2, 10, 5))).toEqual([3, 4, 5])
    expect(revisionsOf(await store.changesSince('p', 2, 2, 5))).toEqual([3, 4])
    expect(await store.changesSince('p', 5, 10, 5)).toEqual([])
    expect(revisionsOf(await store.changesSince('p', 9, 10, 99))).toEqual([10, 11])
  })

  it('changesBefore returns changes newest first, page by page, and none at or below the horizon', async () => {
    await writeSome()
    expect(revisionsOf(await store.changesBefore('p', undefined, 3))).toEqual([11, 10, 9])
    expect(revisionsOf(await store.changesBefore('p', 9, 99))).toEqual([8, 7, 6, 5, 4, 3, 2, 1])
    expect(await store.changesBefore('p', 1, 9)).toEqual([])
    expect(await store.changesBefore('q', undefined, 9)).toEqual([])
    expect(await store.changesBefore('p', 4, 1)).toEqual(await store.changesSince('p', 2, 1))
    await forgetHistory(location, 'p', 7)
    expect(revisionsOf(await store.changesBefore('p', 10, 9))).toEqual([9, 8])
  })

  it('changesOf returns the life of one resource, newest first, across deletions and pages', async () => {
    await writeSome()
    await store.commit('q', [register('b')])
    const of = (id: string, before?: number, limit = 99, type: ResourceType = 'images') =>
      store.changesOf('p', type, id, before, limit)
    expect(revisionsOf(await of('b'))).toEqual([8, 7, 6, 4, 2])
    expect(revisionsOf(await of('b', undefined, 1))).toEqual([8])
    expect(revisionsOf(await of('b', 8, 2))).toEqual([7, 6])
    expect(revisionsOf(await of('b', 6, 2))).toEqual([4, 2])
    expect(await of('b', 2)).toEqual([])
    // From a revision that is not one of the resource.
    expect(revisionsOf(await of('b', 5, 1))).toEqual([4])
    expect(revisionsOf(await of('b', 3))).toEqual([2])
    expect(revisionsOf(await of('a'))).toEqual([9, 3, 1])
    expect(await of('none')).toEqual([])
    expect(await of('b', undefined, 9, 'instances')).toEqual([])
    expect(await of('b', 8, 1)).toEqual(await store.changesSince('p', 6, 1))
  })

  it('changesOf returns one change at or below the horizon, the state there, whatever else is left', async () => {
    await writeSome()
    const lives = async (before?: number) => {
      const found: (number | undefined)[][] = []
      for (const id of ['a', 'b', 'c']) found.push(revisionsOf(await store.changesOf('p', 'images', id, before, 99)))
      return found
    }
    await location.sql(`UPDATE project_state SET horizon = 5, horizon_at_ms = 40 WHERE project_id = 'p'`)
    const [all, before] = [await lives(), await lives(3)]
    expect(all).toEqual([
      [9, 3],
      [8, 7, 6],
      [11, 10, 5],
    ])
    expect(before).toEqual([[], [], []])
    await forgetHistory(location, 'p', 5)
    expect([await lives(), await lives(3)]).toEqual([all, before])
  })

  it('getChanges returns the change of each revision in their order, and undefined for others', async () => {
    await writeSome()
    const found = await store.getChanges('p', [7, 99, 2, 2, 0])
    expect(revisionsOf(found)).toEqual([7, undefined, 2, 2, undefined])
    expect(found[0]).toEqual((await store.changesSince('p', 6, 1))[0])
    expect(await store.getChanges('p', [])).toEqual([])
    expect(await store.getChanges('q', [1])).toEqual([undefined])
  })

  it('revisionAt returns the last revision whose time is not above the given one', async () => {
    expect(await store.revisionAt('p', 5)).toBe(0)
    await writeSome()
    const found: number[] = []
    for (const time of [0, 9, 10, 39, 40, 41, 60, 89, 90, 1e15]) found.push(await store.revisionAt('p', time))
    expect(found).toEqual([0, 0, 1, 3, 5, 5, 8, 10, 11, 11])
    await forgetHistory(location, 'p', 6)
    const later: number[] = []
    for (const time of [0, 49, 50, 59, 60, 90]) later.push(await store.revisionAt('p', time))
    expect(later).toEqual([0, 0, 6, 6, 8, 11])
  })

  it('a damaged change is named by every read that needs it, and costs no other', async () => {
    await writeSome()
    await location.sql(`UPDATE change_log SET tags = 'x' WHERE revision = 6`)
    const damage = { resource: 'images b', revision: 6 }
    await expect(store.changesBefore('p', 8, 2)).rejects.toMatchObject(damage)
    await expect(store.changesOf('p', 'images', 'b', undefined, 9)).rejects.toThrow(DamagedRow)
    await expect(store.getChanges('p', [1, 6])).rejects.toMatchObject(damage)
    expect(revisionsOf(await store.changesBefore('p', 8, 1))).toEqual([7])
    expect(revisionsOf(await store.changesOf('p', 'images', 'b', undefined, 2))).toEqual([8, 7])
    expect(await store.revisionAt('p', 50)).toBe(6)
  })

  it(`random histories are as a plain replay has them, in at least ${CASES_MIN} comparisons (seed ${SEED})`, {
    timeout: 300_000,
  }, async () => {
    const random = new Random(SEED)
    let cases = 0
    for (let round = 0; round < ROUNDS; round++) {
      const project = `round-${round}`
      const plain = new FakeStore()
      for (let commit = random.below(8); commit >= 0; commit--) {
        const requests = Array.from({ length: 1 + random.below(6) }, () => randomRequest(random))
        expect(inShort(await store.commit(project, requests))).toEqual(inShort(await plain.commit(project, requests)))
      }
      if (random.below(3) === 0) {
        const horizon = random.below((await plain.getRevision(project)) + 1)
        await forgetHistory(location, project, horizon)
        plain.forgetHistory(project, horizon)
      }
      expect((await checkProject(store, project)).differences).toEqual([])
      const { revision, lastAtMs } = await plain.getHistoryState(project)
      const reads = [
        (of: Reads) => of.getHistoryState(project),
        (of: Reads) =>
          of.getChanges(
            project,
            Array.from({ length: revision + 2 }, (_, i) => revision + 1 - i),
          ),
        ...Array.from({ length: READS_OF_EACH_KIND }, () => randomReads(random, project, revision, lastAtMs)).flat(),
      ]
      // At once, so that a database with a network in between is not asked one by one.
      const [found, expected] = await Promise.all(
        [store, plain].map((of) => Promise.all(reads.map((read) => read(of)))),
      )
      expect(found).toEqual(expected)
      cases += reads.length
    }
    expect(cases).toBeGreaterThanOrEqual(CASES_MIN)
  })
})

/** One read of each kind. */
function randomReads(random: Random, project: string, revision: number, lastAtMs: number) {
  const somewhere = () => random.below(revision + 3)
  const [some, limit] = [random.below(4) === 0 ? undefined : somewhere(), 1 + random.below(6)]
  const [type, id, above, atMs] = [random.pick(TYPES), random.pick(IDS), somewhere(), random.below(lastAtMs + 5)]
  return [
    (of: Reads) => of.changesBefore(project, some, limit),
    (of: Reads) => of.changesOf(project, type, id, some, limit),
    (of: Reads) => of.changesSince(project, above, limit, some),
    (of: Reads) => of.revisionAt(project, atMs),
  ]
}

function randomRequest(random: Random): WriteRequest {
  const id = random.pick(IDS)
  const tag = `k${random.below(2)}=${random.below(3)}`
  const made = random.pick([register(id, tag), register(id), setTags(id, tag), remove(id)])
  const cause = random.below(4) === 0 ? `plan:${random.below(3)}` : undefined
  return { ...made, type: random.pick(TYPES), atMs: random.below(60), ...(cause === undefined ? {} : { cause }) }
}
