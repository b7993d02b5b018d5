import { expect, it } from 'vitest'
import { advice } from '../../../src/cli/report/advice.ts'
import { TEXTS } from '../../../src/cli/report/languages.ts'
import { Numbers } from '../../../src/cli/report/numbers.ts'
import { EMPTY, reportOf } from './reports.ts'

const of = (report: Parameters<typeof advice>[0]) => advice(report, TEXTS.en, new Numbers('en-GB'))

it('advice names what to do with its numbers', () => {
  const keys = [
    { key: 'owner', resources: 31, types: {} },
    { key: 'env', resources: 30, types: {} },
  ]
  const owners = { ...reportOf('').owners, key: 'owner', without_owner: 9 }
  expect(of(reportOf('env', { coverage: { keys, more_keys: 0 }, owners }))).toEqual([
    'Give tags to 3 resources without any. Nobody can say whose they are or what they cost.',
    'Find an owner for 9 resources and write it into the tag “owner”.',
    'Correct 5 resources that break a rule, first those with the key “env”.',
    'Write the key “env” in one way, not also as “env3”. This corrects 1 tag.',
    'Use one value of “env”: write “env” instead of “(empty)”. This corrects 1 tag.',
    'Complete the tag “env”: 75% of the resources have it, 10 resources lack it.',
  ])
})

it('advice is to choose a key for owners when there is none', () => {
  const owners = { ...reportOf('').owners, key: null }
  expect(of(reportOf('env', { owners }))[1]).toMatch(/^Choose a key that says who owns a resource/)
})

it('advice names who made the changes when there is room for it', () => {
  expect(of(reportOf('env', { policy: null })).at(-1)).toBe(
    'If a number surprises you, ask env, who made 9 changes lately.',
  )
})

it('there is no advice for an empty project', () => {
  expect(of(EMPTY)).toEqual([])
})
