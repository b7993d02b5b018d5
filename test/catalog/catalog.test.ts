import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { DomainError, resourceNotFound } from '../../src/core/errors.ts'
import { profileOf } from '../../src/core/profile.ts'
import type { Resource } from '../../src/core/resource.ts'
import type { TagChange } from '../../src/core/tag-change.ts'
import { FakeStore, register, request, settle } from './fake-store.ts'

/** The facts of the error for a missing resource. */
const missing = (id: string, revision: number) => ({ field: 'id', rule: { name: 'exists' }, value: id, revision })

const AUTHOR = { userId: 'user-7', requestId: 'request-9' }

let store: FakeStore
let catalog: Catalog
let nowMs: number
let errors: unknown[]

beforeEach(() => {
  store = new FakeStore()
  nowMs = 1_000
  errors = []
  catalog = new Catalog({
    changeRulesOf: profileOf('huawei').tagRulesOf,
    store,
    clock: () => nowMs,
    writeQueueMax: 100,
    onError: (error) => errors.push(error),
    indexes: { seed: 0, onSnapshotError: (_project, error) => errors.push(error) },
  })
})

const tagsOf = (...pairs: string[]) =>
  pairs.map((pair) => ({ key: pair.split('=')[0] as string, value: pair.split('=')[1] ?? '' }))

const make = (id: string, ...pairs: string[]) =>
  catalog.change('p', 'images', id, register({ name: `name of ${id}`, tags: tagsOf(...pairs) }), AUTHOR)

async function refusalOf(promise: Promise<unknown>): Promise<DomainError> {
  const error = await promise.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  )
  if (error instanceof DomainError) return error
  throw error
}

const PAGE = { offset: 0, limit: 100 }

describe('change', () => {
  it('a change gives its effect and the revision after it', async () => {
    expect(await make('a', 'k=1')).toEqual({ revision: 1, effect: 'created' })
    expect(await make('a', 'k=2')).toEqual({ revision: 2, effect: 'updated' })
    expect(await make('a', 'k=2')).toEqual({ revision: 2, effect: 'unchanged' })
    const change = (change: TagChange) => catalog.change('p', 'images', 'a', change, AUTHOR)
    expect(await change({ kind: 'set-tags', tags: tagsOf('l=3') })).toEqual({ revision: 3, effect: 'updated' })
    expect(await change({ kind: 'remove-tags', tags: [{ key: 'x' }] })).toEqual({ revision: 3, effect: 'unchanged' })
    expect(await change({ kind: 'delete' })).toEqual({ revision: 4, effect: 'updated' })
    expect(await make('a')).toEqual({ revision: 5, effect: 'created' })
  })

  it('a change is logged with its author and time', async () => {
    nowMs = 123_456
    await make('a')
    expect(store.log('p')).toEqual([
      {
        revision: 1,
        kind: 'register',
        type: 'images',
        id: 'a',
        sequence: 1,
        createdAtMs: 123_456,
        after: { name: 'name of a', detail: '{}', tags: [] },
        actor: 'user-7',
        requestId: 'request-9',
        atMs: 123_456,
      },
    ])
  })

  it('a committed change that the index cannot apply is acknowledged, reported, and read from a reloaded index', async () => {
    await make('a')
    expect((await catalog.count('p', 'images', {})).total).toBe(1)
    const commit = store.commit.bind(store)
    store.commit = async (project, requests) => {
      const verdicts = await commit(project, requests)
      // The changes are correct in the store and broken for the index.
      return verdicts.map((verdict) =>
        verdict.outcome === 'changed'
          ? { ...verdict, change: { ...verdict.change, after: null as unknown as undefined } }
          : verdict,
      )
    }
    expect(await make('b')).toEqual({ revision: 2, effect: 'created' })
    expect(errors).toHaveLength(1)
    expect((await catalog.count('p', 'images', {})).total).toBe(2)
  })

  it('a refused change throws the facts of the refusal and the revision', async () => {
    await make('a')
    const absent = await refusalOf(catalog.change('p', 'images', 'b', { kind: 'delete' }, AUTHOR))
    expect([absent.code, absent.facts]).toEqual(['resource-not-found', missing('b', 1)])
    const elsewhere = await refusalOf(catalog.change('q', 'images', 'a', { kind: 'delete' }, AUTHOR))
    expect([elsewhere.code, elsewhere.facts]).toEqual(['resource-not-found', missing('a', 0)])
  })

  it.each([
    ['images', 10],
    ['instances', 20],
  ] as const)('a resource of type %s may have %i tags', async (type, limit) => {
    const tags = Array.from({ length: limit + 1 }, (_, n) => ({ key: `k${n}`, value: '' }))
    const change = (id: string, count: number) =>
      catalog.change('p', type, id, register({ tags: tags.slice(0, count) }), AUTHOR)
    expect(await change('a', limit)).toEqual({ revision: 1, effect: 'created' })
    const refusal = await refusalOf(change('a', limit + 1))
    expect(refusal.code).toBe('tag-quota-exceeded')
    expect(refusal.facts).toEqual({
      field: 'tags',
      rule: { name: 'items-max', limit },
      value: limit + 1,
      revision: 1,
    })
  })

  it('a change is refused with unavailable when the store fails, and the error is reported', async () => {
    const failure = new Error('disk full')
    store.failNext('commit', failure)
    expect((await refusalOf(make('a'))).code).toBe('unavailable')
    expect(errors).toEqual([failure])
    expect(await catalog.count('p', 'images', {})).toEqual({ revision: 0, total: 0 })
  })

  it('a change is refused with overloaded when the write queue is full', async () => {
    const release = store.hold('commit')
    const writes = Array.from({ length: 100 }, (_, n) => make(`id-${n}`))
    expect((await refusalOf(make('one too many'))).code).toBe('overloaded')
    release()
    expect((await Promise.all(writes)).at(-1)).toEqual({ revision: 100, effect: 'created' })
  })
})

