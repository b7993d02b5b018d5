import { setImmediate as nextTick } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { CommitBoundary } from '../../src/catalog/commit-boundary.ts'
import { findPage } from '../../src/catalog/page-search.ts'
import { ProjectIndex } from '../../src/catalog/project-index.ts'
import { QueryBatcher } from '../../src/catalog/query-batcher.ts'
import { countTags } from '../../src/catalog/tag-counts.ts'
import { IMAGES } from '../../src/core/resource-types.ts'
import type { Change } from '../../src/store/store.ts'

const SIZE = 400

function change(revision: number, n: number, value: string): Change {
  return {
    revision,
    kind: 'register',
    type: IMAGES,
    id: `image-${n}`,
    sequence: n,
    createdAtMs: 0,
    after: { name: `web-${n}`, detail: '{}', tags: [{ key: 'env', value }] },
    actor: 'user',
    requestId: 'request',
    atMs: 0,
    priorRevision: undefined,
    cause: undefined,
  }
}

/** An index of resources with one value, and the commit that gives all of them another. */
async function largeCommit(): Promise<{ index: ProjectIndex; commit: () => Promise<void> }> {
  const index = new ProjectIndex({ seed: 1 })
  await index.apply(Array.from({ length: SIZE }, (_, n) => change(n + 1, n + 1, 'old')))
  const changes = Array.from({ length: SIZE }, (_, n) => change(SIZE + n + 1, n + 1, 'new'))
  const commit = () =>
    index.boundary.within(async () => {
      for (const one of changes) {
        await index.apply([one])
        await nextTick()
      }
    })
  return { index, commit }
}

it('a read waits for the end of the commit that is being applied, and begins at once without one', async () => {
  const boundary = new CommitBoundary()
  expect(boundary.read(() => 'now')).toBe('now')
  const order: string[] = []
  const first = boundary.within(async () => {
    await nextTick()
    order.push('first commit')
  })
  const second = boundary.within(async () => {
    await nextTick()
    await nextTick()
    order.push('second commit')
  })
  expect(boundary.isChanging).toBe(true)
  await Promise.all([first, second, boundary.read(() => order.push('read')), boundary.reached()])
  expect(order).toEqual(['first commit', 'second commit', 'read'])
  expect(boundary.isChanging).toBe(false)
})

it('a commit that cannot be applied lets reads continue', async () => {
  const boundary = new CommitBoundary()
  const failing = boundary.within(() => Promise.reject(new Error('broken')))
  const read = boundary.read(() => 'read')
  await expect(failing).rejects.toThrow('broken')
  expect(await read).toBe('read')
})

it('a search for names that ends while a large commit is applied finds all of it or nothing', async () => {
  const { index, commit } = await largeCommit()
  const query = { nameContains: 'web', tags: [{ key: 'env', values: ['new'] }] }
  const committed = commit()
  const totals: number[] = []
  while (index.boundary.isChanging) {
    const { totals: ofTypes } = await findPage(index, [IMAGES], query, { offset: 0, limit: 1 }, 'project')
    totals.push(ofTypes.get(IMAGES) as number)
  }
  await committed
  expect(totals.length).toBeGreaterThan(0)
  for (const total of totals) expect([0, SIZE]).toContain(total)
})

it('keys and values that are counted while a large commit is applied have all of it or nothing', async () => {
  const { index, commit } = await largeCommit()
  const committed = commit()
  const seen: string[] = []
  while (index.boundary.isChanging) {
    const { counts } = await countTags('project', index, [IMAGES], { key: 'env', prefix: '', limit: 10 })
    seen.push(counts.map(({ text, counts: ofTypes }) => `${text} ${ofTypes.get(IMAGES)}`).join())
  }
  await committed
  expect(seen.length).toBeGreaterThan(0)
  for (const counts of seen) expect([`old ${SIZE}`, `new ${SIZE}`]).toContain(counts)
})

it('queries that are executed in a later tick find all of a large commit or nothing', async () => {
  const { index, commit } = await largeCommit()
  const batcher = new QueryBatcher(() => false)
  const count = (value: string) =>
    batcher.run(
      index,
      IMAGES,
      { query: { tags: [{ key: 'env', values: [value] }] }, offset: 0, limit: 0 },
      ({ total }) => total,
    )
  const committed = commit()
  await nextTick()
  const counts = await Promise.all([count('new'), count('old')])
  expect(counts).toEqual([SIZE, 0])
  await committed
})
