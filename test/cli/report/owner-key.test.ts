import { expect, it } from 'vitest'
import { ownerKeys } from '../../../src/cli/report/owner-key.ts'

const of = (counts: Readonly<Record<string, number>>) =>
  ownerKeys(Object.entries(counts).map(([key, resources]) => ({ key, resources })))

it('the key of owners is the surest one in use, in whatever spelling', () => {
  expect(of({ env: 90, team: 50, owner: 40, 'Cost Center': 60 })).toEqual(['owner', 'team', 'Cost Center'])
  expect(of({ Owner: 40, owner: 2 })).toEqual(['Owner', 'owner'])
  expect(of({ 负责人: 3 })).toEqual(['负责人'])
})

it('a key that is much rarer than another one is not taken', () => {
  expect(of({ owner: 9, team: 40 })).toEqual(['team', 'owner'])
})

it('no key is taken when none looks like that of an owner', () => {
  expect(of({ env: 90, region: 4 })).toEqual([])
})
