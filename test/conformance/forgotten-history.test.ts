import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { History } from '../../src/catalog/history.ts'
import type { DifferentResource } from '../../src/catalog/history-difference.ts'
import { IndexFollower } from '../../src/catalog/index-follower.ts'
import { IndexLoader } from '../../src/catalog/index-loader.ts'
import { checkProject } from '../../src/store/check-log.ts'
import type { Change, Store } from '../../src/store/store.ts'
import { FakeStore } from '../catalog/fake-store.ts'
import { runLength } from '../support/effort.ts'
import { Random } from '../support/random.ts'
import { ofProject, openLocation, TEST_LOCATIONS, type TestLocation } from './locations.ts'
import { register, remove, request, setTags } from './requests.ts'

// The sentences of `HistoryWrites`, and what is read beside it.

const SEED = Number(process.env.TAGWERK_FUZZ_SEED ?? 20_261_129)
const ROUNDS = Number(process.env.TAGWERK_FUZZ_ROUNDS ?? runLength(25, 200))
const IDS = ['a', 'b', 'c', 'd', 'e']

function randomRequest(random: Random, atMs: number) {
  const id = random.pick(IDS)
  const tag = `k${random.below(2)}=${random.below(3)}`
  return { ...random.pick([register(id, tag), setTags(id, tag), remove(id)]), atMs }
}

