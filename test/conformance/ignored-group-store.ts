import { expect, it } from 'vitest'
import type { Store } from '../../src/store/store.ts'

const MAX = 3

/** Tests every sentence of `IgnoredGroupStore`. An ignored group is written `id by actor@time`. */
export function ignoredGroupStoreConformance(store: () => Store, reopened: () => Promise<Store>): void {
  const ignore = (project: string, id: string, atMs: number, actor = 'ann') =>
    store().ignoreGroup(project, { id, actor, atMs }, MAX)
  const list = async (project: string, from = store()) =>
    (await from.listIgnoredGroups(project)).map(({ id, actor, atMs }) => `${id} by ${actor}@${atMs}`)

  it('the list is empty for a project that ignores no group', async () => {
    expect(await list('p')).toEqual([])
  })

  it('ignored groups are listed with user and time, the last ignored first', async () => {
    await ignore('p', 'g1', 1000)
    await ignore('p', 'g2', 3000, 'bob')
    await ignore('p', 'g3', 2000)
    expect(await list('p')).toEqual(['g2 by bob@3000', 'g3 by ann@2000', 'g1 by ann@1000'])
  })

  it('a group that is ignored already gets the new user and time', async () => {
    await ignore('p', 'g1', 1000)
    await ignore('p', 'g1', 5000, 'bob')
    expect(await list('p')).toEqual(['g1 by bob@5000'])
  })

  it('of more groups than the limit those that were ignored first are forgotten', async () => {
    for (const [i, id] of ['g1', 'g2', 'g3', 'g4', 'g1'].entries()) await ignore('p', id, i)
    expect(await list('p')).toEqual(['g1 by ann@4', 'g4 by ann@3', 'g3 by ann@2'])
  })

  it('ending that a group is ignored affects no other group, and one that is not ignored stays so', async () => {
    await ignore('p', 'g1', 1000)
    await ignore('p', 'g2', 2000)
    await store().endIgnoringGroup('p', 'g1')
    await store().endIgnoringGroup('p', 'g1')
    await store().endIgnoringGroup('q', 'g2')
    expect(await list('p')).toEqual(['g2 by ann@2000'])
  })

  it('each project ignores its own groups', async () => {
    await ignore('p', 'g1', 1000)
    await ignore('q', 'g1', 2000)
    await store().endIgnoringGroup('p', 'g1')
    expect([await list('p'), await list('q')]).toEqual([[], ['g1 by ann@2000']])
  })

  it('ignored groups are stored after the store is closed and opened again', async () => {
    await ignore('p', 'g1', 1000)
    expect(await list('p', await reopened())).toEqual(['g1 by ann@1000'])
  })
}
