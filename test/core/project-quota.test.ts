import { describe, expect, it } from 'vitest'
import { quotaRefusal, usageAfter } from '../../src/core/project-quota.ts'
import { decide } from '../../src/core/tag-change.ts'

const state = (detail: string) => ({ name: 'n', detail, tags: [] })
const usage = (resources: number, detailBytes: number) => ({ resources, detailBytes })

describe('the usage of a project', () => {
  it.each([
    ['a new resource adds its bytes in UTF-8', undefined, state('{"a":"ä"}'), usage(3, 20)],
    ['a deleted resource takes its bytes away', state('{"a":1}'), undefined, usage(1, 3)],
    ['a changed detail adds the difference', state('{}'), state('{"a":1}'), usage(2, 15)],
    ['an equal detail adds nothing', state('{}'), state('{}'), usage(2, 10)],
    ['nothing before and after adds nothing', undefined, undefined, usage(2, 10)],
  ])('%s', (_name, before, after, expected) => {
    expect(usageAfter(usage(2, 10), before, after)).toEqual(expected)
  })
})

describe('the quota of a project', () => {
  const quota = { resourcesMax: 2, detailBytesMax: 10 }

  it.each([
    ['up to both limits, a change passes', usage(1, 9), usage(2, 10), undefined],
    ['a resource too many is refused', usage(2, 0), usage(3, 0), 'resources of the project'],
    ['a byte too many is refused', usage(1, 10), usage(1, 11), 'details of the project'],
    ['above a lowered limit, a change that adds nothing passes', usage(5, 50), usage(5, 50), undefined],
    ['above a lowered limit, a change that takes away passes', usage(5, 50), usage(4, 40), undefined],
    ['above a lowered limit, one more is refused', usage(5, 5), usage(6, 5), 'resources of the project'],
  ])('%s', (_name, before, after, field) => {
    expect(quotaRefusal(before, after, quota)?.facts.field).toBe(field)
  })

  it('is decided with the change itself, and not for a change without effect', () => {
    const rules = { tagsPerResourceMax: 10, quota }
    const register = { kind: 'register', state: state('{}') } as const
    expect(decide(undefined, register, rules, usage(2, 0))).toMatchObject({
      outcome: 'refused',
      code: 'project-quota-exceeded',
      facts: { rule: { name: 'items-max', limit: 2 }, value: 3 },
    })
    expect(decide(undefined, register, rules, usage(1, 0)).outcome).toBe('changed')
    expect(decide(undefined, register, rules).outcome).toBe('changed')
    expect(decide(state('{}'), register, rules, usage(9, 0)).outcome).toBe('unchanged')
  })
})
