import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matches } from '../../src/core/matches.ts'
import { copyOf, type IndexedResource } from '../../src/core/resource.ts'
import { TagIndex } from '../../src/search-index/tag-index.ts'
import { KERNEL_MODES } from './indexes.ts'
import { anyQuery, fewOf, idOf, resourceFrom } from './queries.ts'

const IDS = 12
const operation = fc.record({
  kind: fc.constantFrom('put', 'put', 'remove', 'next', 'next', 'next'),
  id: fc.nat(IDS - 1).map(idOf),
  seed: fc.nat(2 ** 30),
})

describe.each(KERNEL_MODES)('a scan with %s kernels', (kernels) => {
  it('visits what matched when it began, each resource once and as it was, whatever changes between its steps', () => {
    fc.assert(
      fc.property(
        fc.array(operation, { maxLength: 20, size: 'max' }),
        fc.array(operation, { maxLength: 40, size: 'max' }),
        anyQuery(IDS),
        fc.nat(2 ** 20),
        fc.boolean(),
        (before, during, query, choice, isDescending) => {
          const index = new TagIndex({ kernels })
          let sequence = 0
          const change = ({ kind, id, seed }: (typeof before)[number]) => {
            if (kind === 'remove') index.remove(id)
            else index.put(resourceFrom(id, index.get(id)?.sequence ?? ++sequence, seed))
          }
          before.forEach(change)
          const chosen = fewOf(query, choice)
          const isEven = ({ sequence }: IndexedResource) => sequence % 2 === 0
          const all = Array.from(index.find({}, 0, Number.MAX_SAFE_INTEGER).slots, (slot) => index.at(slot))
          const expected = all.filter((resource) => matches(resource, chosen) && isEven(resource))
          const scan = index.scan(chosen, isEven, isDescending)
          const seen: IndexedResource[] = []
          const step = () => {
            const resource = scan.isDone ? undefined : scan.next()
            if (resource !== undefined) seen.push(copyOf(resource))
          }
          for (const each of during) {
            if (each.kind === 'next') step()
            else change(each)
          }
          while (!scan.isDone) step()
          scan.close()
          expect(scan.keptCount).toBe(0)
          expect(seen).toEqual(isDescending ? expected.reverse() : expected)
        },
      ),
      { numRuns: 300 },
    )
  })
})

it('an error of the predicate on a resource that changes reaches the reader, not the writer', () => {
  const index = new TagIndex()
  index.put(resourceFrom('a', 1, 1))
  index.put(resourceFrom('b', 2, 2))
  const scan = index.scan(
    {},
    () => {
      throw new Error('of the predicate')
    },
    false,
  )
  index.remove('b')
  expect(() => scan.next()).toThrow('of the predicate')
  expect(() => scan.next()).toThrow('of the predicate')
  expect(index.size).toBe(1)
})

it('a closed scan keeps nothing more', () => {
  const index = new TagIndex()
  index.put(resourceFrom('a', 1, 1))
  const scan = index.scan({}, () => true, false)
  scan.close()
  index.remove('a')
  expect(scan.keptCount).toBe(0)
})
