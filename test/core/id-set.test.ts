import fc from 'fast-check'
import { expect, it } from 'vitest'
import { IdSet } from '../../src/core/id-set.ts'

it('an id set has exactly what was added', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.string()), (added, others) => {
      const set = new IdSet()
      const truth = new Set<string>()
      for (const id of added) {
        expect(set.add(id)).toBe(!truth.has(id))
        truth.add(id)
      }
      expect(set.size).toBe(truth.size)
      for (const id of [...added, ...others]) expect(set.has(id)).toBe(truth.has(id))
    }),
  )
})

it('an id set of 200,000 ids has all of them and none of others', () => {
  const set = new IdSet()
  for (let i = 0; i < 200_000; i++) set.add(`p/images/${i}`)
  expect(set.size).toBe(200_000)
  for (let i = 0; i < 200_000; i++) if (!set.has(`p/images/${i}`)) expect.fail(`${i} is missing`)
  for (let i = 200_000; i < 400_000; i++) if (set.has(`p/images/${i}`)) expect.fail(`${i} was not added`)
})
