import { describe, expect, it } from 'vitest'
import type { ResourceState } from '../../src/core/resource.ts'
import { IMAGES } from '../../src/core/resource-types.ts'
import { type Decision, decide, type TagChange } from '../../src/core/tag-change.ts'
import type { TagQuery } from '../../src/core/tag-query.ts'
import { compiled, tagsOf } from './policy/policies.ts'
import { readVectors } from './vectors.ts'

/** `null` stands for a resource that does not exist. */
type Vector = {
  readonly name: string
  readonly current: ResourceState | null
  readonly change: TagChange
  readonly tagsPerResourceMax: number
  readonly expected: Exclude<Decision, { outcome: 'changed' }> | { outcome: 'changed'; next: ResourceState | null }
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) freeze(member)
    Object.freeze(value)
  }
  return value
}

describe('an edit that keeps positions', () => {
  const current = {
    name: 'n',
    detail: '{}',
    tags: [
      { key: 'b', value: '1' },
      { key: 'a', value: '2' },
    ],
  }
  const edit = (...tags: readonly { key: string; value: string }[]): TagChange => ({
    kind: 'edit',
    tags,
    keepsPositions: true,
  })
  const rules = { tagsPerResourceMax: 10 }

  it('changes nothing when it has the same tags in another order', () => {
    expect(decide(current, edit({ key: 'a', value: '2' }, { key: 'b', value: '1' }), rules)).toEqual({
      outcome: 'unchanged',
    })
  })

  it('puts new keys after those that the resource has', () => {
    const [c, a, b] = [
      { key: 'c', value: '' },
      { key: 'a', value: '3' },
      { key: 'b', value: '1' },
    ]
    expect(decide(current, edit(c, a, b), rules)).toMatchObject({ outcome: 'changed', next: { tags: [b, a, c] } })
  })
})

describe('a change of a selection', () => {
  const rules = { tagsPerResourceMax: 1 }
  const current = { name: 'n', detail: '{}', tags: [{ key: 'a', value: '1' }] }
  const set = (onlyIf: TagQuery): TagChange => ({ kind: 'set-tags', tags: [{ key: 'b', value: '' }], onlyIf })

  it('has no effect on a resource that does not match, or does not exist', () => {
    const query = { tags: [{ key: 'a', values: ['2'] }] }
    expect(decide(current, set(query), rules)).toEqual({ outcome: 'unchanged' })
    expect(decide(undefined, set(query), rules)).toEqual({ outcome: 'unchanged' })
    const removal: TagChange = { kind: 'remove-tags', tags: [{ key: 'a' }], onlyIf: { nameEquals: 'other' } }
    expect(decide(current, removal, rules)).toEqual({ outcome: 'unchanged' })
  })

  it('is decided as any other on a resource that matches, whose id is known to', () => {
    const query = { id: 'x', tags: [{ key: 'a', values: ['1'] }] }
    expect(decide(current, set(query), rules)).toMatchObject({ outcome: 'refused', code: 'tag-quota-exceeded' })
    expect(decide(current, set(query), { tagsPerResourceMax: 2 })).toMatchObject({ outcome: 'changed' })
  })
})

describe('decide', () => {
  it.each(readVectors<Vector[]>('decisions.json'))(
    'the decision on "$name" is as expected',
    ({ current, change, tagsPerResourceMax, expected }) => {
      const decision = decide(freeze(current) ?? undefined, freeze(change), { tagsPerResourceMax })
      expect(decision.outcome === 'changed' ? { ...decision, next: decision.next ?? null } : decision).toEqual(expected)
    },
  )

  it('the next state of a deleted resource is undefined', () => {
    const decision = decide({ name: '', detail: '{}', tags: [] }, { kind: 'delete' }, { tagsPerResourceMax: 10 })
    expect(decision).toStrictEqual({ outcome: 'changed', next: undefined })
  })

  it('a change of tags keeps name and detail', () => {
    const current = { name: 'web', detail: '{"status":"active"}', tags: [{ key: 'a', value: '1' }] }
    const set = decide(current, { kind: 'set-tags', tags: [{ key: 'a', value: '2' }] }, { tagsPerResourceMax: 10 })
    expect(set).toEqual({ outcome: 'changed', next: { ...current, tags: [{ key: 'a', value: '2' }] } })
    const removed = decide(current, { kind: 'remove-tags', tags: [{ key: 'a' }] }, { tagsPerResourceMax: 10 })
    expect(removed).toEqual({ outcome: 'changed', next: { ...current, tags: [] } })
  })
})

describe('a change under a tag policy', () => {
  const policy = compiled({
    env: {
      tag_value: { '@@assign': ['prod'] },
      enforced_for: { '@@assign': ['ims:image'] },
      report_required_tag_for: { '@@assign': ['ims:image'] },
      required_on_create: true,
    },
  }).forType(IMAGES)
  const quota = { resourcesMax: 0, detailBytesMax: 0 }
  const rules = { tagsPerResourceMax: 2, policy }
  const state = (text: string) => ({ name: '', detail: '{}', tags: tagsOf(text) })
  const set = (text: string): TagChange => ({ kind: 'set-tags', tags: tagsOf(text) })

  it('is refused with the first tag that violates it', () => {
    expect(decide(state(''), set('env=test'), rules)).toEqual({
      outcome: 'refused',
      code: 'tag-policy-violated',
      facts: { field: 'tags.env', rule: { name: 'policy-allows', values: ['prod'] }, value: 'test' },
    })
    expect(decide(undefined, { kind: 'register', state: state('a=1') }, rules)).toMatchObject({
      code: 'tag-policy-violated',
      facts: { rule: { name: 'policy-requires' } },
    })
  })

  it('passes when it sets allowed tags, leaves an old fault in place, removes it, or deletes the resource', () => {
    expect(decide(state(''), set('env=prod'), rules).outcome).toBe('changed')
    expect(decide(state('env=test'), set('a=1'), rules).outcome).toBe('changed')
    expect(decide(state('env=test'), { kind: 'remove-tags', tags: [{ key: 'env' }] }, rules).outcome).toBe('changed')
    expect(decide(state('env=test'), { kind: 'delete' }, rules).outcome).toBe('changed')
  })

  it('is refused by the number of tags first, and by the quota of the project last', () => {
    expect(decide(state('a=1 b=1'), set('env=test'), rules)).toMatchObject({ code: 'tag-quota-exceeded' })
    const create: TagChange = { kind: 'register', state: state('env=test') }
    expect(decide(undefined, create, { ...rules, quota })).toMatchObject({ code: 'tag-policy-violated' })
    const allowed: TagChange = { kind: 'register', state: state('env=prod') }
    expect(decide(undefined, allowed, { ...rules, quota })).toMatchObject({ code: 'project-quota-exceeded' })
  })
})
