import { expect, it } from 'vitest'
import type { CoverageCount, CoverageSeries } from '../../src/store/coverage-store.ts'
import type { Store } from '../../src/store/store.ts'

const count = (
  type: string,
  key: string,
  resources: number,
  tagged: number,
  valid?: number,
): CoverageSeries & CoverageCount => ({ type, key, rules: valid === undefined ? '' : 'r1', resources, tagged, valid })

/** Tests every sentence of `CoverageStore` and `LeaseStore`. */
export function coverageStoreConformance(store: () => Store, reopened: () => Promise<Store>): void {
  const put = (day: number, revision: number, ...counts: readonly (CoverageSeries & CoverageCount)[]) =>
    store().putCoverage('p', { day, revision }, counts)
  const read = async (type: string, key: string, rules = '', from = 0, to = 1e9) =>
    (await store().getCoverage('p', { type, key, rules }, from, to)).map(({ day, resources, tagged, valid }) => [
      ...[day, resources, tagged],
      ...(valid === undefined ? [] : [valid]),
    ])

  it('counts of a day are kept by type, key and rules, and are there after a restart', async () => {
    await put(20_000, 7, count('', '', 9, 5), count('ecs', 'Env\0"ü', 4, 3), count('ecs', 'Env\0"ü', 4, 3, 2))
    await put(20_001, 8, count('ecs', 'Env\0"ü', 5, 4), count('ecs', 'env\0"ü', 5, 1))
    await store().putCoverage('q', { day: 20_000, revision: 1 }, [count('', '', 1, 1)])
    await reopened()
    expect(await read('', '')).toEqual([[20_000, 9, 5]])
    expect(await read('ecs', 'Env\0"ü')).toEqual([
      [20_000, 4, 3],
      [20_001, 5, 4],
    ])
    expect(await read('ecs', 'Env\0"ü', 'r1')).toEqual([[20_000, 4, 3, 2]])
    expect(await read('ecs', 'other')).toEqual([])
    expect(await store().listCoverageDays('p', 0, 1e9)).toEqual([
      { day: 20_000, revision: 7 },
      { day: 20_001, revision: 8 },
    ])
  })

  it('counts and days are read between two days, both included, in ascending order', async () => {
    for (const day of [5, 3, 4, 2]) await put(day, day, count('', 'k', day, 1))
    expect(await read('', 'k', '', 3, 4)).toEqual([
      [3, 3, 1],
      [4, 4, 1],
    ])
    expect((await store().listCoverageDays('p', 3, 4)).map(({ day }) => day)).toEqual([3, 4])
    expect(await store().listCoverageDays('p', 6, 9)).toEqual([])
  })

  it('counts of the same series and day are replaced, and others stay', async () => {
    await put(1, 5, count('', 'a', 2, 1), count('', 'b', 2, 1))
    await put(1, 6, count('', 'b', 3, 2), count('', 'c', 3, 3))
    expect([await read('', 'a'), await read('', 'b'), await read('', 'c')]).toEqual([
      [[1, 2, 1]],
      [[1, 3, 2]],
      [[1, 3, 3]],
    ])
    expect(await store().listCoverageDays('p', 1, 1)).toEqual([{ day: 1, revision: 6 }])
  })

  it('two calls for a day at the same time lose neither', async () => {
    await Promise.all(Array.from('abcdef', (key) => put(1, 5, count('', key, 2, 1))))
    for (const key of 'abcdef') expect(await read('', key)).toEqual([[1, 2, 1]])
  })

  it('the counts of a deleted project are deleted series by series, and none are stored meanwhile', async () => {
    const project = { id: 'p', domainId: 'd', name: 'n', description: '', enabled: true }
    await store().createProject({ ...project, tokenGeneration: 0, tags: [], limits: {} })
    await put(1, 5, count('', 'a', 2, 1), count('', 'b', 2, 1))
    await put(2, 5, count('', 'a', 2, 1))
    expect(await store().forgetCoverage()).toBe(0)
    expect(await store().deleteProject('p')).toBe('done')
    await put(3, 5, count('', 'c', 2, 1))
    expect(await read('', 'c')).toEqual([])
    expect(await store().forgetCoverage()).toBe(2)
    expect(await store().forgetCoverage()).toBe(1)
    expect(await store().forgetCoverage()).toBe(2)
    expect(await store().forgetCoverage()).toBe(0)
    expect(await store().listCoverageDays('p', 0, 9)).toEqual([])
    await put(3, 5, count('', 'c', 2, 1))
    expect(await read('', 'c')).toEqual([[3, 2, 1]])
  })

  it('a lease has one holder until it ends, and its holder can extend it', async () => {
    expect(await store().takeLease('work', 'a', 100, 200)).toBe(true)
    expect(await store().takeLease('work', 'b', 150, 250)).toBe(false)
    expect(await store().takeLease('other', 'b', 150, 250)).toBe(true)
    expect(await store().takeLease('work', 'a', 150, 300)).toBe(true)
    await reopened()
    expect(await store().takeLease('work', 'b', 250, 350)).toBe(false)
    expect(await store().takeLease('work', 'b', 300, 400)).toBe(true)
    expect(await store().takeLease('work', 'a', 350, 450)).toBe(false)
  })

  it('of two holders at the same time one takes a lease', async () => {
    const taken = await Promise.all(Array.from('abcdef', (holder) => store().takeLease('work', holder, 100, 200)))
    expect(taken.filter(Boolean)).toHaveLength(1)
  })
}
