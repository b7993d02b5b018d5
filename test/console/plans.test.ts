import { describe, expect, it } from 'vitest'
import { groupItems, linesOf, renamesOf } from '../../console/src/plans/diff.ts'
import { withoutExpectations } from '../../console/src/plans/plan-file.ts'
import { fromPlanSearch, toPlanSearch } from '../../console/src/plans/search.ts'

// What the page of a plan makes of its items.

type Values = Readonly<Record<string, string | null>>

const NONE = renamesOf([])
const inShort = (expect: Values, patch: Values, renames = NONE) =>
  linesOf({ expect, patch }, renames).map(({ kind, key, value }) => [kind, key, value].join(' ').trim())

describe('the lines of a change', () => {
  it('show a replaced value as what goes and what comes, one below the other', () => {
    expect(inShort({ env: 'Prod', team: null }, { env: 'prod', team: 'web' })).toEqual([
      'removed env Prod',
      'added env prod',
      'added team web',
    ])
  })

  it('show the new key of a renamed one below it, whatever the order of the patch', () => {
    const renames = renamesOf([{ rename_key: { from: 'Env', to: 'env' } }, { set: { team: 'web' } }])
    const lines = ['removed Env Prod', 'added env prod', 'added team web']
    const expect_ = { Env: 'Prod', env: null, team: null }
    expect(inShort(expect_, { Env: null, env: 'prod', team: 'web' }, renames)).toEqual(lines)
    expect(inShort(expect_, { team: 'web', env: 'prod', Env: null }, renames)).toEqual(lines)
  })

  it('find the new name of a key by its value where no action names it', () => {
    expect(inShort({ arch: null, env: null, architecture: 'x' }, { arch: 'x', env: 'y', architecture: null })).toEqual([
      'removed architecture x',
      'added arch x',
      'added env y',
    ])
  })

  it('keep the key that stays where a resource has both', () => {
    const renames = renamesOf([{ rename_key: { from: 'Env', to: 'env', if_both: 'keep-to' } }])
    expect(inShort({ Env: 'Prod' }, { Env: null }, renames)).toEqual(['removed Env Prod', 'stays env'])
    expect(inShort({ Env: 'a', env: 'b' }, { Env: null, env: 'a' }, renames)).toEqual([
      'removed Env a',
      'removed env b',
      'added env a',
    ])
  })

  it('keep a value that is expected as it will be', () => {
    expect(inShort({ env: 'prod', x: '' }, { env: 'prod', x: null })).toEqual(['stays env prod', 'removed x'])
  })
})

describe('groups of items', () => {
  const item = (id: string, from: string, code?: string) => ({
    resource_type: 'ecs',
    resource_id: id,
    state: code === undefined ? 'change' : 'refused',
    ...(code !== undefined && { error_code: code }),
    expect: { env: from },
    patch: { env: 'prod' },
  })

  it('have the same change for the same reason, the largest group first', () => {
    const groups = groupItems(
      [item('a', 'Prod'), item('b', 'PROD'), item('c', 'PROD'), item('d', 'PROD', 'tag-policy-violated')],
      NONE,
    )
    expect(groups.map(({ items, code }) => [items.map(({ resource_id }) => resource_id), code])).toEqual([
      [['b', 'c'], undefined],
      [['a'], undefined],
      [['d'], 'tag-policy-violated'],
    ])
  })
})

it('a plan file without its expectations has the head and the patches as they were', () => {
  const file = ['{"format":"tagwerk-plan/1"}', '{"resource_id":"a","expect":{"env":"x"},"patch":{"env":"y"}}', ''].join(
    '\n',
  )
  expect(withoutExpectations(file)).toBe('{"format":"tagwerk-plan/1"}\n{"resource_id":"a","patch":{"env":"y"}}\n')
})

it('the address of a plan leaves out what is the default, and reads nonsense as that', () => {
  expect(fromPlanSearch(toPlanSearch({ tab: 'nonsense' }))).toEqual({})
  expect(fromPlanSearch(toPlanSearch({ tab: 'refused', view: 'resources' }))).toEqual({
    tab: 'refused',
    view: 'resources',
  })
})
