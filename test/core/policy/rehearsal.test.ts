import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CompiledPolicy } from '../../../src/core/policy/compiled-policy.ts'
import { violationsOf } from '../../../src/core/policy/judge-change.ts'
import { Rehearsal, type RehearsedWrite } from '../../../src/core/policy/rehearsal.ts'
import type { ResourceState } from '../../../src/core/resource.ts'
import type { ResourceType } from '../../../src/core/resource-types.ts'
import type { Tag } from '../../../src/core/tag.ts'
import { decide, type TagChange } from '../../../src/core/tag-change.ts'

const TYPES = ['ecs', 'images'] as ResourceType[]
const KEYS = ['env', 'Env', 'owner', 'note']
const DAY_MS = 86_400_000
const RULES = { tagsPerResourceMax: 50 }

/** `env` is `prod` or `test` on servers, and every server must be created with an owner. */
const POLICY = new CompiledPolicy({
  rules: [
    { key: 'env', values: ['prod', 'test'], enforcedFor: ['ecs'], requiredFor: [], requiredOnCreate: false },
    { key: 'owner', enforcedFor: ['ecs'], requiredFor: ['ecs'], requiredOnCreate: true },
  ],
})

const tag = fc.record({ key: fc.constantFrom(...KEYS), value: fc.constantFrom('prod', 'test', 'x') })
const tags = fc.uniqueArray(tag, { selector: ({ key }) => key, maxLength: 3 })
const change: fc.Arbitrary<TagChange> = fc.oneof(
  tags.map((all): TagChange => ({ kind: 'register', state: { name: '', detail: '{}', tags: all } })),
  tags.map((some): TagChange => ({ kind: 'set-tags', tags: some })),
  fc.subarray(KEYS).map((keys): TagChange => ({ kind: 'remove-tags', tags: keys.map((key) => ({ key })) })),
  fc.constant<TagChange>({ kind: 'delete' }),
)
const request = fc.record({ type: fc.constantFrom(...TYPES), id: fc.constantFrom('a', 'b'), change })

/** The write that the log has of a change. */
function writeOf(
  { type, id, change: { kind } }: { type: ResourceType; id: string; change: TagChange },
  revision: number,
  before: readonly Tag[] | undefined,
  after: readonly Tag[] | undefined,
): RehearsedWrite {
  const author = { actor: `user ${revision % 2}`, requestId: `r${revision}`, atMs: revision * DAY_MS }
  return { revision, type, id, replaces: kind === 'register', before, after, ...author }
}

it('as many writes are refused as when what they changed is sent to a service that enforces the policy', () => {
  fc.assert(
    fc.property(fc.array(request, { maxLength: 30 }), (requests) => {
      const rehearsal = new Rehearsal(POLICY, 1000)
      const logged = new Map<string, ResourceState>()
      const enforced = new Map<string, ResourceState>()
      const refused: number[] = []
      for (const [i, one] of requests.entries()) {
        const revision = i + 1
        const resource = `${one.type}/${one.id}`
        const current = logged.get(resource)
        const decision = decide(current, one.change, RULES)
        if (decision.outcome !== 'changed') continue
        put(logged, resource, decision.next)
        rehearsal.add(writeOf(one, revision, current?.tags, decision.next?.tags))
        const there = enforced.get(resource)
        const again = decide(there, changedPart(one.change, current?.tags ?? []), RULES)
        if (again.outcome !== 'changed') continue
        const policy = POLICY.forType(one.type)
        const isRefused =
          again.next !== undefined &&
          policy !== undefined &&
          violationsOf(policy, there?.tags, again.next.tags).length > 0
        if (isRefused) refused.push(revision)
        else put(enforced, resource, again.next)
      }
      expect(rehearsal.samples.map(({ revision }) => revision)).toEqual(refused)
      expect(rehearsal.refused).toBe(refused.length)
    }),
    { numRuns: 2000 },
  )
})

/** The log does not have what a write set again to the same value. */
function changedPart(given: TagChange, before: readonly Tag[]): TagChange {
  if (given.kind !== 'set-tags') return given
  const isNew = ({ key, value }: Tag) => !before.some((old) => old.key === key && old.value === value)
  return { ...given, tags: given.tags.filter(isNew) }
}

function put(states: Map<string, ResourceState>, resource: string, next: ResourceState | undefined): void {
  if (next === undefined) states.delete(resource)
  else states.set(resource, next)
}

it('refused writes are counted by key, author and day, and the first ones are named', () => {
  const rehearsal = new Rehearsal(POLICY, 1)
  const set = (id: string) => ({ type: TYPES[0]!, id, change: { kind: 'set-tags', tags: [] } as TagChange })
  rehearsal.add(writeOf(set('a'), 1, [], [{ key: 'env', value: 'dev' }]))
  rehearsal.add(writeOf(set('b'), 2, [], [{ key: 'Env', value: 'prod' }]))
  rehearsal.add(writeOf(set('c'), 3, [], [{ key: 'note', value: 'x' }]))
  expect([rehearsal.writes, rehearsal.refused]).toEqual([3, 2])
  expect(rehearsal.samples).toEqual([
    {
      ...{ revision: 1, type: 'ecs', id: 'a', actor: 'user 1', requestId: 'r1', atMs: DAY_MS },
      ...{ key: 'env', value: 'dev', problem: 'wrong-value' },
    },
  ])
  expect([...rehearsal.byKey]).toEqual([['env', 2]])
  expect([...rehearsal.byActor]).toEqual([
    ['user 1', 1],
    ['user 0', 1],
  ])
  expect([...rehearsal.byDay]).toEqual([
    [1, 1],
    [2, 1],
  ])
})

it('later writes find the state without the refused ones, and those of a resource that would not exist are not judged', () => {
  const rehearsal = new Rehearsal(POLICY, 10)
  const [owner, dev, note] = [
    { key: 'owner', value: 'ana' },
    { key: 'env', value: 'dev' },
    { key: 'note', value: 'x' },
  ]
  const states: [id: string, kind: 'register' | 'set-tags', before: Tag[] | undefined, after: Tag[]][] = [
    ['a', 'register', undefined, [owner]],
    ['a', 'set-tags', [owner], [owner, dev]],
    ['a', 'set-tags', [owner, dev], [owner, dev, note]],
    ['a', 'set-tags', [owner, dev, note], [dev, note]],
    // Removes the tag that was refused, so that the resource is as it would be.
    ['a', 'set-tags', [dev, note], [note]],
    ['b', 'register', undefined, [note]],
    ['b', 'set-tags', [note], [note, dev]],
  ]
  for (const [i, [id, kind, before, after]] of states.entries()) {
    const change = (
      kind === 'register' ? { kind, state: { name: '', detail: '{}', tags: after } } : { kind, tags: [] }
    ) as TagChange
    rehearsal.add(writeOf({ type: TYPES[0]!, id, change }, i + 1, before, after))
  }
  expect(rehearsal.samples.map(({ revision, key, problem }) => [revision, key, problem])).toEqual([
    [2, 'env', 'wrong-value'],
    [6, 'owner', 'missing'],
  ])
})
