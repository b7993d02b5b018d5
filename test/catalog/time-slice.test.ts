import { setImmediate as nextTick } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { TimeSlice } from '../../src/catalog/time-slice.ts'

it('a slice is over after its length, and begins again with a yield', async () => {
  const slice = new TimeSlice(5, 'length')
  expect(slice.isOver).toBe(false)
  while (!slice.isOver);
  await slice.yield()
  await nextTick()
  expect(slice.isOver).toBe(false)
})

it('work that yields resumes one piece per event-loop tick', async () => {
  let resumed = 0
  const work = Array.from({ length: 5 }, async (_, i) => {
    await new TimeSlice(5, `one-${i}`).yield()
    resumed++
  })
  for (const before of [0, 1, 2, 3, 4]) {
    expect(resumed).toBe(before)
    await nextTick()
  }
  await Promise.all(work)
})

it('owners take turns, so that one with much work delays another with little by one slice', async () => {
  const order: string[] = []
  const work = ['much', 'much', 'much', 'much', 'little', 'little'].map(async (owner) => {
    await new TimeSlice(5, owner).yield()
    order.push(owner)
  })
  await Promise.all(work)
  expect(order).toEqual(['much', 'little', 'much', 'little', 'much', 'much'])
})

it('owned work that begins in one tick shares one slice, and work without an owner has its own', async () => {
  await nextTick()
  const first = new TimeSlice(2, 'a')
  while (!first.isOver);
  expect(new TimeSlice(2, 'b').isOver).toBe(true)
  expect(new TimeSlice(2).isOver).toBe(false)
})