describe('changeFirst', () => {
  const registered = (id: string) => ({ type: 'images', id, change: register({ tags: tagsOf('k=1') }) }) as const
  const removed = (id: string) => ({ type: 'images', id, change: { kind: 'delete' } }) as const

  it('changeFirst gives the effect or refusal of each change, and reads see all of them', async () => {
    await catalog.count('p', 'images', {})
    const changes = [registered('a'), registered('b'), registered('a'), removed('x'), removed('b')]
    const results = await catalog.bulk.changeFirst('p', changes, AUTHOR, undefined)
    expect(results).toEqual([
      { revision: 1, effect: 'created' },
      { revision: 2, effect: 'created' },
      { revision: 2, effect: 'unchanged' },
      resourceNotFound('x', 2),
      { revision: 3, effect: 'updated' },
    ])
    expect((results[3] as DomainError).facts).toEqual(missing('x', 2))
    expect(await catalog.count('p', 'images', {})).toEqual({ revision: 3, total: 1 })
    expect(store.log('p').map(({ actor, requestId, atMs }) => [actor, requestId, atMs])).toEqual(
      Array(3).fill(['user-7', 'request-9', 1000]),
    )
  })

  it('changeFirst accepts as many changes as the queue has room for, and throws when it is full', async () => {
    const release = store.hold('commit')
    const many = Array.from({ length: 120 }, (_, i) => registered(`i${i}`))
    const first = catalog.bulk.changeFirst('p', many, AUTHOR, undefined)
    expect((await refusalOf(catalog.bulk.changeFirst('p', many, AUTHOR, undefined))).code).toBe('overloaded')
    release()
    expect(await first).toHaveLength(100)
    expect(store.log('p').map(({ id }) => id)).toEqual(many.slice(0, 100).map(({ id }) => id))
  })

  it('changeFirst throws when the store fails', async () => {
    store.failNext('commit', new Error('disk full'))
    expect((await refusalOf(catalog.bulk.changeFirst('p', [registered('a')], AUTHOR, undefined))).code).toBe(
      'unavailable',
    )
    expect(errors).toEqual([new Error('disk full')])
  })
})

