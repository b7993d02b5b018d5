import fc from 'fast-check'
import { expect, it } from 'vitest'
import { countCoverage, type ValidityRules } from '../../src/catalog/coverage-counts.ts'
import type { ResourceType } from '../../src/core/resource-types.ts'
import { changeOf, type Held, indexOf } from './held-index.ts'

const TYPES = ['aws_instance', 'ecs', 'images'] as ResourceType[]
const KEYS = ['a', 'B', 'b', '标签', '\u{1f600}']

/** The value "v" is valid for `a` and `b`, the latter on servers only. */
const RULES: ValidityRules = {
  id: 'r',
  keys: ['a', 'b'],
  countValid: (index, type, key) => {
    const hasRule = key === 'a' || (key === 'b' && type === ('ecs' as ResourceType))
    return hasRule ? index.count({ tags: [{ key, values: ['v'] }] }) : undefined
  },
}

const tagsOf = fc.uniqueArray(fc.record({ key: fc.constantFrom(...KEYS), value: fc.constantFrom('', 'v', 'w') }), {
  selector: ({ key }) => key,
  maxLength: 4,
})
const resources = fc.array(fc.record({ type: fc.constantFrom(...TYPES), tags: tagsOf }), { maxLength: 20 })

it('counts of keys by type and in all are those of the resources, with and without rules', async () => {
  await fc.assert(
    fc.asyncProperty(
      resources,
      fc.option(fc.subarray(TYPES, { minLength: 1 }), { nil: undefined }),
      fc.option(fc.subarray(KEYS, { minLength: 1 }), { nil: undefined }),
      fc.boolean(),
      async (given, types, keys, hasRules) => {
        const held = given.map((one, i) => ({ ...one, id: `i${i}` }))
        const rules = hasRules ? RULES : undefined
        const { revision, counts } = await countCoverage(await indexOf(held), 'p', { types, keys, rules })
        expect(revision).toBe(held.length)
        for (const { type, key, rules: id, resources: all, tagged, valid } of counts) {
          const hasRule = key === 'a' || (key === 'b' && (type === '' || type === 'ecs'))
          const isOf = (one: Held) => {
            if (types !== undefined && !types.includes(one.type)) return false
            if (type !== '') return one.type === type
            return id === '' || key === 'a' || one.type === 'ecs'
          }
          const ofType = held.filter(isOf)
          const having = ofType.filter(({ tags }) =>
            key === '' ? tags.length > 0 : tags.some((tag) => tag.key === key),
          )
          expect([type, key, id, all, tagged]).toEqual([type, key, id, ofType.length, having.length])
          if (id === '') expect(valid).toBeUndefined()
          else {
            expect([id, hasRule]).toEqual(['r', true])
            expect(valid).toBe(
              having.filter(({ tags }) => tags.some((tag) => tag.key === key && tag.value === 'v')).length,
            )
          }
        }
        const shown = new Set(counts.map(({ key }) => key))
        const used = new Set(
          held.flatMap(({ type, tags }) => ((types?.includes(type) ?? true) ? tags.map(({ key }) => key) : [])),
        )
        const expected = keys ?? [...used, ...(rules?.keys ?? [])]
        expect(shown).toEqual(new Set(['', ...expected]))
      },
    ),
  )
})

it('the twenty most used keys are counted, of equally used ones the first, and further keys that are named', async () => {
  const keys = Array.from({ length: 25 }, (_, i) => `k${String(i).padStart(2, '0')}`)
  const held = keys.flatMap((key, i) => {
    const tags = [{ key, value: 'v' }]
    return [{ type: TYPES[i % 3]!, id: key, tags }, ...(i > 20 ? [{ type: TYPES[0]!, id: `${key}-2`, tags }] : [])]
  })
  const counted = await countCoverage(await indexOf(held), 'p', { moreKeys: ['k20', 'none'] })
  expect(counted.keys).toEqual([...keys.slice(0, 16), ...keys.slice(20), 'none'])
})

it('counts of a project that changes all the time are of one revision', async () => {
  const held = Array.from({ length: 400 }, (_, i) => ({
    type: `t${i % 200}` as ResourceType,
    id: `i${i}`,
    tags: Array.from({ length: 20 }, (_, k) => ({ key: `k${k}`, value: 'v' })),
  }))
  const index = await indexOf(held)
  let isDone = false
  const counting = countCoverage(index, 'p', {}).finally(() => {
    isDone = true
  })
  let revision = held.length
  while (!isDone) {
    await index.apply([changeOf({ type: 't0' as ResourceType, id: `new-${revision}`, tags: [] }, ++revision)])
    await new Promise((resolve) => setImmediate(resolve))
  }
  const counted = await counting
  expect(counted.counts[0]).toMatchObject({ type: '', key: '', resources: counted.revision, tagged: 400 })
})
