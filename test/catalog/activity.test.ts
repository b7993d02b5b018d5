import { describe, expect, it } from 'vitest'
import { Activity, type ActivityGroup } from '../../src/catalog/activity.ts'
import { History } from '../../src/catalog/history.ts'
import { startOfInterval } from '../../src/core/interval.ts'
import type { ResourceType } from '../../src/core/resource-types.ts'
import type { Change } from '../../src/store/store.ts'
import { randomHistory } from '../core/histories.ts'
import { Random } from '../support/random.ts'
import { FakeStore, request } from './fake-store.ts'

const PROJECT = 'p'
const TYPE = 'ecs' as ResourceType
const CHANGES = 120

/** Writes a random history over some hours, by two users, partly as parts of two plans. */
function written(random: Random): { readonly activity: Activity; readonly log: readonly Change[] } {
  const store = new FakeStore()
  let atMs = 1_000_000_000
  for (const { id, after } of randomHistory(random, CHANGES, ['a', 'b', 'c'])) {
    atMs += random.below(4) * 200_000
    const change = after === undefined ? ({ kind: 'delete' } as const) : ({ kind: 'register', state: after } as const)
    const cause = random.chance(0.4) ? `plan:${random.below(2)}` : undefined
    const made = { ...request(id, change, TYPE), actor: random.pick(['ann', 'bob']), atMs, cause }
    store.writeElsewhere(PROJECT, { ...made, requestId: `r${random.below(20)}` })
  }
  return { activity: new Activity(store, new History(store)), log: store.log(PROJECT) }
}

const keyOf = ({ actor, cause, requestId }: Pick<Change, 'actor' | 'cause' | 'requestId'>) =>
  `${actor} ${cause ?? requestId}`

describe('the activity of a project', () => {
  it.each([1, 2, 3, 4])('counts in each interval the changes whose times are in it, for seed %i', async (seed) => {
    const random = new Random(seed)
    const { activity, log } = written(random)
    const [fromMs, toMs] = [log[0]?.atMs as number, log.at(-1)?.atMs as number]
    for (const actor of [undefined, 'ann']) {
      for (const interval of ['minute', 'hour', 'day', 'month'] as const) {
        const { points } = await activity.count(PROJECT, interval, fromMs, toMs, { actor })
        const meant = log.filter((change) => actor === undefined || change.actor === actor)
        for (const { startMs, changes, revision } of points) {
          const of = (change: Change) => startOfInterval(interval, change.atMs)
          expect(changes).toBe(meant.filter((change) => of(change) === startMs).length)
          expect(revision).toBe(log.findLast((change) => of(change) <= startMs)?.revision)
        }
        expect(points.reduce((sum, { changes }) => sum + changes, 0)).toBe(meant.length)
      }
    }
  })

  it.each([5, 6, 7, 8])('has each change in the group of its cause or request, for seed %i', async (seed) => {
    const random = new Random(seed)
    const { activity, log } = written(random)
    for (const limit of [1, 3, 200]) {
      const groups: ActivityGroup[] = []
      let before: number | undefined
      do {
        const page = await activity.groups(PROJECT, { before }, limit)
        expect(page.groups.length).toBeLessThanOrEqual(limit)
        groups.push(...page.groups)
        before = page.next
      } while (before !== undefined)
      for (const key of new Set(log.map(keyOf))) {
        const meant = log.filter((change) => keyOf(change) === key)
        const parts = groups.filter((group) => keyOf(group) === key)
        expect(parts.reduce((sum, { changes }) => sum + changes, 0)).toBe(meant.length)
        expect(parts[0]?.last.revision).toBe(meant.at(-1)?.revision)
        expect(parts.at(-1)?.first.revision).toBe(meant[0]?.revision)
        if (limit === 200) {
          expect(parts.length).toBe(1)
          expect(parts[0]?.resources.size).toBe(new Set(meant.map(({ id }) => id)).size)
        }
      }
    }
  })

  it('has no first time before the first change', async () => {
    const store = new FakeStore()
    expect(await new Activity(store, new History(store)).firstAtMs(PROJECT)).toBeUndefined()
  })
})
