import { describe, expect, it } from 'vitest'
import { BoundedMap } from '../../src/iam/bounded-map.ts'
import { RevisionCache } from '../../src/iam/revision-cache.ts'

/** A cache, and the keys and revisions that it has loaded. */
function cacheOf(entriesMax?: number) {
  const cache = new RevisionCache<{ readonly is: string }>(entriesMax)
  const loaded: string[] = []
  const get = async (key: string, revision: number, is: string | undefined = key) =>
    (
      await cache.get(key, revision, async () => {
        loaded.push(`${key}@${revision}`)
        return is === '' ? undefined : { is }
      })
    )?.is
  return { cache, loaded, get }
}

describe('RevisionCache', () => {
  it('a value is loaded once per key and revision', async () => {
    const { loaded, get } = cacheOf()
    for (const revision of [1, 1, 2, 2]) for (const key of ['a', 'b']) expect(await get(key, revision)).toBe(key)
    expect(loaded).toEqual(['a@1', 'b@1', 'a@2', 'b@2'])
  })

  it('an absent value is not cached', async () => {
    const { loaded, get } = cacheOf()
    for (let i = 0; i < 2; i++) expect(await get('a', 1, '')).toBeUndefined()
    expect(loaded).toHaveLength(2)
  })

  it('a value of an older revision is neither cached nor given for a newer one', async () => {
    const { cache, get } = cacheOf()
    await get('a', 2, 'new')
    expect(await get('a', 1, 'old')).toBe('old')
    cache.set('a', 1, { is: 'old' })
    expect(await get('a', 2, 'other')).toBe('new')
  })

  it('a value that loads while the revision changes is not cached', async () => {
    const { cache, get } = cacheOf()
    let finish: (value: { readonly is: string }) => void = () => {}
    const slow = cache.get('a', 1, () => new Promise((resolve) => (finish = resolve)))
    await get('b', 2)
    finish({ is: 'old' })
    expect(await slow).toEqual({ is: 'old' })
    expect(await get('a', 2, 'new')).toBe('new')
  })

  it('a full cache evicts the oldest entry', async () => {
    const { loaded, get } = cacheOf(2)
    for (const key of ['a', 'b', 'c', 'c', 'b', 'a']) await get(key, 1)
    expect(loaded).toEqual(['a@1', 'b@1', 'c@1', 'a@1'])
  })
})

it('a full bounded map evicts the entry that was inserted first', () => {
  const map = new BoundedMap<number>(2)
  for (const [i, key] of ['a', 'b', 'b', 'c'].entries()) map.set(key, i)
  expect(['a', 'b', 'c'].map((key) => map.get(key))).toEqual([undefined, 2, 3])
  map.delete('b')
  expect(map.get('b')).toBeUndefined()
})
