import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Compliance } from '../../src/catalog/compliance.ts'
import { ProjectIndex } from '../../src/catalog/project-index.ts'
import type { EffectivePolicy, PolicyRule } from '../../src/core/policy/effective-policy.ts'
import { PROBLEMS, type Problem, problemsOfResource } from '../../src/core/policy/judge-resource.ts'
import type { ResourceType } from '../../src/core/resource-types.ts'
import { Random } from '../support/random.ts'
import { changeOf, type Held, indexOf } from './held-index.ts'

const TYPES = ['acme:thing', 'ecs', 'images'] as ResourceType[]
const KEYS = ['env', 'Env', 'ENV', 'owner', 'Owner', 'team']
const VALUES = ['', 'a', 'ab', 'aba', 'prod', 'test']

const over = (index: ProjectIndex) => new Compliance({ read: async (_project, read) => read(index) })
const request = { query: {}, limit: 1000, after: undefined, facets: [], counted: [] }

const rule = fc.record({
  key: fc.constantFrom('env', 'Env', 'owner', 'team', 'none'),
  values: fc.option(fc.uniqueArray(fc.constantFrom('a*', 'a*a', 'prod', '*', 'test', 'x'), { minLength: 1 }), {
    nil: undefined,
  }),
  enforcedFor: fc.constant([]),
  requiredFor: fc.subarray(['ecs', 'acme:*']),
  requiredOnCreate: fc.constant(false),
}) as fc.Arbitrary<PolicyRule>
const policy = fc
  .uniqueArray(rule, { selector: ({ key }) => key.toLowerCase(), maxLength: 4 })
  .map((rules): EffectivePolicy => ({ rules }))
const tags = fc.uniqueArray(fc.record({ key: fc.constantFrom(...KEYS), value: fc.constantFrom(...VALUES) }), {
  selector: ({ key }) => key,
  maxLength: 4,
})
const resources = fc.array(fc.record({ type: fc.constantFrom(...TYPES), tags }), { maxLength: 25 })

/** The resources that the judge finds to have a problem. */
function judged(held: readonly Held[], effective: EffectivePolicy, key: string, problem: Problem): readonly string[] {
  const has = ({ type, tags: all }: Held) =>
    problemsOfResource(effective, type, all).some((each) => each.key === key && each.problem === problem)
  return held.filter(has).map(({ id }) => id)
}

it('counts by type, key and problem, and the resources that are listed, are those of the judge of single resources', async () => {
  await fc.assert(
    fc.asyncProperty(
      resources,
      policy,
      fc.option(fc.subarray(TYPES, { minLength: 1 }), { nil: undefined }),
      async (given, effective, types) => {
        const held = given.map((one, i) => ({ ...one, id: `i${i}` }))
        const compliance = over(await indexOf(held))
        const counted = await compliance.count('p', effective, types)
        expect(counted.revision).toBe(held.length)
        const used = [...new Set(held.map(({ type }) => type))].sort()
        expect(counted.types.map(({ type }) => type)).toEqual(types ?? used)
        for (const { type, resources: all, compliant, problems } of counted.types) {
          const ofType = held.filter((one) => one.type === type)
          const clear = ofType.filter((one) => problemsOfResource(effective, type, one.tags).length === 0)
          expect([all, compliant]).toEqual([ofType.length, clear.length])
          for (const { key } of effective.rules) {
            for (const problem of PROBLEMS) {
              const expected = judged(ofType, effective, key, problem)
              const count = problems.find((one) => one.key === key && one.problem === problem)?.resources ?? 0
              expect([type, key, problem, count]).toEqual([type, key, problem, expected.length])
              const found = await compliance.search('p', [type], { policy: effective, key, problem }, request)
              expect(found.resources.map(({ resource }) => resource.id)).toEqual(expected)
            }
          }
        }
        const any = await compliance.search('p', types, { policy: effective }, request)
        const sum = counted.types.reduce((left, { resources: all, compliant }) => left + all - compliant, 0)
        expect(any.resources.length).toBe(sum)
      },
    ),
  )
})

it('a search among resources with a problem keeps its own conditions, in facets too', async () => {
  const env = (value: string) => ({ key: 'env', value })
  const held = [
    { type: TYPES[1]!, id: 'a', tags: [env('dev'), { key: 'team', value: 'x' }] },
    { type: TYPES[1]!, id: 'b', tags: [env('dev'), { key: 'team', value: 'y' }] },
    { type: TYPES[1]!, id: 'c', tags: [env('prod'), { key: 'team', value: 'x' }] },
  ]
  const effective = {
    rules: [{ key: 'env', values: ['prod'], enforcedFor: [], requiredFor: [], requiredOnCreate: false }],
  }
  const query = { filter: { kind: 'tag-in' as const, key: 'team', values: ['x'] } }
  const facets = [{ query: {}, key: 'team', limit: 10 }]
  const found = await over(await indexOf(held)).search(
    'p',
    undefined,
    { policy: effective },
    { ...request, query, facets, counted: [query] },
  )
  expect(found.resources.map(({ resource }) => resource.id)).toEqual(['a'])
  expect(found.counts).toEqual([1])
  expect(found.facets[0]?.counts).toEqual([
    { text: 'x', count: 1 },
    { text: 'y', count: 1 },
  ])
})

it('beside a writer, also of new spellings of keys, counts and lists are those of the judge at their revision', async () => {
  const random = new Random(11)
  const held = new Map<string, Held>()
  const history: (readonly Held[])[] = [[]]
  const index = new ProjectIndex({ seed: 0 })
  const write = async () => {
    const id = `i${random.below(3000)}`
    const key = random.below(20) === 0 ? random.pick(['eNv', 'eNV', 'OWNER']) : random.pick(KEYS)
    const one = { type: 'ecs' as ResourceType, id, tags: [{ key, value: random.pick(VALUES) }] }
    held.set(id, one)
    history.push([...held.values()])
    await index.apply([changeOf(one, history.length - 1)])
  }
  for (let i = 0; i < 3000; i++) await write()
  const effective = {
    rules: [
      { key: 'env', values: ['a*', 'prod'], enforcedFor: [], requiredFor: ['ecs'], requiredOnCreate: false },
      { key: 'owner', values: ['test'], enforcedFor: [], requiredFor: [], requiredOnCreate: false },
    ],
  }
  let isDone = false
  const writing = (async () => {
    while (!isDone) {
      await write()
      await new Promise((resolve) => setImmediate(resolve))
    }
  })()
  const compliance = over(index)
  for (let round = 0; round < 30; round++) {
    const [counted, found] = await Promise.all([
      compliance.count('p', effective, undefined),
      compliance.search('p', undefined, { policy: effective, key: 'env', problem: 'wrong-case' }, request),
    ])
    const then = history[counted.revision] as readonly Held[]
    for (const key of ['env', 'owner']) {
      for (const problem of PROBLEMS) {
        const count = counted.types[0]?.problems.find((one) => one.key === key && one.problem === problem)?.resources
        expect([key, problem, count ?? 0]).toEqual([key, problem, judged(then, effective, key, problem).length])
      }
    }
    const listed = new Set(judged(history[found.revision] as readonly Held[], effective, 'env', 'wrong-case'))
    expect([...found.totals.values()]).toEqual([listed.size])
    for (const { resource } of found.resources) expect(listed.has(resource.id)).toBe(true)
  }
  isDone = true
  await writing
})
