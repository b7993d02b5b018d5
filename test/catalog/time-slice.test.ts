import { setImmediate as nextTick } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { TimeSlice } from '../../src/catalog/time-slice.ts'

it('a slice is over after its length, and begins again with a yield', async () => {
  const slice = new TimeSlice('length')
  expect(slice.isOver).toBe(false)
  while (!slice.isOver);
  await slice.yield()
  await nextTick()
  expect(slice.isOver).toBe(false)
})

it('the work of one owner that begins in one tick shares one slice, and another owner has its own', async () => {
  await nextTick()
  const first = new TimeSlice('a')
  while (!first.isOver);
  expect(new TimeSlice('a').isOver).toBe(true)
  expect(new TimeSlice('b').isOver).toBe(false)
  expect(new TimeSlice().isOver).toBe(false)
})
