import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CHECKPOINTS_MAX, checkpointsToKeep } from '../../src/catalog/checkpoint-policy.ts'

const at = (time: string, revision = 1) => ({ revision, keptAtMs: Date.parse(time) })
const times = (checkpoints: readonly { readonly keptAtMs: number }[]) =>
  checkpoints.map(({ keptAtMs }) => new Date(keptAtMs).toISOString().slice(0, 10))

/** Checkpoints in order, some minutes to some months apart. */
const history = fc.array(fc.integer({ min: 1, max: 60 * 24 * 40 }), { maxLength: 200 }).map((minutes) => {
  let keptAtMs = Date.parse('2026-01-01T00:00:00Z')
  return minutes.map((more, i) => {
    keptAtMs += more * 60_000
    return { revision: i + 1, keptAtMs }
  })
})

it('of a year of daily checkpoints the first of 2 days, 4 weeks and 6 months are kept', () => {
  const days = Array.from({ length: 365 }, (_, i) => at(new Date(Date.UTC(2026, 0, 1 + i, 9)).toISOString(), i + 1))
  expect(times(checkpointsToKeep(days))).toEqual([
    ...['2026-07-01', '2026-08-01', '2026-09-01', '2026-10-01', '2026-11-01', '2026-12-01'],
    ...['2026-12-07', '2026-12-14', '2026-12-21', '2026-12-28', '2026-12-30', '2026-12-31'],
  ])
})

it('only the first checkpoint of a day is kept, and a week begins on Monday', () => {
  const checkpoints = [at('2026-11-27T23:59:59Z', 1), at('2026-11-28T00:00:00Z', 2), at('2026-11-28T23:00:00Z', 3)]
  expect(checkpointsToKeep(checkpoints)).toEqual(checkpoints.slice(0, 2))
  const weekend = [at('2026-11-29T12:00:00Z', 1), at('2026-11-30T12:00:00Z', 2), at('2026-12-04T12:00:00Z', 3)]
  const later = [at('2026-12-05T12:00:00Z', 4), at('2026-12-06T12:00:00Z', 5)]
  // 29 November is a Sunday and the first of its month, 30 November a Monday; 4 December is the first of its month.
  expect(times(checkpointsToKeep([...weekend, ...later]))).toEqual([
    ...['2026-11-29', '2026-11-30', '2026-12-04', '2026-12-05', '2026-12-06'],
  ])
})

it('at most as many are kept as the periods allow, and the newest day always has one', () => {
  fc.assert(
    fc.property(history, (all) => {
      const kept = checkpointsToKeep(all)
      expect(kept.length).toBeLessThanOrEqual(CHECKPOINTS_MAX)
      const last = all.at(-1)
      if (last !== undefined) expect(times(kept).at(-1)).toBe(times([last])[0])
      expect(checkpointsToKeep(kept)).toEqual(kept)
    }),
  )
})

it('thinning after each checkpoint keeps the same ones as thinning all at once', () => {
  fc.assert(
    fc.property(history, (all) => {
      let kept: readonly (typeof all)[number][] = []
      for (const checkpoint of all) kept = checkpointsToKeep([...kept, checkpoint])
      expect(kept).toEqual(checkpointsToKeep(all))
    }),
  )
})

it('the order in which checkpoints are listed does not matter', () => {
  fc.assert(
    fc.property(history, (all) => {
      expect(checkpointsToKeep(all.toReversed())).toEqual(checkpointsToKeep(all))
    }),
  )
})
