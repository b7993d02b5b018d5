import { describe, expect, it } from 'vitest'
import { applyActions, IF_BOTH, LETTER_CASES, type PlanAction } from '../../src/core/plan-actions.ts'
import type { Tag } from '../../src/core/tag.ts'
import { Random } from '../support/random.ts'

const tags = (text: string): readonly Tag[] =>
  text.split(' ').flatMap((pair) => {
    const [key = '', value = ''] = pair.split('=')
    return key === '' ? [] : [{ key, value }]
  })
const remove = (...keys: string[]): PlanAction => ({
  kind: 'remove',
  tags: keys.map((key) => ({ key, value: undefined })),
})
const changed = (before: string, ...actions: PlanAction[]) =>
  applyActions(tags(before), actions)
    ?.map(({ key, value }) => `${key}=${value}`)
    .join(' ')

describe('renaming a key', () => {
  const rename = (ifBoth: (typeof IF_BOTH)[number]): PlanAction => ({
    kind: 'rename-key',
    from: 'Env',
    to: 'env',
    ifBoth,
  })

  it('keeps value and position', () => {
    expect(changed('a=1 Env=prod b=2', rename('refuse'))).toBe('a=1 env=prod b=2')
  })

  it('does nothing without the key', () => {
    expect(changed('a=1 env=prod', rename('refuse'))).toBe('a=1 env=prod')
  })

  it('refuses a resource with both keys, or keeps the value of one of them', () => {
    expect(changed('Env=a x=1 env=b', rename('refuse'))).toBeUndefined()
    expect(changed('Env=a x=1 env=b', rename('keep-to'))).toBe('x=1 env=b')
    expect(changed('Env=a x=1 env=b', rename('keep-from'))).toBe('x=1 env=a')
  })

  it('ends the actions where it refuses', () => {
    expect(changed('Env=a env=b', rename('refuse'), remove('env'))).toBeUndefined()
  })
})

describe('other actions of a plan', () => {
  it('map some values of a key, and leave others alone', () => {
    const map: PlanAction = { kind: 'map-value', key: 'env', from: ['Prod', 'production'], to: 'prod' }
    expect(changed('env=Prod x=Prod', map)).toBe('env=prod x=Prod')
    expect(changed('env=test', map)).toBe('env=test')
  })

  it('set tags, over those that are there unless only absent ones are wanted', () => {
    const set = (onlyIfAbsent: boolean): PlanAction => ({ kind: 'set', tags: tags('team=web env=dev'), onlyIfAbsent })
    expect(changed('env=prod a=1', set(false))).toBe('env=dev a=1 team=web')
    expect(changed('env=prod a=1', set(true))).toBe('env=prod a=1 team=web')
  })

  it('remove keys', () => {
    expect(changed('a=1 b=2 c=3', remove('a', 'c', 'x'))).toBe('b=2')
  })

  it('remove a tag with one value only, the empty one too', () => {
    const exact = (value: string): PlanAction => ({ kind: 'remove', tags: [{ key: 'env', value }] })
    expect(changed('env=test a=test', exact('test'))).toBe('a=test')
    expect(changed('env=prod', exact('test'))).toBe('env=prod')
    expect(changed('env=prod', exact(''))).toBe('env=prod')
    expect(changed('env= a=1', exact(''))).toBe('a=1')
  })

  it('change the case of a value', () => {
    expect(changed('env=Prod x=Prod', { kind: 'change-case', key: 'env', to: 'lower' })).toBe('env=prod x=Prod')
    expect(changed('env=Prod', { kind: 'change-case', key: 'env', to: 'upper' })).toBe('env=PROD')
  })

  it('are applied in order', () => {
    const actions: PlanAction[] = [
      { kind: 'rename-key', from: 'Env', to: 'env', ifBoth: 'refuse' },
      { kind: 'change-case', key: 'env', to: 'lower' },
      { kind: 'map-value', key: 'env', from: ['production'], to: 'prod' },
    ]
    expect(changed('Env=PRODUCTION', ...actions)).toBe('env=prod')
  })

  it('never give a key twice, whatever they are', () => {
    const random = new Random(3)
    const keys = ['a', 'A', 'b', 'B']
    const values = ['', 'x', 'X']
    const randomTag = () => ({ key: random.pick(keys), value: random.pick(values) })
    const make: readonly (() => PlanAction)[] = [
      () => ({ kind: 'rename-key', from: random.pick(keys), to: random.pick(keys), ifBoth: random.pick(IF_BOTH) }),
      () => ({ kind: 'map-value', key: random.pick(keys), from: random.some(values, 0.5), to: random.pick(values) }),
      () => ({ kind: 'set', tags: [randomTag()], onlyIfAbsent: random.chance(0.5) }),
      () => remove(...random.some(keys, 0.3)),
      () => ({ kind: 'remove', tags: random.some(keys, 0.3).map((key) => ({ key, value: random.pick(values) })) }),
      () => ({ kind: 'change-case', key: random.pick(keys), to: random.pick(LETTER_CASES) }),
    ]
    for (let round = 0; round < 1000; round++) {
      const before = random.some(keys, 0.6).map((key) => ({ key, value: random.pick(values) }))
      const actions = Array.from({ length: random.below(5) }, () => random.pick(make)())
      const given = applyActions(before, actions)
      if (given === undefined) continue
      expect(new Set(given.map(({ key }) => key)).size).toBe(given.length)
      // One after the other gives the same.
      expect(actions.reduce<readonly Tag[]>((list, action) => applyActions(list, [action]) ?? [], before)).toEqual(
        given,
      )
    }
  })
})
