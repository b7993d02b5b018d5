import { describe, expect, it } from 'vitest'
import { type ActivityFilter, History } from '../../src/catalog/history.ts'
import { concernsKey, effectOf } from '../../src/core/change-effect.ts'
import type { ResourceState } from '../../src/core/resource.ts'
import type { ResourceType } from '../../src/core/resource-types.ts'
import type { Change } from '../../src/store/store.ts'
import { randomHistory } from '../core/histories.ts'
import { Random } from '../support/random.ts'
import { FakeStore, request } from './fake-store.ts'

const PROJECT = 'p'
const ACTORS = ['ann', 'bob']
const TYPES: readonly ResourceType[] = ['images', 'ecs' as ResourceType]

const typeOf = (id: string) => TYPES[id === 'c' ? 1 : 0] as ResourceType

/** Writes a random history and gives the store with the whole log. */
function written(random: Random, changes: number): { store: FakeStore; log: readonly Change[] } {
  const store = new FakeStore()
  let atMs = 0
  for (const { id, after } of randomHistory(random, changes, ['a', 'b', 'c'])) {
    atMs += random.below(3) * 1000
    const change = after === undefined ? ({ kind: 'delete' } as const) : ({ kind: 'register', state: after } as const)
    const cause = random.chance(0.3) ? 'plan:1' : undefined
    const type = typeOf(id)
    store.writeElsewhere(PROJECT, { ...request(id, change, type), actor: random.pick(ACTORS), atMs, cause })
  }
  return { store, log: store.log(PROJECT) }
}

/** The effect of every change, by replaying the log. */
function replayed(log: readonly Change[]) {
  const states = new Map<string, ResourceState | undefined>()
  const deletions = new Map<string, number>()
  return log.map((change) => {
    const effect = effectOf(states.get(change.id), change.after)
    states.set(change.id, change.after)
    const formerLife = effect.effect === 'created' ? deletions.get(change.id) : undefined
    if (change.after === undefined) deletions.set(change.id, change.revision)
    return { ...change, effect, formerLife }
  })
}

async function allPages<T extends { readonly revision: number }>(
  read: (before: number | undefined) => Promise<{ readonly changes: readonly T[]; readonly next: number | undefined }>,
): Promise<T[]> {
  const all: T[] = []
  let before: number | undefined
  do {
    const { changes, next } = await read(before)
    all.push(...changes)
    before = next
  } while (before !== undefined)
  return all
}

function randomFilter(random: Random, log: readonly Change[]): ActivityFilter {
  const moment = () => random.below(log.length + 1)
  const atMs = () => log[random.below(log.length)]?.atMs as number
  return {
    ...(random.chance(0.2) && { after: moment() }),
    ...(random.chance(0.2) && { before: moment() + 1 }),
    ...(random.chance(0.2) && { sinceMs: atMs() }),
    ...(random.chance(0.2) && { untilMs: atMs() }),
    ...(random.chance(0.3) && { actor: random.pick(ACTORS) }),
    ...(random.chance(0.3) && { types: [random.pick(TYPES)] }),
    ...(random.chance(0.3) && { key: 'env' }),
    ...(random.chance(0.3) && { cause: 'plan:1' }),
  }
}

function isMeant(change: ReturnType<typeof replayed>[number], filter: ActivityFilter): boolean {
  const { after = 0, before = Number.POSITIVE_INFINITY, sinceMs = 0, untilMs = Number.POSITIVE_INFINITY } = filter
  return (
    change.revision > after &&
    change.revision < before &&
    change.atMs >= sinceMs &&
    change.atMs <= untilMs &&
    (filter.actor ?? change.actor) === change.actor &&
    (filter.types ?? TYPES).includes(change.type) &&
    (filter.cause === undefined || filter.cause === change.cause) &&
    (filter.key === undefined || concernsKey(change.effect, filter.key))
  )
}