describe('reads', () => {
  beforeEach(async () => {
    for (const [id, ...pairs] of [['a', 'k=1', 'l=x'], ['b', 'k=2'], ['c'], ['d', 'k=1']] as [string, ...string[]][]) {
      await make(id, ...pairs)
    }
  })

  it('find gives the number of matches and a page of complete resources in order of creation', async () => {
    const query = { tags: [{ key: 'k', values: [] }] }
    expect(await catalog.find('p', 'images', query, { offset: 1, limit: 1 })).toEqual({
      revision: 4,
      total: 3,
      resources: [
        {
          id: 'b',
          sequence: 2,
          createdAtMs: nowMs,
          updatedAtMs: nowMs,
          name: 'name of b',
          detail: '{}',
          tags: tagsOf('k=2'),
        },
      ],
    })
    const all = await catalog.find('p', 'images', query, PAGE)
    expect(all.resources.map(({ id }) => id)).toEqual(['a', 'b', 'd'])
    expect(await catalog.find('p', 'images', query, { offset: 3, limit: 10 })).toEqual({
      revision: 4,
      total: 3,
      resources: [],
    })
  })

  it('pages that are asked for at once are spread over event-loop ticks', async () => {
    // From the present on: slices that began in this tick end at times of the real clock.
    let now = performance.now()
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000))
    try {
      let answered = 0
      const finds = Array.from({ length: 5 }, async () => {
        await catalog.find('p', 'images', {}, PAGE)
        answered++
      })
      const perTick: number[] = []
      while (answered < 5) {
        const before = answered
        await new Promise((resolve) => setImmediate(resolve))
        perTick.push(answered - before)
      }
      await Promise.all(finds)
      expect(Math.max(...perTick)).toBe(1)
    } finally {
      clock.mockRestore()
    }
  })

  it('a scan visits all matches by sequence, ascending or descending, and says if that is their order of time', async () => {
    const query = { tags: [{ key: 'k', values: [] }] }
    const scanned = async (isDescending: boolean) => {
      const visits: [string, boolean][] = []
      const revision = await catalog.scan('p', 'images', query, { isDescending }, ({ id }, isByTime) => {
        visits.push([id, isByTime])
        return true
      })
      return { revision, ids: visits.map(([id]) => id).join(' '), isByTime: visits.every(([, isByTime]) => isByTime) }
    }
    expect(await scanned(false)).toEqual({ revision: 4, ids: 'a b d', isByTime: true })
    expect(await scanned(true)).toEqual({ revision: 4, ids: 'd b a', isByTime: true })
    const state = { name: '', detail: '{}', tags: tagsOf('k=9') }
    await catalog.change('p', 'images', 'older', { kind: 'register', createdAtMs: 1, state }, AUTHOR)
    expect(await scanned(false)).toEqual({ revision: 5, ids: 'a b d older', isByTime: false })
  })

  it('a scan takes a predicate, and ends when its visitor returns false', async () => {
    const visited: string[] = []
    const matches = ({ id }: { readonly id: string }) => id !== 'a'
    await catalog.scan('p', 'images', {}, { matches }, ({ id }) => {
      visited.push(id)
      return visited.length < 2
    })
    expect(visited).toEqual(['b', 'c'])
  })

  it('a scan gives the resources of one revision although they change between its slices', async () => {
    const expected = ['a', 'b', 'c', 'd']
    // Time passes quickly, so that every look at the clock ends a slice.
    let now = performance.now()
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000))
    try {
      for (let i = 0; i < 40; i++) await make(`more-${i}`, 'x=1')
      expected.push(...Array.from({ length: 40 }, (_, i) => `more-${i}`))
      const writes: Promise<unknown>[] = []
      const seen: string[] = []
      const revision = await catalog.scan('p', 'images', {}, {}, (resource) => {
        if (seen.length === 0) {
          writes.push(make('new'), make('more-39', 'x=2', 'y=3'))
          writes.push(catalog.change('p', 'images', 'more-30', { kind: 'delete' }, AUTHOR))
        }
        seen.push(resource.id)
        if (resource.id === 'more-39') expect(resource.tags).toEqual(tagsOf('x=1'))
        return true
      })
      await Promise.all(writes)
      expect([revision, seen]).toEqual([44, expected])
      expect(await catalog.revision('p')).toBe(47)
      expect((await catalog.get('p', 'images', 'more-39')).resource.tags).toEqual(tagsOf('x=2', 'y=3'))
    } finally {
      clock.mockRestore()
    }
  })

  it('count gives the number of matches', async () => {
    expect(await catalog.count('p', 'images', { withoutAnyTag: true })).toEqual({ revision: 4, total: 1 })
    expect(await catalog.count('p', 'instances', {})).toEqual({ revision: 4, total: 0 })
    expect(await catalog.count('q', 'images', {})).toEqual({ revision: 0, total: 0 })
  })

  it('get gives one resource, and throws for one that is absent or of another type or project', async () => {
    expect(await catalog.get('p', 'images', 'a')).toEqual({
      revision: 4,
      resource: {
        id: 'a',
        sequence: 1,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
        name: 'name of a',
        detail: '{}',
        tags: tagsOf('k=1', 'l=x'),
      },
    })
    for (const [project, type, revision] of [
      ['p', 'instances', 4],
      ['q', 'images', 0],
    ] as const) {
      const refusal = await refusalOf(catalog.get(project, type, 'a'))
      expect([refusal.code, refusal.facts]).toEqual(['resource-not-found', missing('a', revision)])
    }
    expect((await refusalOf(catalog.get('p', 'images', '__proto__'))).facts).toEqual(missing('__proto__', 4))
  })

  it('tagsInUse gives keys with all their values, ascending, as they are at its revision', async () => {
    await make('e', 'B=', 'k=0')
    const { revision, tags } = await catalog.tagsInUse('p', 'images')
    await make('f', 'A=1', 'k=3')
    const parts = [
      { key: 'B', values: [''] },
      { key: 'k', values: ['0', '1', '2'] },
      { key: 'l', values: ['x'] },
    ]
    expect([revision, tags.keyCount, [...tags.parts(0, 9)]]).toEqual([5, 3, parts])
    expect([...tags.parts(1, 1)]).toEqual([parts[1]])
    expect([...tags.parts(3, 1)]).toEqual([])
    const later = await catalog.tagsInUse('p', 'images')
    expect([later.revision, [...later.tags.keys()]]).toEqual([6, ['A', 'B', 'k', 'l']])
    const none = await catalog.tagsInUse('p', 'instances')
    expect([none.revision, [...none.tags.keys()]]).toEqual([6, []])
  })

  it('revision gives the last revision of a project', async () => {
    expect(await catalog.revision('p')).toBe(4)
    expect(await catalog.revision('q')).toBe(0)
  })

  it('reads see writes of the same process without reading the change log', async () => {
    await catalog.count('p', 'images', {})
    await make('e')
    await catalog.change('p', 'images', 'a', { kind: 'delete' }, AUTHOR)
    expect(await catalog.count('p', 'images', {})).toEqual({ revision: 6, total: 4 })
    expect(store.callsOf('changesSince')).toEqual([])
    expect(store.callsOf('scan').length).toBe(1)
  })

  it('reads see writes of other processes on the same store', async () => {
    await catalog.count('p', 'images', {})
    store.writeElsewhere('p', request('e'))
    expect(await catalog.count('p', 'images', {})).toEqual({ revision: 5, total: 5 })
    expect((await make('f')).revision).toBe(6)
    store.writeElsewhere('p', request('g'))
    expect((await make('h')).revision).toBe(8)
    expect(await catalog.count('p', 'images', {})).toEqual({ revision: 8, total: 8 })
  })

  it('a read rejects with the error of the store, and the next one succeeds', async () => {
    const failure = new Error('no answer')
    store.failNext('getRevision', failure)
    await expect(catalog.count('p', 'images', {})).rejects.toBe(failure)
    expect(await catalog.count('p', 'images', {})).toEqual({ revision: 4, total: 4 })
  })

  it('dropIndex makes the index of one project, or of all, load again', async () => {
    store.writeElsewhere('q', request('a'))
    const read = () => Promise.all(['p', 'q'].map((project) => catalog.count(project, 'images', {})))
    const loaded = () => store.callsOf('scan').map(([, project]) => project)
    await read()
    expect(loaded()).toEqual(['p', 'q'])
    catalog.indexes.drop('p')
    await read()
    expect(loaded()).toEqual(['p', 'q', 'p'])
    catalog.indexes.drop()
    expect((await read())[0]).toEqual({ revision: 4, total: 4 })
    expect(loaded()).toEqual(['p', 'q', 'p', 'p', 'q'])
    catalog.indexes.drop('unknown')
  })

  it('export gives every resource of the given types', async () => {
    await catalog.change('p', 'instances', 'i', register(), AUTHOR)
    const ids = async (types: readonly ('images' | 'instances')[]) => {
      const { revision, batches } = await catalog.export('p', types)
      const resources: Resource[] = []
      for await (const batch of batches) resources.push(...batch)
      return [revision, resources.map(({ id }) => id)]
    }
    expect(await ids(['images', 'instances'])).toEqual([5, ['a', 'b', 'c', 'd', 'i']])
    expect(await ids(['instances'])).toEqual([5, ['i']])
  })
})

