import { expect, it } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { toTag } from './requests.ts'

const MAX = 5

/** Tests every sentence of `PredefinedTagStore`. Tags are written `key=value`, with their time as `key=value@1000`. */
export function predefinedTagStoreConformance(store: () => Store, reopened: () => Promise<Store>): void {
  const put = (domain: string, atMs: number, ...tags: string[]) =>
    store().putPredefinedTags(domain, tags.map(toTag), atMs, MAX)
  const remove = (domain: string, ...tags: string[]) => store().removePredefinedTags(domain, tags.map(toTag))
  const replace = (domain: string, atMs: number, oldTag: string, newTag: string) =>
    store().replacePredefinedTag(domain, toTag(oldTag), toTag(newTag), atMs)
  const list = async (domain: string, from = store()) =>
    (await from.listPredefinedTags(domain)).map(({ key, value, updatedAtMs }) => `${key}=${value}@${updatedAtMs}`)

  it('the list is empty for a domain without predefined tags', async () => {
    expect(await list('d1')).toEqual([])
  })

  it('predefined tags are listed in order of key, then of value, by code point', async () => {
    await put('d1', 1000, 'b=1', '\u{1F600}=1', '\uFFFD=1', 'B=2', 'B=1')
    expect(await list('d1')).toEqual(['B=1@1000', 'B=2@1000', 'b=1@1000', '\uFFFD=1@1000', '\u{1F600}=1@1000'])
  })

  it('a predefined tag is identified by key and value together; both compare exactly', async () => {
    expect(await put('d1', 1000, 'k=v', 'k=V', 'K=v', 'k=')).toBe('done')
    expect(await list('d1')).toEqual(['K=v@1000', 'k=@1000', 'k=V@1000', 'k=v@1000'])
  })

  it('tags whose concatenated key and value are equal are different tags', async () => {
    await store().putPredefinedTags('d1', [toTag('ab=c'), toTag('a=bc'), { key: 'a","b', value: 'c' }], 1000, MAX)
    await store().putPredefinedTags('d1', [{ key: 'a', value: 'b","c' }], 1000, MAX)
    expect(await list('d1')).toHaveLength(4)
  })

  it('each domain has its own predefined tags', async () => {
    await put('d1', 1000, 'k=1')
    await put('d2', 2000, 'k=1', 'k=2')
    await remove('d2', 'k=1')
    expect(await replace('d2', 3000, 'k=2', 'k=3')).toBe('done')
    expect(await list('d1')).toEqual(['k=1@1000'])
    expect(await list('d2')).toEqual(['k=3@3000'])
  })

  it('a predefined tag that exists or is given twice gets the new time', async () => {
    await put('d1', 1000, 'a=1', 'b=1')
    expect(await put('d1', 2000, 'b=1', 'c=1', 'c=1')).toBe('done')
    expect(await list('d1')).toEqual(['a=1@1000', 'b=1@2000', 'c=1@2000'])
  })

  it('times are stored rounded down to the second', async () => {
    await put('d1', 1000, 'a=1')
    await put('d1', 1999, 'b=1', 'c=1')
    await replace('d1', 2999, 'c=1', 'd=1')
    expect(await list('d1')).toEqual(['a=1@1000', 'b=1@1000', 'd=1@2000'])
  })

  it('a domain can have as many predefined tags as the limit', async () => {
    expect(await put('d1', 1000, 'a=1', 'a=2', 'a=3', 'a=4', 'a=5')).toBe('done')
    expect(await list('d1')).toHaveLength(MAX)
  })

  it('nothing changes when the limit would be exceeded, not even the time of existing tags', async () => {
    await put('d1', 1000, 'a=1', 'a=2', 'a=3', 'a=4')
    expect(await put('d1', 2000, 'a=1', 'a=5', 'a=6')).toBe('full')
    expect(await list('d1')).toEqual(['a=1@1000', 'a=2@1000', 'a=3@1000', 'a=4@1000'])
  })

  it('overwritten tags and tags given twice do not count towards the limit', async () => {
    await put('d1', 1000, 'a=1', 'a=2', 'a=3', 'a=4')
    expect(await put('d1', 2000, 'a=1', 'a=2', 'a=5', 'a=5')).toBe('done')
    expect(await put('d1', 3000, 'a=1', 'a=2', 'a=3', 'a=4', 'a=5')).toBe('done')
    expect(await list('d1')).toHaveLength(MAX)
  })

  it('a tag can be overwritten also when an earlier, higher limit is exceeded', async () => {
    await store().putPredefinedTags('d1', ['a=1', 'a=2', 'a=3'].map(toTag), 1000, 3)
    expect(await store().putPredefinedTags('d1', [toTag('a=1')], 2000, 2)).toBe('done')
    expect(await store().putPredefinedTags('d1', [toTag('a=4')], 2000, 2)).toBe('full')
  })

  it('concurrent calls together do not exceed the limit', async () => {
    const calls = Array.from({ length: 10 }, (_, i) => put('d1', 1000, `a=${i}`))
    const verdicts = await Promise.all(calls)
    expect(verdicts.filter((verdict) => verdict === 'done')).toHaveLength(MAX)
    expect(await list('d1')).toHaveLength(MAX)
  })

  it('predefined tags are removed by key and value, and a missing tag counts as removed', async () => {
    await put('d1', 1000, 'a=1', 'a=2', 'b=1')
    await remove('d1', 'a=1', 'a=3', 'b=', 'a=1')
    expect(await list('d1')).toEqual(['a=2@1000', 'b=1@1000'])
    await remove('d1', 'a=1')
    await remove('d9', 'a=2')
    expect(await list('d1')).toEqual(['a=2@1000', 'b=1@1000'])
  })

  it('a replacement replaces one tag by another with a new time', async () => {
    await put('d1', 1000, 'a=1', 'b=1')
    expect(await replace('d1', 2000, 'a=1', 'a=2')).toBe('done')
    expect(await list('d1')).toEqual(['a=2@2000', 'b=1@1000'])
  })

  it('a replacement is possible when the limit is reached', async () => {
    await put('d1', 1000, 'a=1', 'a=2', 'a=3', 'a=4', 'a=5')
    expect(await replace('d1', 2000, 'a=5', 'a=6')).toBe('done')
    expect(await list('d1')).toHaveLength(MAX)
  })

  it('a replacement changes nothing when the old tag is missing, or otherwise when the new tag exists', async () => {
    await put('d1', 1000, 'a=1', 'b=1')
    await put('d2', 1000, 'c=1')
    expect(await replace('d1', 2000, 'a=2', 'c=1')).toBe('old-absent')
    expect(await replace('d1', 2000, 'a=2', 'b=1')).toBe('old-absent')
    expect(await replace('d1', 2000, 'c=1', 'd=1')).toBe('old-absent')
    expect(await replace('d1', 2000, 'a=1', 'b=1')).toBe('new-taken')
    expect(await replace('d1', 2000, 'a=1', 'a=1')).toBe('new-taken')
    expect(await list('d1')).toEqual(['a=1@1000', 'b=1@1000'])
  })

  it('of two concurrent replacements of one tag exactly one is done', async () => {
    await put('d1', 1000, 'a=1')
    const verdicts = await Promise.all([replace('d1', 2000, 'a=1', 'b=1'), replace('d1', 2000, 'a=1', 'c=1')])
    expect(verdicts.toSorted()).toEqual(['done', 'old-absent'])
    expect(await list('d1')).toHaveLength(1)
  })

  it('predefined tags are stored after the store is closed and opened again', async () => {
    await put('d1', 1000, 'a=1', 'b=')
    expect(await list('d1', await reopened())).toEqual(['a=1@1000', 'b=@1000'])
  })
}
