import { describe, expect, it } from 'vitest'
import type { PlanAction } from '../../src/core/plan-actions.ts'
import { judgeActions, judgeInverse, judgePatch } from '../../src/core/plan-item.ts'
import { profileOf } from '../../src/core/profile.ts'
import { IMAGES, toResourceType } from '../../src/core/resource-types.ts'
import type { Tag } from '../../src/core/tag.ts'
import { decide } from '../../src/core/tag-change.ts'
import { Random } from '../support/random.ts'
import { compiled } from './policy/policies.ts'

const profile = profileOf('huawei')
const rules = profile.tagRulesOf(toResourceType(profile.types, 'images', 'type'))
const state = (tags: Record<string, string>) => ({
  name: '',
  detail: '{}',
  tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
})
const rename: PlanAction = { kind: 'rename-key', from: 'Env', to: 'env', ifBoth: 'refuse' }

describe('the judgement about actions on a resource', () => {
  it('is the change, as keys with their values before and after', () => {
    expect(judgeActions(state({ Env: 'prod' }), [rename], rules)).toEqual({
      outcome: 'change',
      patch: {
        keys: [
          { key: 'Env', expect: 'prod', value: undefined },
          { key: 'env', expect: undefined, value: 'prod' },
        ],
        order: ['env'],
      },
    })
  })

  it('is that nothing changes', () => {
    expect(judgeActions(state({ env: 'prod' }), [rename], rules)).toEqual({ outcome: 'unchanged' })
  })

  it('is a refusal for both keys, a text that breaks a rule, and too many tags', () => {
    expect(judgeActions(state({ Env: 'a', env: 'b' }), [rename], rules)).toMatchObject({
      outcome: 'refused',
      code: 'both-keys',
    })
    const bad: PlanAction = { kind: 'set', tags: [{ key: 'a=b', value: '' }], onlyIfAbsent: false }
    expect(judgeActions(state({}), [bad], rules)).toMatchObject({ outcome: 'refused', code: 'tag-invalid' })
    const ten = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`k${i}`, '']))
    const more: PlanAction = { kind: 'set', tags: [{ key: 'more', value: '' }], onlyIfAbsent: false }
    expect(judgeActions(state(ten), [more], rules)).toMatchObject({ outcome: 'refused', code: 'tag-quota-exceeded' })
  })
})

describe('the judgement under a tag policy', () => {
  const tags = { env: { tag_value: { '@@assign': ['prod'] }, enforced_for: { '@@assign': ['ims:image'] } } }
  const held = { ...rules, policy: compiled(tags).forType(IMAGES) }

  it('is a refusal for a change, a patch and an undo that set what it forbids', () => {
    const refused = { outcome: 'refused', code: 'tag-policy-violated' }
    expect(judgeActions(state({ Env: 'x' }), [rename], held)).toMatchObject(refused)
    const patch = { keys: [{ key: 'env', expect: 'prod', value: 'x' }] }
    expect(judgePatch(state({ env: 'prod' }), patch, held)).toMatchObject(refused)
    const back = { keys: [{ key: 'env', expect: 'x', value: 'prod' }] }
    expect(judgeInverse(state({ env: 'prod' }), back, undefined, held).judgement).toMatchObject(refused)
  })

  it('is a change where it allows the tags', () => {
    expect(judgeActions(state({ Env: 'prod' }), [rename], held)).toMatchObject({ outcome: 'change' })
  })
})

describe('the judgement about a patch', () => {
  const patch = { keys: [{ key: 'env', expect: 'a', value: 'b' }] }

  it('is a conflict with a resource that is gone or has another value', () => {
    expect(judgePatch(undefined, patch, rules)).toEqual({ outcome: 'conflict', patch, code: 'resource-not-found' })
    expect(judgePatch(state({ env: 'x' }), patch, rules)).toEqual({ outcome: 'conflict', patch, code: 'tag-conflict' })
  })

  it('is a change where the resource is as expected', () => {
    expect(judgePatch(state({ env: 'a', other: '1' }), patch, rules)).toEqual({ outcome: 'change', patch })
  })
})

describe('the judgement about taking a patch back', () => {
  const patch = {
    keys: [
      { key: 'a', expect: '1', value: '2' },
      { key: 'b', expect: '1', value: undefined },
    ],
  }
  const judge = (tags?: Record<string, string>, order?: readonly string[]) =>
    judgeInverse(tags && state(tags), patch, order, rules)

  it('is the inverse for the keys that still have the value, and counts the others', () => {
    expect(judge({ a: '2' }, ['b', 'a'])).toEqual({
      judgement: {
        outcome: 'change',
        patch: {
          keys: [
            { key: 'a', expect: '2', value: '1' },
            { key: 'b', expect: undefined, value: '1' },
          ],
          order: ['b', 'a'],
        },
      },
      left: 0,
    })
    expect(judge({ a: '3' })).toMatchObject({ judgement: { outcome: 'change' }, left: 1 })
  })

  it('is that nothing changes where all keys are as before', () => {
    expect(judge({ a: '1', b: '1' })).toEqual({ judgement: { outcome: 'unchanged' }, left: 0 })
  })

  it('is a conflict where no key has the value, and where the resource is gone', () => {
    expect(judge({ a: '3', b: '3' })).toMatchObject({
      judgement: { outcome: 'conflict', code: 'changed-since' },
      left: 2,
    })
    expect(judge()).toMatchObject({ judgement: { outcome: 'conflict', code: 'resource-not-found' }, left: 2 })
  })

  it('is a refusal where the resource has no room for its tags from before', () => {
    const full = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`k${i}`, '']))
    expect(judge(full)).toMatchObject({ judgement: { outcome: 'refused', code: 'tag-quota-exceeded' }, left: 1 })
  })

  it('gives the tags and their order from before, for random actions', () => {
    const random = new Random(11)
    const keys = ['a', 'A', 'b', 'B', 'c']
    for (let round = 0; round < 2000; round++) {
      const tags: Tag[] = random.some(keys, 0.6).map((key) => ({ key, value: random.pick(['x', 'X']) }))
      const before = { name: '', detail: '{}', tags }
      const actions: PlanAction[] = [
        { kind: 'rename-key', from: random.pick(keys), to: random.pick(keys), ifBoth: 'keep-from' },
        { kind: 'remove', tags: [{ key: random.pick(keys), value: undefined }] },
        { kind: 'change-case', key: random.pick(keys), to: 'lower' },
      ]
      const judged = judgeActions(before, actions, rules)
      if (judged.outcome !== 'change') continue
      const decision = decide(before, { kind: 'patch-tags', ...judged.patch }, rules)
      const after = decision.outcome === 'changed' ? decision.next : undefined
      const order = tags.map(({ key }) => key)
      const { judgement } = judgeInverse(after, judged.patch, order, rules)
      if (judgement.outcome !== 'change') throw new Error(`it cannot be taken back: ${judgement.outcome}`)
      expect(decide(after, { kind: 'patch-tags', ...judgement.patch }, rules)).toEqual({
        outcome: 'changed',
        next: before,
      })
    }
  })
})
