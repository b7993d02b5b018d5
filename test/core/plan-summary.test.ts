import { describe, expect, it } from 'vitest'
import { PLAN_ID_PATTERN, toPlanId } from '../../src/core/plan-id.ts'
import { changedTypes, PlanCounts, toPlanSummary } from '../../src/core/plan-summary.ts'

const change = (...keys: [key: string, expect: string | undefined, value: string | undefined][]) => ({
  outcome: 'change' as const,
  patch: { keys: keys.map(([key, expect, value]) => ({ key, expect, value })) },
})

describe('the summary of a plan', () => {
  it('counts resources, and keys that are added, removed and changed', () => {
    const counts = new PlanCounts()
    counts.add('images', change(['Env', 'a', undefined], ['env', undefined, 'a']))
    counts.add('images', change(['env', 'a', 'b']), 2)
    counts.add('instances', change(['__proto__', undefined, '1']))
    counts.add('instances', { outcome: 'unchanged' })
    counts.add('instances', { outcome: 'refused', patch: { keys: [] }, code: 'both-keys' })
    counts.add('instances', { outcome: 'conflict', patch: { keys: [] }, code: 'tag-conflict' })
    counts.add('instances', { outcome: 'conflict', patch: { keys: [] }, code: 'tag-conflict' })
    const summary = toPlanSummary(JSON.stringify(counts.summary()))
    expect(summary).toMatchObject({
      matched: 7,
      changes: 3,
      unchanged: 1,
      refused: 1,
      conflicts: 2,
      tagsLeft: 2,
      types: { images: 2, instances: 1 },
      moreKeys: 0,
      codes: { 'both-keys': 1, 'tag-conflict': 2 },
    })
    expect(changedTypes(summary)).toEqual(['images', 'instances'])
    expect(Object.entries(summary.keys)).toEqual([
      ['Env', { added: 0, removed: 1, changed: 0 }],
      ['env', { added: 1, removed: 0, changed: 1 }],
      ['__proto__', { added: 1, removed: 0, changed: 0 }],
    ])
  })

  it('names the first 200 keys, and counts the others once each', () => {
    const counts = new PlanCounts()
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 250; i++) counts.add('images', change([`k${i}`, 'a', 'b']))
    }
    const { keys, moreKeys } = counts.summary()
    expect(Object.keys(keys)).toHaveLength(200)
    expect(keys.k0).toEqual({ added: 0, removed: 0, changed: 2 })
    expect(moreKeys).toBe(50)
  })
})

describe('the id of a plan', () => {
  it('is a text in order of the time, with 16 random digits', () => {
    const random = 'ffffffffffffffffffff'
    expect(toPlanId(0, '0'.repeat(20))).toBe('0'.repeat(26))
    expect(toPlanId(1_469_918_176_385, random)).toBe(`01ARYZ6S41${'Z'.repeat(16)}`)
    const times = [0, 31, 32, 1000, 1_700_000_000_000, 1_700_000_000_001, 2 ** 47]
    const ids = times.map((atMs) => toPlanId(atMs, random))
    expect(ids.toSorted()).toEqual(ids)
    for (const id of ids) expect(id).toMatch(new RegExp(PLAN_ID_PATTERN))
  })
})
