import { describe, expect, it } from 'vitest'
import { History } from '../../src/catalog/history.ts'
import type { DifferenceFilter, DifferentResource } from '../../src/catalog/history-difference.ts'
import { matches } from '../../src/core/matches.ts'
import type { ResourceState } from '../../src/core/resource.ts'
import { randomHistory, statesAt, type TestChange } from '../core/histories.ts'
import { Random } from '../support/random.ts'
import { FakeStore, request } from './fake-store.ts'

const PROJECT = 'p'
const IDS = ['a', 'b', 'c', 'd']

function written(random: Random, size: number): { store: FakeStore; history: readonly TestChange[] } {
  const store = new FakeStore()
  // A random history may repeat a state, which is no change to a store.
  for (const { id, after } of randomHistory(random, size, IDS)) {
    const change = after === undefined ? ({ kind: 'delete' } as const) : ({ kind: 'register', state: after } as const)
    store.writeElsewhere(PROJECT, { ...request(id, change), actor: `user-${random.below(2)}` })
  }
  return { store, history: store.log(PROJECT) }
}

async function differenceOf(store: FakeStore, from: number, to: number, filter: DifferenceFilter = { query: {} }) {
  const difference = await new History(store).difference(PROJECT, { from, to }, filter)
  const all: DifferentResource[] = []
  for await (const resources of difference.resources()) all.push(...resources)
  return all
}

/** The states at one moment with a difference applied to them. */
function applied(states: ReadonlyMap<string, ResourceState>, difference: readonly DifferentResource[]) {
  const result = new Map(states)
  for (const { id, from, to } of difference) {
    expect(from).toEqual(states.get(id))
    if (to === undefined) result.delete(id)
    else result.set(id, to)
  }
  return result
}

describe('the difference of two revisions', () => {
  it('added to the state at the first is the state at the second, in either direction', async () => {
    for (let seed = 0; seed < 1500; seed++) {
      const random = new Random(seed)
      const { store, history } = written(random, 1 + random.below(30))
      const [from, to] = [random.below(history.length + 1), random.below(history.length + 1)]
      const difference = await differenceOf(store, from, to)
      expect(applied(statesAt(history, from), difference), `seed ${seed}`).toEqual(statesAt(history, to))
      const between = history.slice(Math.min(from, to), Math.max(from, to))
      for (const { id, changes, movement, from: before, to: after } of difference) {
        expect(changes).toBe(between.filter((each) => each.id === id).length)
        expect(movement).toBe(before === undefined ? 'entered' : after === undefined ? 'left' : 'changed')
      }
    }
  })

  it('judges the conditions of a query at both moments', async () => {
    for (let seed = 0; seed < 1000; seed++) {
      const random = new Random(seed)
      const { store, history } = written(random, 1 + random.below(30))
      const [from, to] = [random.below(history.length + 1), random.below(history.length + 1)]
      const query = { tags: [{ key: 'env', values: random.chance(0.5) ? [] : ['a'] }] }
      const difference = await differenceOf(store, from, to, { query })
      const [before, after] = [statesAt(history, from), statesAt(history, to)]
      const isIn = (states: ReadonlyMap<string, ResourceState>, id: string) => {
        const state = states.get(id)
        return state !== undefined && matches({ id, ...state }, query)
      }
      const expected = IDS.flatMap((id) => {
        const [was, is] = [isIn(before, id), isIn(after, id)]
        if (was !== is) return [[id, is ? 'entered' : 'left']]
        const isSame = JSON.stringify(before.get(id)) === JSON.stringify(after.get(id))
        return was && !isSame ? [[id, 'changed']] : []
      })
      const found = difference.map(({ id, movement }) => [id, movement]).sort()
      expect(found, `seed ${seed}`).toEqual(expected)
    }
  })

  it('can be limited to types, and to resources whose tag with a key differs', async () => {
    const { store, history } = written(new Random(6), 30)
    const all = await differenceOf(store, 0, history.length)
    expect(await differenceOf(store, 0, history.length, { types: ['images'], query: {} })).toEqual(all)
    expect(await differenceOf(store, 0, history.length, { types: ['instances'], query: {} })).toEqual([])
    const withKey = await differenceOf(store, 0, history.length, { key: 'env', query: {} })
    const hasEnv = ({ to }: DifferentResource) => to?.tags.some(({ key }) => key === 'env')
    expect(withKey).toEqual(all.filter(hasEnv))
    expect(withKey.length).toBeGreaterThan(0)
  })

  it('names the authors of the changes', async () => {
    const store = new FakeStore()
    for (const [actor, value] of ['ann', 'bob', 'ann'].entries()) {
      const state = { name: '', detail: '{}', tags: [{ key: 'n', value: String(actor) }] }
      store.writeElsewhere(PROJECT, { ...request('a', { kind: 'register', state }), actor: value })
    }
    expect(await differenceOf(store, 0, 3)).toMatchObject([{ changes: 3, actors: ['ann', 'bob'] }])
  })

  it('holds from the horizon on, and is refused when the horizon moves above it', async () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = new Random(seed)
      const { store, history } = written(random, 10 + random.below(20))
      const horizon = 1 + random.below(history.length)
      store.forgetHistory(PROJECT, horizon)
      const difference = await differenceOf(store, horizon, history.length)
      const expected = statesAt(history, history.length)
      expect(applied(statesAt(history, horizon), difference), `seed ${seed}`).toEqual(expected)
      const gone = { code: 'revision-gone', facts: { horizon } }
      await expect(differenceOf(store, horizon - 1, history.length)).rejects.toMatchObject(gone)
    }
  })

  it('says so when the change log lacks a change', async () => {
    const { store, history } = written(new Random(3), 10)
    const log = store.log(PROJECT)
    store.replaceLog(PROJECT, log.slice(0, 5))
    await expect(differenceOf(store, 0, history.length)).rejects.toThrow('the change after revision 5 is missing')
    const prior = log.findLast(({ priorRevision }) => priorRevision !== undefined)?.priorRevision as number
    store.replaceLog(PROJECT, log.toSpliced(prior - 1, 1))
    await expect(differenceOf(store, prior, history.length)).rejects.toThrow(`revision ${prior} is missing`)
  })
})
