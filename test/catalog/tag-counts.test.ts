import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ProjectIndex } from '../../src/catalog/project-index.ts'
import { countTags } from '../../src/catalog/tag-counts.ts'
import { matches } from '../../src/core/matches.ts'
import type { ResourceType } from '../../src/core/resource-types.ts'
import type { Tag } from '../../src/core/tag.ts'
import { compareCodePoints } from '../../src/core/text.ts'
import type { Change } from '../../src/store/store.ts'

const TYPES = ['images', 'ecs', 'aws_instance'] as ResourceType[]
const TEXTS = ['', 'a', 'ab', 'abc', 'B', 'b', '标签', '\uffee', '\u{1f600}']

type Held = { readonly type: ResourceType; readonly id: string; readonly tags: readonly Tag[] }

function changeOf({ type, id, tags }: Held, revision: number): Change {
  const after = { name: '', detail: '{}', tags }
  const times = { createdAtMs: 0, atMs: 0, actor: '', requestId: '', priorRevision: undefined, cause: undefined }
  return { revision, kind: 'register', type, id, sequence: revision, after, ...times }
}

/** The expected page: every text of every resource, counted by the plain predicate. */
function expectedOf(held: readonly Held[], types: readonly ResourceType[], key: string | undefined, prefix: string) {
  const all = held.filter(({ type }) => types.includes(type))
  const texts = all.flatMap(({ tags }) =>
    key === undefined ? tags.map((tag) => tag.key) : tags.filter((tag) => tag.key === key).map(({ value }) => value),
  )
  return [...new Set(texts)]
    .filter((text) => text.startsWith(prefix))
    .sort(compareCodePoints)
    .map((text) => {
      const query = { tags: [key === undefined ? { key: text, values: [] } : { key, values: [text] }] }
      const counts = types.map((type): [string, number] => {
        const ofType = all.filter((one) => one.type === type && matches({ name: '', ...one }, query))
        return [type, ofType.length]
      })
      return { text, counts: Object.fromEntries(counts.filter(([, count]) => count > 0)) }
    })
}

const tagsOf = fc.uniqueArray(
  fc.record({ key: fc.constantFrom(...TEXTS.slice(1)), value: fc.constantFrom(...TEXTS) }),
  {
    selector: ({ key }) => key,
    maxLength: 4,
  },
)
const resource = fc.record({ type: fc.constantFrom(...TYPES), n: fc.nat(6), tags: tagsOf })

it('pages of any size give every key or value once, in order, with the numbers that the predicate gives', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(resource, { maxLength: 20 }),
      fc.option(fc.subarray(TYPES, { minLength: 1 }), { nil: undefined }),
      fc.option(fc.constantFrom(...TEXTS.slice(1)), { nil: undefined }),
      fc.constantFrom('', 'a', 'ab', '标', '\u{1f600}'),
      fc.integer({ min: 1, max: 4 }),
      async (resources, types, key, prefix, limit) => {
        const index = new ProjectIndex({ seed: 0 })
        const held = new Map<string, Held>()
        for (const [i, { type, n, tags }] of resources.entries()) {
          const one = { type, id: `${n}`, tags }
          held.set(`${type}/${n}`, one)
          await index.apply([changeOf(one, i + 1)])
        }
        const expected = expectedOf([...held.values()], types ?? TYPES, key, prefix)
        const read = []
        for (let after: string | undefined; ; ) {
          const page = await countTags('p', index, types, { key, prefix, after, limit })
          expect(page.revision).toBe(resources.length)
          read.push(...page.counts.map(({ text, counts }) => ({ text, counts: Object.fromEntries(counts) })))
          if (!page.hasMore) break
          expect(page.counts).toHaveLength(limit)
          after = page.counts.at(-1)?.text
        }
        expect(read).toEqual(expected)
      },
    ),
  )
})

it('a page is of one revision although tags change while it is counted in time slices', async () => {
  const index = new ProjectIndex({ seed: 0 })
  const names = Array.from({ length: 4000 }, (_, i) => `k${String(i).padStart(5, '0')}`)
  const held: Held[] = names.map((key, i) => ({ type: 'images', id: `${i}`, tags: [{ key, value: 'v' }] }))
  await index.apply(held.map((one, i) => changeOf(one, i + 1)))
  let revision = held.length
  let isDone = false
  const writing = (async () => {
    for (let i = 0; !isDone; i++) {
      // Each change moves a key that all resources share from one type to another.
      const one: Held = {
        type: 'ecs' as ResourceType,
        id: `${i % 50}`,
        tags: [
          { key: 'a', value: `${i}` },
          { key: 'zz', value: `${i}` },
        ],
      }
      await index.apply([changeOf(one, ++revision)])
      await new Promise((resolve) => setImmediate(resolve))
    }
  })()
  const counting = Array.from({ length: 8 }, async () => {
    const page = await countTags('p', index, undefined, { prefix: '', limit: 10_000 })
    const of = (text: string) => page.counts.find((each) => each.text === text)?.counts.get('ecs' as ResourceType) ?? 0
    const written = Math.min(50, page.revision - held.length)
    expect([of('a'), of('zz')]).toEqual([written, written])
  })
  await Promise.all(counting)
  isDone = true
  await writing
})