describe('the history of a project', () => {
  it('of any changes and any filter is that of a replay, page by page', async () => {
    for (let seed = 0; seed < 1000; seed++) {
      const random = new Random(seed)
      const { store, log } = written(random, 1 + random.below(25))
      const filter = randomFilter(random, log)
      const limit = 1 + random.below(4)
      const found = await allPages((before) =>
        new History(store).ofProject(PROJECT, { ...filter, before: before ?? filter.before }, limit),
      )
      const expected = replayed(log).filter((change) => isMeant(change, filter))
      expect(found, `seed ${seed}`).toEqual(expected.toReversed())
    }
  })

  it('of each resource is that of a replay, across deletions and returns', async () => {
    for (let seed = 0; seed < 1000; seed++) {
      const random = new Random(seed)
      const { store, log } = written(random, 1 + random.below(25))
      const history = new History(store)
      const all = replayed(log)
      for (const id of ['a', 'b', 'c']) {
        const type = typeOf(id)
        const expected = all.filter((change) => change.id === id).toReversed()
        const read = allPages((before) => history.ofResource(PROJECT, type, id, before, 1 + random.below(4)))
        if (expected.length === 0) await expect(read).rejects.toMatchObject({ code: 'resource-not-found' })
        else expect(await read, `seed ${seed}`).toEqual(expected)
      }
    }
  })

  it('above a horizon is the same, and below it is gone', async () => {
    for (let seed = 0; seed < 1000; seed++) {
      const random = new Random(seed)
      const { store, log } = written(random, 2 + random.below(25))
      const horizon = 1 + random.below(log.length)
      store.forgetHistory(PROJECT, horizon)
      const history = new History(store)
      const kept = replayed(log).filter(({ revision }) => revision > horizon)
      const found = await allPages((before) => history.ofProject(PROJECT, { before }, 3))
      expect(found, `seed ${seed}`).toEqual(kept.toReversed())
      for (const id of ['a', 'b']) {
        const ofResource = await history.ofResource(PROJECT, 'images', id, undefined, 100).catch((error) => error.code)
        const wasThere = log.some((change) => change.id === id && change.revision > horizon)
        const isThere = log.findLast((change) => change.id === id && change.revision <= horizon)?.after !== undefined
        if (!wasThere && !isThere) expect(ofResource).toBe('resource-not-found')
        else expect(ofResource.changes).toEqual(kept.filter((change) => change.id === id).toReversed())
      }
      const gone = { code: 'revision-gone', facts: { horizon } }
      await expect(history.ofResource(PROJECT, 'images', 'a', horizon, 1)).rejects.toMatchObject(gone)
      await expect(history.ofProject(PROJECT, { before: horizon }, 1)).rejects.toMatchObject(gone)
      await expect(history.ofProject(PROJECT, { after: horizon - 1 }, 1)).rejects.toMatchObject(gone)
      await expect(history.resolve(PROJECT, { revision: horizon - 1 }, 'from')).rejects.toMatchObject(gone)
      expect(await history.resolve(PROJECT, { revision: horizon }, 'from')).toBe(horizon)
    }
  })

  it('reads at most 20,000 changes a call for a filter, and then says where to go on', async () => {
    const store = new FakeStore()
    const set = (value: number) => ({ kind: 'set-tags', tags: [{ key: 'n', value: String(value) }] }) as const
    store.writeElsewhere(PROJECT, { ...request('a'), actor: 'ann' })
    for (let i = 0; i < 20_010; i++) store.writeElsewhere(PROJECT, { ...request('a', set(i)), actor: 'bob' })
    const history = new History(store)
    const first = await history.ofProject(PROJECT, { actor: 'ann' }, 10)
    expect(first).toMatchObject({ changes: [], next: 12 })
    const second = await history.ofProject(PROJECT, { actor: 'ann', before: first.next }, 10)
    expect(second).toMatchObject({ changes: [{ revision: 1 }], next: undefined })
  })

  it('reads a long life in batches', async () => {
    const store = new FakeStore()
    const set = (value: number) => ({ kind: 'set-tags', tags: [{ key: 'n', value: String(value) }] }) as const
    store.writeElsewhere(PROJECT, request('a'))
    for (let i = 0; i < 1200; i++) store.writeElsewhere(PROJECT, request('a', set(i)))
    const history = new History(store)
    const first = await history.ofResource(PROJECT, 'images', 'a', undefined, 1000)
    expect([first.changes.length, first.next]).toEqual([1000, 202])
    const rest = await history.ofResource(PROJECT, 'images', 'a', first.next, 1000)
    expect([rest.changes.length, rest.next]).toEqual([201, undefined])
    expect([...first.changes, ...rest.changes].map(({ revision }) => revision)).toEqual(
      Array.from({ length: 1201 }, (_, i) => 1201 - i),
    )
  })

  it('knows no revision above the present', async () => {
    const { store } = written(new Random(1), 3)
    const history = new History(store)
    await expect(history.resolve(PROJECT, { revision: 4 }, 'from')).rejects.toMatchObject({ code: 'revision-unknown' })
    await expect(history.ofProject(PROJECT, { after: 4 }, 1)).rejects.toMatchObject({ code: 'revision-unknown' })
    expect(await history.resolve(PROJECT, { atMs: Number.MAX_SAFE_INTEGER }, 'from')).toBe(3)
  })

  it('leaves out what retention forgets while it reads', async () => {
    const { store, log } = written(new Random(7), 20)
    const release = store.hold('getChanges')
    const reading = new History(store).ofProject(PROJECT, {}, 100)
    await new Promise((resolve) => setImmediate(resolve))
    store.forgetHistory(PROJECT, 15)
    release()
    const { changes, horizon } = await reading
    expect(horizon).toBe(15)
    expect(changes).toEqual(
      replayed(log)
        .filter(({ revision }) => revision > 15)
        .toReversed(),
    )
  })
})

