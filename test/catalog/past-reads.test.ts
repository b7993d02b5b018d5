import { beforeEach, describe, expect, it } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { profileOf } from '../../src/core/profile.ts'
import { FakeStore, register, request, settle } from './fake-store.ts'

const AUTHOR = { userId: 'u', requestId: 'r' }
const PAGE = { offset: 0, limit: 1000 }
const SHAPE = { pieces: ['id' as const], detail: (detail: string) => detail }

let store: FakeStore
let catalog: Catalog

beforeEach(() => {
  store = new FakeStore()
  catalog = new Catalog({
    store,
    clock: () => 0,
    writeQueueMax: 10_000,
    changeRulesOf: profileOf('huawei').tagRulesOf,
    onError: (error) => {
      throw error
    },
    indexes: { seed: 0, onSnapshotError: () => undefined },
  })
})

/** Writes resources `from` to `to`, so that revision n has n resources, each with a tag of its own. */
function changes(from: number, to: number) {
  return Array.from({ length: to - from + 1 }, (_, i) => {
    const tags = [{ key: `k${from + i}`, value: 'v' }]
    return { type: 'images' as const, id: `id-${from + i}`, change: register({ name: 'x', tags }) }
  })
}

const asOf = <T>(revision: number, work: () => T) => catalog.asOf({ moment: { revision }, field: 'as_of' }, work)

/** Each read gives the revision that it says it reflects, and how many resources it saw. */
const READS: Readonly<Record<string, () => Promise<readonly [revision: number, count: number]>>> = {
  find: async () => {
    const { revision, total, resources } = await catalog.find('p', 'images', {}, PAGE)
    expect(resources.length).toBe(total)
    return [revision, total]
  },
  findAll: async () => {
    const { revision, resources } = await catalog.findAll('p', undefined, {}, PAGE)
    return [revision, resources.length]
  },
  findJson: async () => {
    const page = { shape: SHAPE, before: (total: number) => `${total}:`, after: '' }
    const { revision, json, release } = await catalog.findJson(
      'p',
      'images',
      {},
      { offset: 0, limit: 0 },
      page as never,
    )
    const text = Buffer.from(json).toString()
    release()
    return [revision, Number.parseInt(text, 10)]
  },
  'find by a part of the name': async () => {
    const { revision, total } = await catalog.find('p', 'images', { nameContains: 'x' }, PAGE)
    return [revision, total]
  },
  count: async () => {
    const { revision, total } = await catalog.count('p', 'images', {})
    return [revision, total]
  },
  scan: async () => {
    let seen = 0
    const revision = await catalog.scan('p', 'images', {}, {}, () => {
      seen++
      return true
    })
    return [revision, seen]
  },
  tagsInUse: async () => {
    const { revision, tags } = await catalog.tagsInUse('p', 'images')
    return [revision, tags.keyCount]
  },
  countTags: async () => {
    const { revision, counts } = await catalog.countTags('p', undefined, { prefix: '', limit: 1000 })
    return [revision, counts.length]
  },
  export: async () => {
    const { revision, batches } = await catalog.export('p')
    let seen = 0
    for await (const resources of batches) seen += resources.length
    return [revision, seen]
  },
}

