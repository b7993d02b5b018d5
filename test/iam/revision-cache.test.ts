import { describe, expect, it } from 'vitest'
import { BoundedMap } from '../../src/iam/bounded-map.ts'
import { RevisionCache } from '../../src/iam/revision-cache.ts'

/** A cache, and how often it had to ask. */
function cacheOf(entriesMax?: number) {
  const cache = new RevisionCache<{ readonly is: string }>(entriesMax)
  const asked: string[] = []
  const get = async (key: string, revision: number, is: string | undefined = key) =>
    (
      await cache.get(key, revision, async () => {
        asked.push(`${key}@${revision}`)
        return is === '' ? undefined : { is }
      })
    )?.is
  return { cache, asked, get }
}

describe('a cache by revision', () => {
  it('asks once per key and revision', async () => {
    const { asked, get } = cacheOf()
    for (const revision of [1, 1, 2, 2]) for (const key of ['a', 'b']) expect(await get(key, revision)).toBe(key)
    expect(asked).toEqual(['a@1', 'b@1', 'a@2', 'b@2'])
  })

  it('asks again for what was not found', async () => {
    const { asked, get } = cacheOf()
    for (let i = 0; i < 2; i++) expect(await get('a', 1, '')).toBeUndefined()
    expect(asked).toHaveLength(2)
  })

  it('neither gives nor keeps what a question from before a change finds out', async () => {
    const { cache, get } = cacheOf()
    await get('a', 2, 'new')
    expect(await get('a', 1, 'old')).toBe('old')
    cache.set('a', 1, { is: 'old' })
    expect(await get('a', 2, 'other')).toBe('new')
  })

  it('does not keep what comes in after a change', async () => {
    const { cache, get } = cacheOf()
    let tell: (value: { readonly is: string }) => void = () => {}
    const slow = cache.get('a', 1, () => new Promise((resolve) => (tell = resolve)))
    await get('b', 2)
    tell({ is: 'old' })
    expect(await slow).toEqual({ is: 'old' })
    expect(await get('a', 2, 'new')).toBe('new')
  })

  it('holds no more than it may', async () => {
    const { asked, get } = cacheOf(2)
    for (const key of ['a', 'b', 'c', 'c', 'b', 'a']) await get(key, 1)
    expect(asked).toEqual(['a@1', 'b@1', 'c@1', 'a@1'])
  })
})

it('a bounded map forgets what was added first', () => {
  const map = new BoundedMap<number>(2)
  for (const [i, key] of ['a', 'b', 'b', 'c'].entries()) map.set(key, i)
  expect(['a', 'b', 'c'].map((key) => map.get(key))).toEqual([undefined, 2, 3])
  map.delete('b')
  expect(map.get('b')).toBeUndefined()
})
