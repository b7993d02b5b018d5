import { describe, expect, it } from 'vitest'
import {
  ACTIONS_MAX,
  actionsOf,
  type Correction,
  filterOf,
  type NearGroup,
  selectOf,
  sumsOf,
} from '../../console/src/clean-up/choice.ts'
import { fromCleanUpSearch, toCleanUpSearch } from '../../console/src/clean-up/search.ts'

// What Clean-up makes of the chosen groups.

/** A group of spellings, of keys or of the values of a key, with one to keep. */
function correction(kept: string, others: readonly string[], { key = '', both = 0 } = {}): Correction {
  const members = [kept, ...others].map((text) => ({
    resources: 10,
    ...(key === '' ? { key: text } : { value: text }),
  }))
  const group: NearGroup = {
    id: kept,
    kind: 'certain',
    members,
    canonical: kept,
    affected: 10 * others.length,
    both,
    proposed: true,
    plan: { actions: [] },
    ...(key !== '' && { key }),
  }
  return { group, kept }
}

describe('the plan of chosen groups', () => {
  it('renames every spelling of keys that is not kept, with one choice for resources that have both', () => {
    expect(actionsOf([correction('env', ['Env', 'ENV']), correction('team', ['Team'])], 'keep-to')).toEqual([
      { rename_key: { from: 'Env', to: 'env', if_both: 'keep-to' } },
      { rename_key: { from: 'ENV', to: 'env', if_both: 'keep-to' } },
      { rename_key: { from: 'Team', to: 'team', if_both: 'keep-to' } },
    ])
  })

  it('maps the values that are not kept, as many at once as one action takes', () => {
    const others = Array.from({ length: ACTIONS_MAX + 1 }, (_, at) => `v${at}`)
    const actions = actionsOf([correction('v', others, { key: 'env' })], 'refuse')
    expect(actions.map(({ map_value }) => map_value?.from.length)).toEqual([ACTIONS_MAX, 1])
  })

  it('looks at the resources with a spelling that goes away only', () => {
    expect(selectOf([correction('env', ['Env']), correction('team', ['Team'])])).toEqual({
      filter: '"Env" in tags || "Team" in tags',
    })
    expect(selectOf([correction('prod', ['PROD', 'Prod'], { key: 'env' })])).toEqual({
      filter: 'tags.env in ["PROD", "Prod"]',
    })
  })

  it('looks at all resources where an expression would have too many tests, items or characters', () => {
    const many = (count: number, length = 3) =>
      Array.from({ length: count }, (_, at) => String(at).padStart(length, 'x'))
    expect(selectOf([correction('k', many(65))])).toEqual({})
    expect(selectOf([correction('v', many(201), { key: 'env' })])).toEqual({})
    expect(selectOf([correction('k', many(50, 120))])).toEqual({})
    expect(selectOf([correction('k', many(50))])).toHaveProperty('filter')
  })

  it('is counted in groups, spellings, tags and resources with both', () => {
    expect(sumsOf([correction('env', ['Env', 'ENV'], { both: 3 }), correction('team', ['Team'])])).toEqual({
      groups: 2,
      spellings: 3,
      tags: 30,
      both: 3,
    })
  })
})

it('a spelling leads to the resources with the key, or with the value', () => {
  expect(filterOf(undefined, 'cost-center')).toBe('"cost-center" in tags')
  expect(filterOf('cost-center', '')).toBe('tags["cost-center"] == ""')
})

it('the address of Clean-up names a key for its values, and reads nonsense as the default', () => {
  expect(toCleanUpSearch({ kind: 'nonsense' })).toEqual({ of: 'keys', key: undefined, kind: 'certain' })
  expect(toCleanUpSearch({ key: 'env', kind: 'perhaps' })).toEqual({ of: 'values', key: 'env', kind: 'perhaps' })
  expect(fromCleanUpSearch({ of: 'values', key: undefined, kind: 'certain' })).toEqual({ of: 'values' })
  expect(fromCleanUpSearch({ of: 'values', key: 'env', kind: 'ignored' })).toEqual({ key: 'env', kind: 'ignored' })
})
