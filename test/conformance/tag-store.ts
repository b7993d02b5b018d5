import { expect, it } from 'vitest'
import type { Store, WriteRequest } from '../../src/store/store.ts'
import { contentsOf, inShort, logInShort, register, remove, request, setTags } from './requests.ts'

/** Tests every sentence of `TagStore`. `store` returns an empty store; `reopened` closes it and opens it again. */
export function tagStoreConformance(store: () => Store, reopened: () => Promise<Store>): void {
  it('the statistics show connections or a write-ahead log, and no more open connections than their limit', async () => {
    const calls = Array.from({ length: 40 }, (_, i) => store().commit(`p${i}`, [register('i1')]))
    const busy = store().statistics()
    await Promise.all(calls)
    const { connections, walBytes } = store().statistics()
    expect(connections.length > 0).toBe(walBytes === undefined)
    if (walBytes !== undefined) expect(walBytes).toBeGreaterThan(0)
    for (const { inUse, idle, limit } of [...busy.connections, ...connections]) {
      expect(inUse + idle).toBeLessThanOrEqual(limit)
    }
    for (const { inUse, waiting } of connections) expect([inUse, waiting]).toEqual([0, 0])
    if (connections.length > 0) {
      const { inUse, waiting, limit } = busy.connections.find(({ use }) => use === 'write')!
      expect([inUse, waiting]).toEqual([limit, 40 - limit])
    }
  })

  it('the revision is 0 for a project that was never written', async () => {
    expect(await store().getRevision('p')).toBe(0)
    await store().commit('other', [register('i1')])
    expect(await store().getRevision('p')).toBe(0)
  })

  it('commit returns a verdict for each request in order, and each change raises the revision by one', async () => {
    const verdicts = await store().commit('p', [register('i1', 'a=1'), register('i2'), setTags('i1', 'a=2', 'b=')])
    expect(inShort(verdicts)).toEqual(['created@1', 'created@2', 'changed@3'])
    expect(await store().getRevision('p')).toBe(3)
    expect((await contentsOf(store(), 'p')).resources.map(({ tags }) => tags)).toEqual([['a=2', 'b='], []])
  })

  it('a verdict tells what a change took away from a resource that stays', async () => {
    const whole = (name: string, detail: string, tags: { key: string; value: string }[]) =>
      request('i1', { kind: 'register', state: { name, detail, tags } })
    const [a, b] = [
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ]
    const verdicts = await store().commit('p', [
      whole('n', '{"status":"x","port":1}', [a!, b!]),
      whole('m', '{"status":"y","port":2}', [{ ...a!, value: '3' }, b!]),
      whole('', '{"status":"y"}', [b!]),
      request('i1', { kind: 'remove-tags', tags: [b!] }),
      remove('i1'),
    ])
    expect(verdicts.map((verdict) => verdict.outcome === 'changed' && verdict.loss)).toEqual([
      undefined,
      undefined,
      { name: true, detail: true, tags: 1 },
      { name: false, detail: false, tags: 1 },
      undefined,
    ])
  })

  it('the usage of a project counts its resources and the bytes of their details, and is 0 before it is written', async () => {
    const detailed = (id: string, detail: string, more: Partial<WriteRequest> = {}) =>
      request(id, { kind: 'register', state: { name: id, detail, tags: [] } }, more)
    expect(await store().getUsage('p')).toEqual({ resources: 0, detailBytes: 0 })
    await store().commit('p', [detailed('a', '{"a":1}'), detailed('b', '{"b":"值"}', { type: 'instances' })])
    await store().commit('q', [detailed('a', '{}')])
    expect(await store().getUsage('p')).toEqual({ resources: 2, detailBytes: 7 + 11 })
    await store().commit('p', [setTags('a', 'k=v'), detailed('a', '{"a":11}'), detailed('c', '{}'), remove('none')])
    expect(await store().getUsage('p')).toEqual({ resources: 3, detailBytes: 8 + 11 + 2 })
    await store().commit('p', [remove('a'), detailed('a', '{}'), remove('c')])
    expect(await store().getUsage('p')).toEqual({ resources: 2, detailBytes: 2 + 11 })
    const again = await reopened()
    expect(await again.getUsage('p')).toEqual({ resources: 2, detailBytes: 13 })
  })

  it('concurrent calls do not exceed a quota', async () => {
    const rules = { tagsPerResourceMax: 10, quota: { resourcesMax: 7, detailBytesMax: 1000 } }
    const calls = Array.from({ length: 12 }, (_, i) => store().commit('p', [{ ...register(`i${i}`), rules }]))
    const outcomes = (await Promise.all(calls)).flatMap(inShort).map((short) => short.replace(/@.*/, ''))
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(7)
    expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(5)
    expect((await store().getUsage('p')).resources).toBe(7)
    const [more, changed, removed, again] = await store().commit(
      'p',
      [register('more'), setTags('i0', 'a=1'), remove('i1'), register('more')].map((each) => ({ ...each, rules })),
    )
    expect(more).toMatchObject({ outcome: 'refused', code: 'project-quota-exceeded' })
    expect([changed, removed, again].map((verdict) => verdict?.outcome)).not.toContain('unchanged')
    expect((await store().getUsage('p')).resources).toBe(7)
  })

  it('each request is decided on the state that the requests before it left', async () => {
    const many = Array.from({ length: 12 }, (_, i) => setTags('i1', `k${i}=v`))
    const verdicts = await store().commit('p', [
      setTags('i1', 'a=1'),
      register('i1'),
      ...many,
      remove('i1'),
      remove('i1'),
    ])
    expect(inShort(verdicts)).toEqual([
      'refused@0',
      'created@1',
      ...Array.from({ length: 10 }, (_, i) => `changed@${i + 2}`),
      'refused@11',
      'refused@11',
      'changed@12',
      'refused@12',
    ])
    expect(verdicts[0]).toMatchObject({ code: 'resource-not-found' })
    expect(verdicts[12]).toMatchObject({ code: 'tag-quota-exceeded' })
    expect((await contentsOf(store(), 'p')).resources).toEqual([])
  })

  it('a request that is refused or changes nothing leaves no trace and does not affect the others', async () => {
    await store().commit('p', [register('i1', 'a=1')])
    const verdicts = await store().commit('p', [
      setTags('none', 'a=1'),
      setTags('i1', 'a=1'),
      setTags('i1', 'b=2'),
      register('i1', 'a=1', 'b=2'),
    ])
    expect(inShort(verdicts)).toEqual(['refused@1', 'unchanged@1', 'changed@2', 'unchanged@2'])
    expect(logInShort(await store().changesSince('p', 0, 10))).toEqual(['1 register i1', '2 set-tags i1'])
    expect((await contentsOf(store(), 'p')).resources.map(({ id }) => id)).toEqual(['i1'])
  })

  it('consecutive requests with the same unit are applied all or none, and do not affect others', async () => {
    const one = (id: string, unit: string, key: string) =>
      request(id, { kind: 'set-tags', tags: [{ key, value: '' }], unit })
    await store().commit('p', [register('i1'), register('i2', 'a=1')])
    const verdicts = await store().commit('p', [
      setTags('i1', 'before='),
      one('i1', 'u1', 'x'),
      one('i2', 'u1', 'x'),
      one('none', 'u1', 'x'),
      one('i1', 'u1', 'y'),
      one('i1', 'u2', 'z'),
      one('i2', 'u2', 'z'),
      setTags('i2', 'after='),
    ])
    expect(inShort(verdicts)).toEqual([
      'changed@3',
      ...['refused@3', 'refused@3', 'refused@3', 'refused@3'],
      ...['changed@4', 'changed@5', 'changed@6'],
    ])
    const codes = verdicts.map((verdict) => verdict.outcome === 'refused' && verdict.code)
    expect(codes.slice(1, 5)).toEqual(['not-applied', 'not-applied', 'resource-not-found', 'not-applied'])
    const tags = async () => (await contentsOf(store(), 'p')).resources.map((each) => each.tags)
    expect(await tags()).toEqual([
      ['before=', 'z='],
      ['a=1', 'z=', 'after='],
    ])
    expect(logInShort(await store().changesSince('p', 3, 10)).map((line) => line.split(' ')[2])).toEqual([
      'i1',
      'i2',
      'i2',
    ])
  })

  it('a unit that is refused leaves revision and usage as they were', async () => {
    const rules = { tagsPerResourceMax: 10, quota: { resourcesMax: 1, detailBytesMax: 1000 } }
    const unit = (id: string) => request(id, { kind: 'set-tags', tags: [{ key: 'k', value: '' }], unit: 'u' })
    await store().commit('p', [register('i1')])
    await store().commit('p', [unit('i1'), unit('none')])
    expect(await store().getRevision('p')).toBe(1)
    const verdicts = await store().commit('p', [
      { ...register('i2'), rules },
      remove('i1'),
      { ...register('i2'), rules },
    ])
    expect(inShort(verdicts)).toEqual(['refused@1', 'changed@2', 'created@3'])
    expect((await store().getUsage('p')).resources).toBe(1)
  })

  it('a call without any change leaves no trace', async () => {
    expect(inShort(await store().commit('p', [setTags('none', 'a=1')]))).toEqual(['refused@0'])
    expect(await store().getRevision('p')).toBe(0)
    expect(await store().changesSince('p', 0, 10)).toEqual([])
  })

  it('a change in the log has the actor, the request, the time and the whole resource after it', async () => {
    const change = { kind: 'set-tags', tags: [{ key: 'k', value: '值' }] } as const
    await store().commit('p', [register('i1', 'a=1')])
    await store().commit('p', [request('i1', change, { actor: 'ann', requestId: 'r7', atMs: 1_795_000_000_123 })])
    await store().commit('p', [remove('i1')])
    const [, second, third] = await store().changesSince('p', 0, 10)
    const tags = [
      { key: 'a', value: '1' },
      { key: 'k', value: '值' },
    ]
    expect(second).toEqual({
      revision: 2,
      kind: 'set-tags',
      type: 'images',
      id: 'i1',
      sequence: 1,
      createdAtMs: 1000,
      after: { name: 'name of i1', detail: '{}', tags },
      actor: 'ann',
      requestId: 'r7',
      atMs: 1_795_000_000_123,
      priorRevision: 1,
      cause: undefined,
    })
    expect(third).toMatchObject({ revision: 3, kind: 'delete', id: 'i1', sequence: 1 })
    expect(third?.after).toBeUndefined()
  })

  it('a resource keeps its creation time, given or by default that of the request, until it is registered again after a deletion', async () => {
    const own = { kind: 'register', createdAtMs: 77, state: { name: '', detail: '{}', tags: [] } } as const
    const times = async () => {
      const seen: [string, number, number][] = []
      for await (const batch of (await store().scan('p', ['images'])).batches) {
        for (const { id, createdAtMs, updatedAtMs } of batch) seen.push([id, createdAtMs, updatedAtMs])
      }
      return seen
    }
    await store().commit('p', [request('old', own), register('new')])
    expect(await times()).toEqual([
      ['old', 77, 1000],
      ['new', 1000, 1000],
    ])
    const again = { ...own, createdAtMs: 88, state: { ...own.state, name: 'n' } }
    await store().commit('p', [request('old', again, { atMs: 2000 }), { ...setTags('new', 'a=1'), atMs: 3000 }])
    expect(await times()).toEqual([
      ['old', 77, 2000],
      ['new', 1000, 3000],
    ])
    // One resource is created and changed in one call, another is deleted and registered again in one call.
    await store().commit('p', [
      { ...register('both'), atMs: 4000 },
      { ...setTags('both', 'a=1'), atMs: 5000 },
      remove('old'),
      request('old', again, { atMs: 6000 }),
    ])
    expect(await times()).toEqual([
      ['new', 1000, 3000],
      ['both', 4000, 5000],
      ['old', 88, 6000],
    ])
    const log = (await store().changesSince('p', 0, 100)).map(({ id, createdAtMs }) => `${id} ${createdAtMs}`)
    expect(log).toEqual(['old 77', 'new 1000', 'old 77', 'new 1000', 'both 4000', 'both 4000', 'old 77', 'old 88'])
  })

  it('the verdicts contain exactly the changes of the log', async () => {
    const verdicts = await store().commit('p', [register('i1', 'a=1'), setTags('i1', 'a=2'), remove('i1')])
    const changes = verdicts.map((verdict) => (verdict.outcome === 'changed' ? verdict.change : undefined))
    expect(changes).toEqual(await store().changesSince('p', 0, 10))
  })

  it('changesSince returns changes above a revision in order, without gaps, up to the limit', async () => {
    await store().commit(
      'p',
      Array.from({ length: 25 }, (_, i) => register(`i${i}`)),
    )
    const seen: number[] = []
    for (let last = 0; ; ) {
      const changes = await store().changesSince('p', last, 7)
      if (changes.length === 0) break
      expect(changes.length).toBeLessThanOrEqual(7)
      seen.push(...changes.map(({ revision }) => revision))
      last = seen.at(-1) as number
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => i + 1))
  })

  it('no change is committed with a lower revision than one that a reader has seen', async () => {
    let done = false
    let last = 0
    const reader = (async () => {
      while (!done) {
        for (const { revision } of await store().changesSince('p', last, 3)) {
          expect(revision).toBe(last + 1)
          last = revision
        }
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    const writers = Array.from({ length: 8 }, async (_, w) => {
      for (let i = 0; i < 20; i++) await store().commit('p', [register(`w${w}-${i}`)])
    })
    await Promise.all(writers)
    done = true
    await reader
    expect(await store().getRevision('p')).toBe(160)
  })

  it('scan returns resources type by type, each in order of creation, with the revision that they reflect', async () => {
    const instance = (id: string) => ({ ...register(id), type: 'instances' as const })
    await store().commit('p', [register('z'), instance('d2'), register('a'), instance('d1')])
    await store().commit('p', [setTags('z', 'k=v')])
    const { revision, resources } = await contentsOf(store(), 'p', ['instances', 'images'])
    expect(revision).toBe(5)
    expect(resources.map(({ id }) => id)).toEqual(['d2', 'd1', 'z', 'a'])
    expect((await contentsOf(store(), 'p', ['instances'])).resources.map(({ id }) => id)).toEqual(['d2', 'd1'])
  })

  it('a scan without types returns every type, whatever its name, in ascending order of the names', async () => {
    const of = (type: string, id: string) => ({ ...register(id), type: type as 'images' })
    await store().commit('p', [
      register('i'),
      of('vpc', 'v'),
      of('AWS::EC2::Instance', 'a'),
      of('ecs', 'e'),
      of('Vpc', 'w'),
    ])
    await store().commit('q', [of('disk', 'd')])
    const idsOf = async (project: string) => {
      const ids: string[] = []
      for await (const batch of (await store().scan(project)).batches) ids.push(...batch.map(({ id }) => id))
      return ids
    }
    expect(await idsOf('p')).toEqual(['a', 'w', 'e', 'i', 'v'])
    expect(await idsOf('none')).toEqual([])
  })

  it('the types of a project are those that it has resources of, in ascending order', async () => {
    const of = (type: string, id: string) => ({ ...register(id), type: type as 'images' })
    expect(await store().getTypes('p')).toEqual([])
    await store().commit('p', [of('vpc', 'v'), register('i'), of('Vpc', 'w'), of('ecs', 'e')])
    await store().commit('q', [of('disk', 'd')])
    expect(await store().getTypes('p')).toEqual(['Vpc', 'ecs', 'images', 'vpc'])
    await store().commit('p', [{ ...remove('e'), type: 'ecs' as 'images' }])
    expect(await store().getTypes('p')).toEqual(['Vpc', 'images', 'vpc'])
  })

  it('the longest id and type of any script are keys of a resource, which compare as a whole', async () => {
    const [id, type] = ['😀'.repeat(511), 't'.repeat(128) as 'images']
    await store().commit(
      'p',
      [`${id}a`, `${id}b`].map((each) => ({ ...register(each, 'k=v'), type })),
    )
    const { resources } = await contentsOf(store(), 'p', [type])
    expect(resources.map((resource) => resource.id)).toEqual([`${id}a`, `${id}b`])
    expect(await store().getTypes('p')).toEqual([type])
  })

  it('resources of one id and different types or projects are different resources', async () => {
    await store().commit('p', [register('x', 'a=1'), { ...register('x', 'b=2'), type: 'instances' }])
    await store().commit('q', [register('x', 'c=3')])
    expect((await contentsOf(store(), 'p', ['images', 'instances'])).resources.map(({ tags }) => tags)).toEqual([
      ['a=1'],
      ['b=2'],
    ])
    expect(await contentsOf(store(), 'q')).toMatchObject({ revision: 1, resources: [{ tags: ['c=3'] }] })
  })

  it('a scan is one snapshot: a change committed after the call is not in it', async () => {
    await store().commit(
      'p',
      Array.from({ length: 2500 }, (_, i) => register(`i${i}`)),
    )
    const { revision, batches } = await store().scan('p', ['images'])
    await store().commit('p', [register('late'), remove('i2499'), setTags('i0', 'new=1')])
    const resources = []
    for await (const batch of batches) resources.push(...batch)
    expect(revision).toBe(2500)
    expect(resources.map(({ id }) => id)).toEqual(Array.from({ length: 2500 }, (_, i) => `i${i}`))
    expect(resources[0]?.tags).toEqual([])
  })

  it('leaving the loop of a scan early releases the snapshot', async () => {
    await store().commit(
      'p',
      Array.from({ length: 1500 }, (_, i) => register(`i${i}`)),
    )
    const { batches } = await store().scan('p', ['images'])
    for await (const batch of batches) {
      expect(batch.length).toBeGreaterThan(0)
      break
    }
    expect(await store().commit('p', [register('after')])).toHaveLength(1)
  })

  it('a resource keeps its sequence while it exists and gets a new, higher one after a deletion', async () => {
    await store().commit('p', [register('a'), register('b')])
    await store().commit('p', [setTags('a', 'k=v'), register('a', 'other=1')])
    const before = (await contentsOf(store(), 'p')).resources
    expect(before.map(({ id }) => id)).toEqual(['a', 'b'])
    await store().commit('p', [remove('a')])
    await store().commit('p', [register('a')])
    const after = (await contentsOf(store(), 'p')).resources
    expect(after.map(({ id }) => id)).toEqual(['b', 'a'])
    expect(after[1]?.sequence).toBeGreaterThan(Math.max(...before.map(({ sequence }) => sequence)))
  })

  it('a resource that is deleted and registered again in one call gets a new sequence', async () => {
    await store().commit('p', [register('a', 'old=1'), register('b')])
    expect(inShort(await store().commit('p', [remove('a'), register('a', 'new=1')]))).toEqual([
      'changed@3',
      'created@4',
    ])
    const { resources } = await contentsOf(store(), 'p')
    expect(resources.map(({ id, tags }) => [id, ...tags])).toEqual([['b'], ['a', 'new=1']])
    const [, , , change] = await store().changesSince('p', 0, 10)
    expect(change?.sequence).toBe(resources[1]?.sequence)
  })

  it('two concurrent calls on one resource lose neither change', async () => {
    await store().commit('p', [register('i1')])
    await Promise.all(Array.from({ length: 10 }, (_, i) => store().commit('p', [setTags('i1', `k${i}=v`)])))
    const { resources } = await contentsOf(store(), 'p')
    expect(resources[0]?.tags.sort()).toEqual(Array.from({ length: 10 }, (_, i) => `k${i}=v`))
  })

  it('every revision is given once under concurrent calls on several projects', async () => {
    const calls = Array.from({ length: 60 }, (_, i) => store().commit(`p${i % 3}`, [register(`i${i}`)]))
    await Promise.all(calls)
    for (const project of ['p0', 'p1', 'p2']) {
      const log = await store().changesSince(project, 0, 100)
      expect(log.map(({ revision }) => revision)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
      expect((await contentsOf(store(), project)).resources).toHaveLength(20)
    }
  })

  it('nothing of a failed call is applied, and other calls succeed', async () => {
    // An id that is no text, which a service never sends, makes the transaction fail.
    const broken = { ...register('x'), id: {} as unknown as string }
    const results = await Promise.allSettled([
      store().commit('p', [register('before')]),
      store().commit('p', [register('with'), broken]),
      store().commit('p', [register('after')]),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    // Concurrent calls may take effect in either order.
    const ids = (await contentsOf(store(), 'p')).resources.map(({ id }) => id)
    expect(ids.toSorted()).toEqual(['after', 'before'])
    expect(await store().getRevision('p')).toBe(2)
  })

  it('every text is returned exactly as it was given', async () => {
    const state = {
      name: 'Ünïcödé 名 😀 \'"\\',
      detail: '{"a":{"b":[1,2.50,"x"]},"z":null}',
      tags: [{ key: '__proto__', value: '' }],
    }
    await store().commit('p', [request('i1', { kind: 'register', state })])
    const { batches } = await store().scan('p', ['images'])
    for await (const [resource] of batches) expect(resource).toMatchObject(state)
  })

  it('texts with NUL and with noncharacters are returned as given and stay distinct', async () => {
    const odd = ['\0', 'a\0', 'a\0b', '\uFFFF', '\uFFFF0', '\uFFFF1', 'a', '']
    const requests = odd.map((name) =>
      request(`id ${name}`, { kind: 'register', state: { name, detail: '{}', tags: [{ key: name, value: name }] } }),
    )
    expect(inShort(await store().commit('p\0', requests))).toEqual(odd.map((_name, i) => `created@${i + 1}`))
    expect(inShort(await store().commit('p\0', requests))).toEqual(odd.map(() => `unchanged@${odd.length}`))
    expect(await store().getRevision('p')).toBe(0)
    const seen: string[][] = []
    for await (const batch of (await store().scan('p\0', ['images'])).batches) {
      for (const { id, name, tags } of batch) seen.push([id, name, tags[0]?.key ?? '', tags[0]?.value ?? ''])
    }
    expect(seen).toEqual(odd.map((name) => [`id ${name}`, name, name, name]))
    expect((await store().changesSince('p\0', 0, 100)).map(({ after }) => after?.name)).toEqual(odd)
    expect(await store().getUser('\0')).toBeUndefined()
  })

  it('everything is stored after the store is closed and opened again', async () => {
    await store().commit('p', [register('a', 'k=v'), register('b'), remove('b')])
    const before = [await contentsOf(store(), 'p'), await store().changesSince('p', 0, 10)]
    const again = await reopened()
    expect([await contentsOf(again, 'p'), await again.changesSince('p', 0, 10)]).toEqual(before)
    await again.commit('p', [register('c')])
    expect((await contentsOf(again, 'p')).resources.map(({ id, sequence }) => [id, sequence])).toEqual([
      ['a', 1],
      ['c', 3],
    ])
  })
}
