import { setImmediate as nextTick } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { TimeSlice } from '../../src/catalog/time-slice.ts'
import { TURN_MS, TURNS } from '../../src/catalog/turns.ts'

// A clock that stands still, so that a busy machine ends no slice; long after the requests of other tests, which may have
// shared these turns.
let nowMs = 1e12
beforeEach(() => {
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
})
afterEach(() => {
  vi.restoreAllMocks()
})

it('a slice is over after its length, and begins again with a yield', async () => {
  const slice = new TimeSlice('length')
  expect(slice.isOver).toBe(false)
  nowMs += TURN_MS
  expect(slice.isOver).toBe(false)
  nowMs += 0.1
  expect(slice.isOver).toBe(true)
  await slice.yield()
  expect(slice.isOver).toBe(false)
})

it('the work of one owner that begins in one tick shares one slice, and another owner has its own', async () => {
  await nextTick()
  const first = new TimeSlice('a')
  nowMs += TURN_MS + 0.1
  expect(first.isOver).toBe(true)
  expect(new TimeSlice('a').isOver).toBe(true)
  expect(new TimeSlice('b').isOver).toBe(false)
  expect(new TimeSlice().isOver).toBe(false)
})

it('the work of a request is bulk work once one of its slices is', async () => {
  const slice = new TimeSlice('bulk', { isBulk: true })
  await slice.yield()
  new TimeSlice('bulk')
  const seen = TURNS.workOf('bulk')?.isBulk
  expect(seen).toBe(true)
})
