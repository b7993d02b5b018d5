import { describe, expect, it } from 'vitest'
import { ChangeSpan, type TouchedResource } from '../../src/core/change-span.ts'
import { Random } from '../support/random.ts'
import { randomHistory, statesAt, type TestChange } from './histories.ts'

const IDS = ['a', 'b', 'c', 'd']

function spanOf(history: readonly TestChange[], from: number, to: number): ChangeSpan {
  const span = new ChangeSpan(from, to)
  for (const { revision, priorRevision, id } of history.slice(from, to)) {
    span.add(revision, priorRevision, IDS.indexOf(id))
  }
  return span
}

describe('a span of changes', () => {
  it('gives each touched resource once, with its states at both ends, in any history', () => {
    for (let seed = 0; seed < 3000; seed++) {
      const random = new Random(seed)
      const history = randomHistory(random, 1 + random.below(30), IDS)
      const from = random.below(history.length + 1)
      const to = from + random.below(history.length - from + 1)
      const span = spanOf(history, from, to)
      expect(span.isComplete).toBe(true)
      const [before, after] = [statesAt(history, from), statesAt(history, to)]
      const inSpan = history.slice(from, to)
      const ids = [...new Set(inSpan.map(({ id }) => id))]
      const stateAt = (revision: number | undefined) => history[(revision ?? 0) - 1]?.after
      const found = [...span.touched()].map(({ prior, last, changes, actors }: TouchedResource) => ({
        id: history[last - 1]?.id,
        actors,
        changes,
        before: stateAt(prior),
        after: stateAt(last),
      }))
      const expected = ids.map((id) => ({
        id,
        actors: [IDS.indexOf(id)],
        changes: inSpan.filter((each) => each.id === id).length,
        before: before.get(id),
        after: after.get(id),
      }))
      expect(found, `seed ${seed}`).toEqual(expected)
    }
  })

  it('gives the actors of a resource once each, the latest first', () => {
    const span = new ChangeSpan(10, 14)
    for (const [revision, actor] of [11, 12, 13, 14].map((each, i) => [each, [7, 8, 7, 9][i] as number] as const)) {
      span.add(revision, revision - 1, actor)
    }
    expect([...span.touched()]).toEqual([{ prior: 10, last: 14, changes: 4, actors: [9, 7, 8] }])
  })

  it('leaves out the resources that are not wanted', () => {
    const span = new ChangeSpan(0, 4)
    span.add(1, undefined, 0)
    span.leaveOut(2)
    span.leaveOut(3)
    span.add(4, 1, 0)
    expect([...span.touched()]).toEqual([{ prior: undefined, last: 4, changes: 2, actors: [0] }])
  })

  it('refuses a change that does not follow', () => {
    const span = new ChangeSpan(0, 2)
    expect(() => span.add(2, undefined, 0)).toThrow('revision 2 does not follow')
    span.add(1, undefined, 0)
    expect(span.isComplete).toBe(false)
    span.add(2, 1, 0)
    expect(() => span.add(3, undefined, 0)).toThrow('revision 3 does not follow')
  })
})
