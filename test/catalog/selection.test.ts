import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ProjectIndex } from '../../src/catalog/project-index.ts'
import { selectResources } from '../../src/catalog/selection.ts'
import { matches } from '../../src/core/matches.ts'
import type { ResourceType } from '../../src/core/resource-types.ts'
import type { Tag } from '../../src/core/tag.ts'
import { decide, type TagChange } from '../../src/core/tag-change.ts'
import type { TagQuery } from '../../src/core/tag-query.ts'
import type { Change } from '../../src/store/store.ts'

const TYPES = ['aws_instance', 'ecs', 'images'] as ResourceType[]
const KEYS = ['a', 'b', 'c']
const VALUES = ['', '1', '2']
const RULES = { tagsPerResourceMax: 2 }

type Held = { readonly type: ResourceType; readonly id: string; readonly name: string; readonly tags: readonly Tag[] }

function changeOf({ type, id, name, tags }: Held, revision: number): Change {
  const after = { name, detail: '{}', tags }
  const times = { createdAtMs: 0, atMs: 0, actor: '', requestId: '', priorRevision: undefined, cause: undefined }
  return { revision, kind: 'register', type, id, sequence: revision, after, ...times }
}

const tag = fc.record({ key: fc.constantFrom(...KEYS), value: fc.constantFrom(...VALUES) })
const tags = fc.uniqueArray(tag, { selector: ({ key }) => key, maxLength: 3 })
const filters = fc.uniqueArray(fc.record({ key: fc.constantFrom(...KEYS), values: fc.subarray(VALUES) }), {
  selector: ({ key }) => key,
  minLength: 1,
  maxLength: 2,
})
const query: fc.Arbitrary<TagQuery> = fc.record(
  { tags: filters, tagsAny: filters, notTags: filters, notTagsAny: filters, nameContains: fc.constantFrom('x', 'y') },
  { requiredKeys: [] },
)
const change: fc.Arbitrary<TagChange> = fc.oneof(
  tags.map((some): TagChange => ({ kind: 'set-tags', tags: some })),
  tags.map((some): TagChange => ({ kind: 'remove-tags', tags: some })),
)

it('a selection has the resources that the predicate selects, and the decision of each', async () => {
  const resource = fc.record({ type: fc.constantFrom(...TYPES), name: fc.constantFrom('', 'x', 'XY', 'y'), tags })
  await fc.assert(
    fc.asyncProperty(
      fc.array(resource, { maxLength: 25 }),
      fc.option(fc.subarray(TYPES, { minLength: 1 }), { nil: undefined }),
      query,
      change,
      async (resources, types, conditions, wanted) => {
        const held = resources.map((one, i): Held => ({ ...one, id: `r${i}` }))
        const index = new ProjectIndex({ seed: 0 })
        await index.apply(held.map((one, i) => changeOf(one, i + 1)))
        const makers = { changeOf: () => wanted, rulesOf: () => RULES }
        const selection = await selectResources('p', index, types, conditions, makers)
        expect(selection.revision).toBe(held.length)
        for (const outcome of ['changed', 'unchanged', 'refused'] as const) {
          const expected = TYPES.flatMap((type) =>
            held.filter(
              (one) =>
                one.type === type &&
                (types ?? TYPES).includes(type) &&
                matches(one, conditions) &&
                decide({ ...one, detail: '{}' }, wanted, RULES).outcome === outcome,
            ),
          )
          expect(selection[outcome].map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
        }
        const counted = [...selection.counts.values()].reduce((sum, count) => sum + count, 0)
        expect(counted).toBe(
          held.filter((one) => (types ?? TYPES).includes(one.type) && matches(one, conditions)).length,
        )
      },
    ),
  )
})