describe('blame', () => {
  it('of any resource is that of a replay, and below a horizon it says at or before', async () => {
    for (let seed = 0; seed < 2000; seed++) {
      const random = new Random(seed)
      const { store, log } = written(random, 1 + random.below(25))
      const horizon = random.chance(0.5) ? random.below(log.length + 1) : 0
      if (horizon > 0) store.forgetHistory(PROJECT, horizon)
      const last = log.findLast((change) => change.id === 'a')
      if (last?.after === undefined) continue
      const origins = new Map<string, Change>()
      for (const change of log.filter(({ id }) => id === 'a')) {
        const { tags = [] } = change.after ?? {}
        for (const key of [...origins.keys()]) if (!tags.some((tag) => tag.key === key)) origins.delete(key)
        for (const { key, value } of tags) {
          const before = origins.get(key)?.after?.tags.find((tag) => tag.key === key)?.value
          if (before !== value) origins.set(key, change)
        }
      }
      const blamed = await new History(store).blame(PROJECT, 'images', 'a', log.length)
      expect(blamed.map(({ key }) => key)).toEqual(last.after.tags.map(({ key }) => key))
      const base = log.findLast((change) => change.id === 'a' && change.revision <= horizon)?.revision
      for (const { key, change, atOrBefore } of blamed) {
        const origin = origins.get(key) as Change
        const isKnown = origin.revision > horizon || origin.priorRevision === undefined
        // The first change ever is known to be the origin if it is the one that is kept.
        if (isKnown && (origin.revision > horizon || origin.revision === base)) {
          expect(change?.revision, `seed ${seed}`).toBe(origin.revision)
        } else expect([change, atOrBefore], `seed ${seed}`).toEqual([undefined, base])
      }
    }
  })

  it('gives up after 1,000 changes, and says at which', async () => {
    const store = new FakeStore()
    const set = (value: number) => ({ kind: 'set-tags', tags: [{ key: 'n', value: String(value) }] }) as const
    store.writeElsewhere(
      PROJECT,
      request('a', { kind: 'register', state: { name: '', detail: '{}', tags: [{ key: 'old', value: '' }] } }),
    )
    for (let i = 0; i < 1200; i++) store.writeElsewhere(PROJECT, request('a', set(i)))
    const blamed = await new History(store).blame(PROJECT, 'images', 'a', 1201)
    expect(blamed).toMatchObject([
      { key: 'old', change: undefined, atOrBefore: 202 },
      { key: 'n', change: { revision: 1201 }, before: '1198' },
    ])
  })
})
