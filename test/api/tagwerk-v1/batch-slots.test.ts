import { expect, it } from 'vitest'
import { BatchSlots } from '../../../src/api/tagwerk-v1/batch-slots.ts'

it('an owner has four slots, a freed one goes to the first that waits, and other owners have their own', async () => {
  const slots = new BatchSlots()
  const order: string[] = []
  const free = await Promise.all([1, 2, 3, 4].map(() => slots.take('a')))
  const waiting = ['fifth', 'sixth'].map((name) => slots.take('a').then((end) => [order.push(name), end] as const))
  await slots.take('b')
  expect(order).toEqual([])
  free[0]?.()
  free[0]?.()
  await waiting[0]
  await Promise.resolve()
  expect(order).toEqual(['fifth'])
  free[1]?.()
  await waiting[1]
  expect(order).toEqual(['fifth', 'sixth'])
})