describe('preview', () => {
  it('a preview gives the effects of changes and applies none', async () => {
    await make('a', 'k=1')
    const preview = await catalog.bulk.preview('p')
    expect(preview('images', 'a', register({ name: 'name of a', tags: tagsOf('k=1') }))).toMatchObject({
      revision: 1,
      effect: 'unchanged',
    })
    expect(preview('images', 'a', register())).toMatchObject({ revision: 1, effect: 'updated' })
    expect(preview('images', 'b', register())).toMatchObject({ revision: 1, effect: 'created' })
    expect(preview('instances', 'a', register())).toMatchObject({ revision: 1, effect: 'created' })
    await settle()
    expect(await catalog.count('p', 'images', {})).toMatchObject({ revision: 1, total: 1 })
    expect(store.callsOf('commit').length).toBe(1)
  })

  it('a change in a preview sees the ones before it', async () => {
    await make('a', 'k=1')
    const preview = await catalog.bulk.preview('p')
    expect(preview('images', 'b', register()).effect).toBe('created')
    expect(preview('images', 'b', register()).effect).toBe('unchanged')
    expect(preview('images', 'b', register({ name: 'x' })).effect).toBe('updated')
    expect(preview('images', 'a', { kind: 'delete' }).effect).toBe('updated')
    expect(() => preview('images', 'a', { kind: 'delete' })).toThrow(resourceNotFound('a', 1))
    expect(preview('images', 'a', register()).effect).toBe('created')
    expect(preview('images', 'a', { kind: 'set-tags', tags: tagsOf('l=1') }).effect).toBe('updated')
  })

  it('a preview gives the states before and after, and what the resource loses', async () => {
    await make('a', 'k=1', 'l=2')
    const preview = await catalog.bulk.preview('p')
    expect(preview('images', 'a', register({ tags: tagsOf('l=3') }))).toMatchObject({
      before: { name: 'name of a', tags: tagsOf('k=1', 'l=2') },
      after: { name: '', tags: tagsOf('l=3') },
      loss: { name: true, detail: false, tags: 1 },
    })
  })

  it('a preview refuses what the change itself would refuse, and a refusal leaves no draft', async () => {
    await make('a')
    const preview = await catalog.bulk.preview('p')
    const tooMany = register({ tags: Array.from({ length: 11 }, (_, n) => ({ key: `k${n}`, value: '' })) })
    const refusal = await refusalOf((async () => preview('images', 'b', tooMany))())
    expect([refusal.code, refusal.facts]).toEqual([
      'tag-quota-exceeded',
      { field: 'tags', rule: { name: 'items-max', limit: 10 }, value: 11, revision: 1 },
    ])
    expect(preview('images', 'b', register()).effect).toBe('created')
  })

  it('a preview of a project that does not exist starts empty and makes no call to the store', async () => {
    const preview = await catalog.bulk.preview(undefined)
    expect(preview('images', 'a', register())).toMatchObject({ revision: 0, effect: 'created' })
    expect(preview('images', 'a', register())).toMatchObject({ revision: 0, effect: 'unchanged' })
    expect(() => preview('images', 'b', { kind: 'delete' })).toThrow(resourceNotFound('b', 0))
    expect(store.calls).toEqual([])
  })
})