describe('a read as of the present', () => {
  it.each(Object.keys(READS))('is of that revision although writes go on: %s', async (name) => {
    const read = READS[name] as (typeof READS)[string]
    await catalog.bulk.changeFirst('p', changes(1, 40), AUTHOR, undefined)
    await catalog.count('p', 'images', {})
    for (let last = 40; last < 240; last += 5) {
      const reading = [1, 2, 3].map(() => asOf(last, read))
      // Some commit before the read begins, some between its ticks.
      const writing = catalog.bulk.changeFirst('p', changes(last + 1, last + 5), AUTHOR, undefined)
      const later = settle().then(() => asOf(last, read))
      expect(await Promise.all([...reading, later])).toEqual(Array(4).fill([last, last]))
      await writing
    }
  })

  it('is answered from the present index', async () => {
    await catalog.bulk.changeFirst('p', changes(1, 40), AUTHOR, undefined)
    await catalog.count('p', 'images', {})
    for (const read of Object.values(READS)) expect(await asOf(40, read)).toEqual([40, 40])
    expect(catalog.indexes.stats).toMatchObject({ projects: 1, past: 0 })
    expect(await asOf(39, READS.count as () => Promise<readonly [number, number]>)).toEqual([39, 39])
    expect(catalog.indexes.stats).toMatchObject({ projects: 1, past: 1 })
  })

  it('does not find a resource that a write in between creates', async () => {
    await catalog.bulk.changeFirst('p', changes(1, 40), AUTHOR, undefined)
    await catalog.count('p', 'images', {})
    const release = store.hold('getRevision')
    const reading = asOf(40, () => catalog.get('p', 'images', 'id-41'))
    await settle()
    store.writeElsewhere('p', request('id-41'))
    release()
    await expect(reading).rejects.toMatchObject({ code: 'resource-not-found', facts: { revision: 40 } })
  })
})

describe('the moment of a call', () => {
  beforeEach(async () => {
    for (let i = 1; i <= 5; i++) {
      for (const project of ['p', 'q']) store.writeElsewhere(project, { ...request(`id-${i}`), atMs: i * 10 })
    }
  })

  it('stays the same revision for all reads of a call at a time', async () => {
    const totals = await catalog.asOf({ moment: { atMs: 1_000_000 }, field: 'as_of' }, async () => {
      const first = await catalog.count('p', 'images', {})
      store.writeElsewhere('p', { ...request('later'), atMs: 60 })
      return [first, await catalog.count('p', 'images', {}), await catalog.revision('p')]
    })
    expect(totals).toEqual([{ revision: 5, total: 5 }, { revision: 5, total: 5 }, 5])
    expect(await catalog.revision('p')).toBe(6)
  })

  it('is a revision of each project at a time, and a revision of one project only', async () => {
    store.writeElsewhere('q', { ...request('later'), atMs: 30 })
    const both = () => Promise.all(['p', 'q'].map((project) => catalog.count(project, 'images', {})))
    expect(await catalog.asOf({ moment: { atMs: 35 }, field: 'as_of' }, both)).toEqual([
      { revision: 3, total: 3 },
      { revision: 3, total: 3 },
    ])
    await expect(asOf(3, both)).rejects.toMatchObject({ code: 'request-invalid', facts: { field: 'as_of' } })
  })

  it('is refused when it is above the present or below the horizon, by the name that it was given by', async () => {
    store.forgetHistory('p', 3)
    const refusal = (revision: number) => asOf(revision, () => catalog.types('p')).catch((error: unknown) => error)
    expect(await refusal(6)).toMatchObject({ code: 'revision-unknown', facts: { field: 'as_of', revision: 5 } })
    expect(await refusal(2)).toMatchObject({ code: 'revision-gone', facts: { field: 'as_of', horizon: 3 } })
    expect(await asOf(3, () => catalog.count('p', 'images', {}))).toEqual({ revision: 3, total: 3 })
    await expect(asOf(2, () => catalog.moments.check(['p']))).rejects.toMatchObject({ code: 'revision-gone' })
    await catalog.moments.check(['p'])
  })

  it('is refused when the horizon moves above it while its index is loaded', async () => {
    store.writeElsewhere('p', { ...request('id-1', register({ name: 'new' })), atMs: 60 })
    const release = store.hold('changesSince')
    const reading = asOf(4, () => catalog.count('p', 'images', {}))
    await settle()
    store.forgetHistory('p', 6)
    release()
    // The first read of the log was answered before.
    expect(await reading).toEqual({ revision: 4, total: 4 })
    await expect(asOf(4, () => catalog.count('p', 'images', {}))).rejects.toMatchObject({ code: 'revision-gone' })
  })

  it('does not reach work outside the call', async () => {
    const [past, present] = await Promise.all([
      asOf(2, () => catalog.count('p', 'images', {})),
      catalog.count('p', 'images', {}),
    ])
    expect([past.total, present.total, catalog.moments.isPast]).toEqual([2, 5, false])
  })
})
