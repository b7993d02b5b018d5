import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseExpression } from '../../src/core/expression/parse-expression.ts'
import { matches } from '../../src/core/matches.ts'
import type { IndexedResource } from '../../src/core/resource.ts'
import { TagIndex } from '../../src/search-index/tag-index.ts'
import { KERNEL_MODES } from './indexes.ts'
import { anyQuery, fewOf, idOf, resourceFrom } from './queries.ts'

const IDS = 12
const change = fc.record({
  kind: fc.constantFrom('put', 'put', 'remove', 'step', 'step', 'step'),
  id: fc.nat(IDS - 1).map(idOf),
  seed: fc.nat(2 ** 30),
})
const changes = fc.array(change, { maxLength: 40, size: 'max' })
const name = fc.constantFrom(
  { nameContains: 'e' },
  { nameContains: '' },
  { nameContains: 'ab' },
  { nameEquals: 'name' },
)

describe.each(KERNEL_MODES)('a search in steps with %s kernels', (kernels) => {
  it('finds what matches when its page is taken, whatever changes between its steps', () => {
    fc.assert(
      fc.property(
        changes,
        changes,
        anyQuery(IDS),
        name,
        fc.record({ choice: fc.nat(2 ** 20), offset: fc.nat(5), limit: fc.nat(5) }),
        (before, during, query, named, { choice, offset, limit }) => {
          const index = new TagIndex({ kernels, testsAtOnce: 1 })
          let sequence = 0
          const apply = ({ kind, id, seed }: (typeof before)[number]) => {
            if (kind === 'remove') index.remove(id)
            else index.put(resourceFrom(id, index.get(id)?.sequence ?? ++sequence, seed))
          }
          before.forEach(apply)
          const { id: _id, ...others } = fewOf(query, choice)
          const chosen = { ...others, ...named }
          const search = index.searchInSteps(chosen)
          for (const each of during) {
            if (each.kind !== 'step') apply(each)
            else if (search?.isDone === false) search.step()
          }
          while (search?.isDone === false) search.step()
          const all = Array.from(index.find({}, 0, Number.MAX_SAFE_INTEGER).slots, (slot) => index.at(slot))
          const expected = all.filter((resource) => matches(resource, chosen))
          const page = search?.page(offset, limit) ?? index.find(chosen, offset, limit)
          search?.close()
          const found = Array.from(page.slots, (slot): IndexedResource => index.at(slot))
          expect([page.total, found]).toEqual([expected.length, expected.slice(offset, offset + limit)])
        },
      ),
      { numRuns: 500 },
    )
  })
})

it('a list in steps has what matches when its page is taken, whatever changes between its steps', () => {
  let listed = 0
  fc.assert(
    fc.property(
      changes,
      changes,
      anyQuery(IDS),
      fc.record({ choice: fc.nat(2 ** 20), offset: fc.nat(5), limit: fc.nat(5) }),
      (before, during, query, { choice, offset, limit }) => {
        const index = new TagIndex({ testsAtOnce: 2 })
        let sequence = 0
        const apply = ({ kind, id, seed }: (typeof before)[number]) => {
          if (kind === 'remove') index.remove(id)
          else index.put(resourceFrom(id, index.get(id)?.sequence ?? ++sequence, seed))
        }
        before.forEach(apply)
        const chosen = fewOf(query, choice)
        if (index.searchInSteps(chosen) !== undefined) return
        const list = index.listInSteps(chosen)
        for (const each of during) {
          if (each.kind !== 'step') apply(each)
          else if (!list.isDone) list.step()
        }
        while (!list.isDone) list.step()
        const found = index.find(chosen, 0, Number.MAX_SAFE_INTEGER)
        listed += found.total
        const page = list.page(offset, limit)
        list.close()
        expect([page.total, [...page.slots]]).toEqual([found.total, [...found.slots.slice(offset, offset + limit)]])
      },
    ),
    { numRuns: 500 },
  )
  expect(listed).toBeGreaterThan(50)
})

it('many changes during a search are tested again in steps before its page', () => {
  const index = new TagIndex({ testsAtOnce: 10 })
  for (let i = 0; i < 500; i++) index.put({ ...resourceFrom(`id-${i}`, i + 1, i), name: i % 2 === 0 ? 'even' : 'odd' })
  const search = index.searchInSteps({ nameEquals: 'even' })!
  while (!search.isDone) search.step()
  for (let i = 0; i < 300; i++) index.put({ ...resourceFrom(`id-${i}`, i + 1, i), name: 'odd' })
  expect(search.isDone).toBe(false)
  let steps = 0
  for (; !search.isDone; steps++) search.step()
  expect(steps).toBeGreaterThan(2)
  expect(search.page(0, 0).total).toBe(100)
  search.close()
})

it('a query without a name, for an id, or of few names needs no steps', () => {
  const index = new TagIndex({ testsAtOnce: 2 })
  for (let i = 0; i < 3; i++) index.put(resourceFrom(`id-${i}`, i + 1, i))
  expect(index.searchInSteps({ nameContains: 'a' })).toBeDefined()
  expect(index.searchInSteps({})).toBeUndefined()
  expect(index.searchInSteps({ id: 'id-1', nameContains: 'a' })).toBeUndefined()
  index.remove('id-1')
  expect(index.searchInSteps({ nameContains: 'a' })).toBeUndefined()
})

it('a filter of many tests is verified on fewer resources in one step', () => {
  const index = new TagIndex({ testsAtOnce: 64 })
  for (let i = 0; i < 500; i++) index.put(resourceFrom(`id-${i}`, i + 1, i))
  const stepsOf = (tests: number) => {
    const filter = parseExpression(Array.from({ length: tests }, (_, i) => `name.startsWith("${i}")`).join(' || '))
    const search = index.searchInSteps({ filter })!
    let steps = 0
    for (; !search.isDone; steps++) search.step()
    search.close()
    return steps
  }
  expect([stepsOf(1), stepsOf(4), stepsOf(16), stepsOf(64)]).toEqual([63, 63, 250, 500])
})