describe.each(TEST_LOCATIONS)('forgetting history in %s', (_engine, makeLocation) => {
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

  const logOf = async () =>
    (await location.sql(`SELECT revision FROM change_log WHERE ${ofProject('p')} ORDER BY revision`)).map((row) =>
      Number(row.revision),
    )
  const at = (atMs: number, made: ReturnType<typeof register>) => ({ ...made, atMs })

  it('it moves the horizon over changes from before a time, a step at a time, and says how many', async () => {
    await store.commit('p', [at(10, register('a')), at(20, setTags('a', 'k=1')), at(30, register('b'))])
    await store.commit('p', [at(40, setTags('a', 'k=2')), at(50, setTags('a', 'k=3'))])
    const forget = (beforeMs: number, limit: number) => store.forgetHistory('p', beforeMs, limit)
    const horizon = async () => {
      const { horizon: revision, horizonAtMs } = await store.getHistoryState('p')
      return [revision, horizonAtMs]
    }
    expect(await forget(10, 9)).toEqual({ changes: 0, rows: 0 })
    expect(await horizon()).toEqual([0, 0])
    expect(await forget(11, 9)).toEqual({ changes: 1, rows: 0 })
    expect([await horizon(), await logOf()]).toEqual([
      [1, 10],
      [1, 2, 3, 4, 5],
    ])
    expect(await forget(40, 1)).toEqual({ changes: 1, rows: 1 })
    expect(await forget(40, 9)).toEqual({ changes: 1, rows: 0 })
    expect(await forget(40, 9)).toEqual({ changes: 0, rows: 0 })
    expect([await horizon(), await logOf()]).toEqual([
      [3, 30],
      [2, 3, 4, 5],
    ])
    expect(await store.forgetHistory('none', 99, 9)).toEqual({ changes: 0, rows: 0 })
  })

  it('it never moves over the last change', async () => {
    await store.commit('p', [register('a'), register('b'), remove('a')])
    expect(await store.forgetHistory('p', 1e15, 9)).toEqual({ changes: 2, rows: 0 })
    expect(await store.forgetHistory('p', 1e15, 9)).toEqual({ changes: 0, rows: 0 })
    expect(await logOf()).toEqual([1, 2, 3])
  })

  it('it deletes deletions, and forgets that their resources were ever there', async () => {
    await store.commit('p', [register('a'), remove('a'), register('b'), setTags('b', 'k=1')])
    expect(await store.forgetHistory('p', 1e15, 9)).toEqual({ changes: 3, rows: 2 })
    expect(await logOf()).toEqual([3, 4])
    expect(await store.changesOf('p', 'images', 'a', undefined, 9)).toEqual([])
    await store.commit('p', [register('a')])
    expect(await store.changesOf('p', 'images', 'a', undefined, 9)).toMatchObject([
      { revision: 5, priorRevision: undefined },
    ])
  })

  it('it keeps what a resource was deleted at, when that is above the horizon', async () => {
    await store.commit('p', [register('a'), register('b'), remove('a'), setTags('b', 'k=1')])
    await store.forgetHistory('p', 1e15, 2)
    await store.commit('p', [register('a')])
    const life = await store.changesOf('p', 'images', 'a', undefined, 9)
    expect(life.map(({ revision, priorRevision }) => [revision, priorRevision])).toEqual([
      [5, 3],
      [3, 1],
      [1, undefined],
    ])
  })

  it('it goes on over a change whose time is damaged', async () => {
    if (location.at.engine !== 'sqlite') return
    await store.commit('p', [at(1, register('a')), at(2, setTags('a', 'k=1')), at(3, setTags('a', 'k=2'))])
    await location.sql(`UPDATE change_log SET at_ms = 'x' WHERE revision = 2`)
    expect(await store.forgetHistory('p', 3, 9)).toEqual({ changes: 2, rows: 1 })
    expect(await store.getHistoryState('p')).toMatchObject({ horizon: 2, horizonAtMs: 1 })
  })

  it('what it leaves of a random history is the state at the horizon, in every order of steps and writes', {
    timeout: 120_000,
  }, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const random = new Random(SEED + round)
      const project = `p${round}`
      const plain = new FakeStore()
      const all: Change[] = []
      let atMs = 1
      for (let step = 0; step < 12; step++) {
        const requests = Array.from({ length: random.below(6) }, () => {
          atMs += random.below(3)
          return randomRequest(random, atMs)
        })
        await plain.commit(project, requests)
        for (const verdict of await store.commit(project, requests)) {
          if (verdict.outcome === 'changed') all.push(verdict.change)
        }
        if (random.chance(0.6)) await store.forgetHistory(project, random.below(atMs + 2), 1 + random.below(5))
      }
      const { revision, horizon } = await store.getHistoryState(project)
      const log = await store.changesSince(project, 0, 1000)
      const base = new Map(all.filter((each) => each.revision <= horizon).map((change) => [change.id, change]))
      const expected = [
        ...[...base.values()].filter(({ after }) => after !== undefined).sort((a, b) => a.revision - b.revision),
        ...all.filter((change) => change.revision > horizon),
      ]
      const bare = (changes: readonly Change[]) => changes.map(({ priorRevision: _prior, ...change }) => change)
      expect(bare(log), `round ${round}`).toEqual(bare(expected))
      expect((await checkProject(store, project)).differences, `round ${round}`).toEqual([])
      const history = new History(store)
      const from = horizon + random.below(revision - horizon + 1)
      const stateAt = (to: number) => {
        const states = new Map<string, unknown>()
        for (const { id, after, revision: each } of all) {
          if (each > to) break
          if (after === undefined) states.delete(id)
          else states.set(id, after)
        }
        return states
      }
      const states = stateAt(from)
      const difference = await history.difference(project, { from, to: revision }, { query: {} })
      for await (const resources of difference.resources()) {
        for (const { id, to } of resources) to === undefined ? states.delete(id) : states.set(id, to)
      }
      expect(states, `round ${round}`).toEqual(stateAt(revision))
    }
  })

  it('a reader that was behind the horizon reads the present state', async () => {
    const follower = new IndexFollower(
      store,
      new IndexLoader({ store, seed: 1, onSnapshotError: () => undefined }),
      'p',
    )
    await store.commit('p', [register('a', 'k=1'), register('b', 'k=1')])
    expect((await follower.fresh()).revision).toBe(2)
    await store.commit('p', [setTags('a', 'k=2'), remove('b'), setTags('a', 'k=3'), register('c', 'k=1')])
    await store.forgetHistory('p', 1e15, 99)
    const index = await follower.fresh()
    expect([index.revision, index.size, index.of('images').get('a')?.tags]).toEqual([6, 2, [{ key: 'k', value: '3' }]])
  })

  it('beside writers and readers it changes no answer above the horizon', { timeout: 120_000 }, async () => {
    const random = new Random(SEED)
    const history = new History(store)
    const all: Change[] = []
    let isWriting = true
    const write = async () => {
      for (let commit = 0; commit < 60; commit++) {
        const requests = Array.from({ length: 20 }, () => randomRequest(random, commit * 10))
        for (const verdict of await store.commit('p', requests)) {
          if (verdict.outcome === 'changed') all.push(verdict.change)
        }
      }
      isWriting = false
    }
    const forget = async () => {
      while (isWriting) await store.forgetHistory('p', (all.at(-1)?.atMs ?? 0) - 200, 15)
    }
    let compared = 0
    const read = async () => {
      while (isWriting) {
        const { revision, horizon } = await history.state('p')
        const from = horizon + Math.floor((revision - horizon) / 2)
        try {
          const difference = await history.difference('p', { from, to: revision }, { query: {} })
          const found: DifferentResource[] = []
          for await (const resources of difference.resources()) found.push(...resources)
          if (all.length < revision) continue
          const states = new Map<string, unknown>()
          for (const { id, after, revision: each } of all) if (each <= from) states.set(id, after)
          for (const { id, from: before, to } of found) {
            expect(before).toEqual(states.get(id))
            states.set(id, to)
          }
          const expected = new Map<string, unknown>()
          for (const { id, after, revision: each } of all) if (each <= revision) expected.set(id, after)
          expect(states).toEqual(expected)
          compared++
        } catch (error) {
          if ((error as { code?: string }).code !== 'revision-gone') throw error
        }
      }
    }
    await Promise.all([write(), forget(), read()])
    expect(compared).toBeGreaterThan(3)
    expect((await checkProject(store, 'p')).differences).toEqual([])
  })

  it('a revision below the horizon is refused', async () => {
    await store.commit('p', [register('a'), setTags('a', 'k=1'), setTags('a', 'k=2'), request('a', { kind: 'delete' })])
    await store.forgetHistory('p', 1e15, 2)
    const history = new History(store)
    await expect(history.resolve('p', { revision: 1 }, 'from')).rejects.toMatchObject({
      code: 'revision-gone',
      facts: { horizon: 2 },
    })
    expect(await history.resolve('p', { revision: 2 }, 'from')).toBe(2)
  })
})
