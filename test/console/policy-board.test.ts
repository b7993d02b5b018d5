import { describe, expect, it } from 'vitest'
import {
  boardOf,
  compliantFilter,
  heatLevel,
  keyFilter,
  otherSpellings,
  problemFilter,
  problemsWith,
  shareOf,
  toPolicyRule,
} from '../../console/src/policies/board-model.ts'
import { matchesExpression } from '../../src/core/expression/matches-expression.ts'
import { parseExpression } from '../../src/core/expression/parse-expression.ts'
import { PROBLEMS, problemsOfResource } from '../../src/core/policy/judge-resource.ts'
import type { ResourceType } from '../../src/core/resource-types.ts'

// The board of policies: its arrangement, its colours, and the filters behind its numbers.

const RULE = {
  tag_key: 'env',
  tag_value: ['dev-*', 'prod'],
  enforced_for: ['ecs'],
  report_required_tag_for: ['ecs'],
  required_on_create: false,
}

const numbers = (resources: number, tagged: number, valid?: number) => ({
  ...{ resources, tagged, coverage: null },
  ...(valid !== undefined && { valid }),
})

describe('the board', () => {
  it('keys with rules come first, then the most used, and the largest types first', () => {
    const key = (name: string, tagged: number) => ({ key: name, ...numbers(30, tagged), types: [] })
    const now = {
      ...numbers(30, 30),
      untagged: 0,
      types: [
        { resource_type: 'ecs', ...numbers(10, 10) },
        { resource_type: 'disk', ...numbers(20, 20) },
        { resource_type: 'vpc', ...numbers(0, 0) },
      ],
      keys: [key('a', 3), key('b', 9), key('env', 1)],
    }
    const { types, rows } = boardOf({ revision: 1, now }, [RULE])
    expect(types.map(({ type }) => type)).toEqual(['disk', 'ecs'])
    expect(rows.map((row) => row.key)).toEqual(['env', 'b', 'a'])
  })

  it('nearly everything has another colour than everything, and hardly anything than nothing', () => {
    expect([0, 0.0001, 0.25, 0.5, 0.75, 0.9999, 1].map(heatLevel)).toEqual([0, 1, 2, 3, 4, 4, 5])
  })

  it('a key that nothing has is shown as nought only where it is demanded', () => {
    const cell = (type: string) => ({ type, ...numbers(10, 0), valid: undefined })
    expect(shareOf(cell('ecs'), RULE, 'coverage')).toBe(0)
    expect(shareOf(cell('disk'), RULE, 'coverage')).toBeUndefined()
    expect(shareOf(cell('ecs'), undefined, 'coverage')).toBeUndefined()
    expect(shareOf({ ...cell('ecs'), valid: 5 }, RULE, 'validity')).toBe(0.5)
    expect(shareOf(cell('ecs'), RULE, 'validity')).toBeUndefined()
  })
})

describe('the filters behind the numbers', () => {
  const values = ['prod', 'Prod', 'dev-1', '']
  const tagSets = [
    [],
    ...values.map((value) => [{ key: 'env', value }]),
    ...values.map((value) => [{ key: 'Env', value }]),
    [
      { key: 'env', value: 'prod' },
      { key: 'ENV', value: 'x' },
    ],
  ]
  const resources = (['ecs', 'disk'] as ResourceType[]).flatMap((type) =>
    tagSets.map((tags, i) => ({
      id: `${type}-${i}`,
      type,
      project: 'p',
      name: '',
      tags,
      createdAtMs: 0,
      updatedAtMs: 0,
    })),
  )
  const scope = { types: ['disk', 'ecs'], spellings: ['ENV', 'Env'] }
  const found = (filter: string) => {
    const expression = parseExpression(filter)
    return resources.filter((each) => matchesExpression(each as never, expression)).map(({ id }) => id)
  }
  const problemsOf = ({ type, tags }: (typeof resources)[number]) =>
    problemsOfResource({ rules: [toPolicyRule(RULE)] }, type, tags).map(({ problem }) => problem)

  for (const type of [undefined, 'ecs', 'disk']) {
    const isMeant = (each: (typeof resources)[number]) => type === undefined || each.type === type

    it(`they find the resources with each problem, of ${type ?? 'all types'}`, () => {
      for (const problem of PROBLEMS) {
        const expected = resources.filter((each) => isMeant(each) && problemsOf(each).includes(problem))
        expect(found(problemFilter(RULE, problem, { ...scope, type }))).toEqual(expected.map(({ id }) => id))
      }
    })

    it(`they find the resources that comply, of ${type ?? 'all types'}`, () => {
      const expected = resources.filter((each) => isMeant(each) && problemsOf(each).length === 0)
      expect(found(compliantFilter(RULE, { ...scope, type }))).toEqual(expected.map(({ id }) => id))
    })
  }

  it('they find the resources with a key of no policy, and those without', () => {
    expect(keyFilter('cost center', true, undefined)).toBe('"cost center" in tags')
    expect(keyFilter('env', false, 'ecs')).toBe('type == "ecs" && !("env" in tags)')
  })

  it('spellings of a key differ from it in case alone', () => {
    expect(otherSpellings('env', ['Env', 'ENV', 'env', 'envs'])).toEqual(['Env', 'ENV'])
  })
})

describe('the problems of a resource in a list', () => {
  const tags = [
    { key: 'Env', value: 'prod' },
    { key: 'env', value: 'other' },
  ]
  const owner = { ...RULE, tag_key: 'owner' }

  it('are those with the rule of the key', () => {
    expect(problemsWith([RULE, owner], 'env', 'ecs', tags)).toEqual([
      { key: 'env', problem: 'wrong-value' },
      { key: 'env', problem: 'wrong-case' },
    ])
  })

  it('are those with every rule when no key is meant', () => {
    expect(problemsWith([RULE, owner], undefined, 'ecs', tags).map(({ key }) => key)).toEqual(['env', 'env', 'owner'])
  })
})
