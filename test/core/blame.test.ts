import { describe, expect, it } from 'vitest'
import { Blame } from '../../src/core/blame.ts'
import type { ResourceState } from '../../src/core/resource.ts'
import { Random } from '../support/random.ts'
import { randomHistory, type TestChange } from './histories.ts'

type Living = TestChange & { readonly after: ResourceState }

/** Blames a resource by its whole history, the newest change last. */
function blame(history: readonly TestChange[], changesMax = Number.POSITIVE_INFINITY) {
  const [newest, ...older] = history.toReversed()
  const found = new Blame(newest as Living)
  let read = 1
  for (const change of older) {
    if (found.isDone || read === changesMax) break
    found.add(change)
    read++
  }
  if (read === history.length) found.end()
  return { origins: found.origins, read }
}

/** Blames by replaying the history from its beginning. */
function replayed(history: readonly TestChange[]) {
  let tags = new Map<string, { value: string; revision: number; before: string | undefined }>()
  for (const { revision, after } of history) {
    tags = new Map(
      after?.tags.map(({ key, value }) => {
        const earlier = tags.get(key)
        const set = { value, revision, before: earlier?.value }
        return [key, earlier?.value === value ? earlier : set]
      }),
    )
  }
  return Array.from(tags, ([key, { value, revision, before }]) => ({ key, value, revision, before }))
}

const change = (revision: number, tags: Record<string, string> | undefined): TestChange => ({
  revision,
  priorRevision: revision === 1 ? undefined : revision - 1,
  id: 'r',
  after: tags && { name: '', detail: '{}', tags: Object.entries(tags).map(([key, value]) => ({ key, value })) },
})
const brief = (history: readonly TestChange[]) =>
  Object.fromEntries(blame(history).origins.map((it) => [it.key, [it.change?.revision, it.before]]))

describe('blame', () => {
  it('names the change that set the present value, and the value that it replaced', () => {
    expect(brief([change(1, { a: '1', b: '1' }), change(2, { a: '2', b: '1' })])).toEqual({
      a: [2, '1'],
      b: [1, undefined],
    })
  })

  it('does not move when the same value is written again', () => {
    expect(brief([change(1, { a: '1' }), change(2, { a: '2' }), change(3, { a: '2', b: '' })]).a).toEqual([2, '1'])
  })

  it('points at the second change of a tag that was removed and set again', () => {
    expect(brief([change(1, { a: '1' }), change(2, {}), change(3, { a: '1' })]).a).toEqual([3, undefined])
  })

  it('begins anew with a resource that was deleted and made again', () => {
    expect(brief([change(1, { a: '1' }), change(2, undefined), change(3, { a: '1' })]).a).toEqual([3, undefined])
  })

  it('says no more than the oldest change that was read when it ends early', () => {
    const history = [change(1, { a: '1' }), change(2, { a: '1', b: '1' }), change(3, { a: '1', b: '2' })]
    expect(blame(history, 2).origins).toMatchObject([
      { key: 'a', value: '1', change: undefined, atOrBefore: 2, before: undefined },
      { key: 'b', value: '2', change: { revision: 3 }, before: '1' },
    ])
  })

  it('of any history is what a replay of it says, and reads no change beyond the oldest origin', () => {
    let living = 0
    for (let seed = 0; seed < 6000; seed++) {
      const random = new Random(seed)
      const history = randomHistory(random, 1 + random.below(12), ['r'])
      if (history.at(-1)?.after === undefined) continue
      living++
      const { origins, read } = blame(history)
      const expected = replayed(history)
      expect(
        origins.map(({ key, value, change: set, before }) => ({ key, value, revision: set?.revision, before })),
        `seed ${seed}`,
      ).toEqual(expected)
      const oldest = Math.min(history.length, ...expected.map(({ revision }) => revision))
      expect(read, `seed ${seed}`).toBeLessThanOrEqual(history.length - oldest + 2)
    }
    expect(living).toBeGreaterThan(4000)
  })
})
