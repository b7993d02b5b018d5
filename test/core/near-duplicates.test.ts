import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editDistance } from '../../src/core/near-duplicates/edit-distance.ts'
import {
  findNearDuplicates,
  type NearGroup,
  type NearKind,
  type Preferred,
} from '../../src/core/near-duplicates/near-duplicates.ts'

function find(
  counts: Readonly<Record<string, number>>,
  of: 'keys' | 'values',
  preferred?: Preferred,
): readonly NearGroup[] {
  const work = findNearDuplicates(
    Object.entries(counts).map(([text, resources]) => ({ text, resources })),
    of,
    preferred,
  )
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}

const shown = (groups: readonly NearGroup[]) =>
  groups.map(({ kind, members }) => [kind, members.map(({ text }) => text).join(' ')])

describe('near-duplicates of keys', () => {
  it.each<[Record<string, number>, NearKind, string]>([
    [{ 'cost-center': 3, CostCenter: 9, cost_center: 1 }, 'certain', 'CostCenter cost-center cost_center'],
    [{ paypal: 2, раураl: 1 }, 'look-alike', 'paypal раураl'],
    [{ tag: 2, tags: 1 }, 'related', 'tag tags'],
    [{ 'name-app': 1, AppName: 2 }, 'related', 'AppName name-app'],
    [{ environment: 5, env: 3, 环境: 1 }, 'related', 'environment env 环境'],
    [{ '-': 1, '--': 1 }, 'certain', '- --'],
    [{ owner: 100, ownder: 2 }, 'perhaps', 'owner ownder'],
    [{ environment: 200, enviroment: 1 }, 'perhaps', 'environment enviroment'],
    [{ platform: 60, plaftrom: 1 }, 'perhaps', 'platform plaftrom'],
  ])('finds in %j a group of the kind %s', (counts, kind, members) => {
    expect(shown(find(counts, 'keys'))).toEqual([[kind, members]])
  })

  it.each([
    [{ v1: 100, v2: 1 }],
    [{ '2024': 100, '2025': 1 }],
    [{ 'az-1a': 100, 'az-1b': 1 }],
    [{ stage1: 100, stage2: 1 }],
    [{ owner: 10, ownder: 2 }],
    [{ name: 100, nome: 1 }],
    [{ class: 100, clas: 1 }],
    [{ customer: 100, bustomer: 1 }],
    [{ environment: 100, envrnmnt: 1 }],
    [{}],
  ])('finds no group in %j', (counts) => {
    expect(find(counts, 'keys')).toEqual([])
  })

  it('proposes the most used spelling, or a preferred one, and counts what a correction touches', () => {
    const counts = { Env: 5, env: 3, ENV: 1 }
    expect(find(counts, 'keys')[0]).toMatchObject({ canonical: 'Env', affected: 4 })
    expect(find(counts, 'keys', [new Set(['env'])])[0]).toMatchObject({ canonical: 'env', affected: 6 })
    expect(find(counts, 'keys', [new Set(['ENV', 'env'])])[0]).toMatchObject({ canonical: 'env', affected: 6 })
  })

  it('prefers the spelling of the first set that has one of the group', () => {
    const counts = { Env: 5, env: 3, ENV: 1 }
    const canonical = (...sets: string[][]) =>
      find(
        counts,
        'keys',
        sets.map((texts) => new Set(texts)),
      )[0]?.canonical
    expect(canonical(['ENV'], ['env'])).toBe('ENV')
    expect(canonical(['other'], ['env'])).toBe('env')
    expect(canonical(['other'], [])).toBe('Env')
  })

  it('lists the surest groups first, and of a kind those that touch the most resources', () => {
    const groups = find({ A_b: 1, ab: 5, Cd: 3, cd: 4, owner: 100, ownder: 1, tag: 1, tags: 1 }, 'keys')
    expect(groups.map(({ kind, canonical }) => [kind, canonical])).toEqual([
      ['certain', 'cd'],
      ['certain', 'ab'],
      ['related', 'tag'],
      ['perhaps', 'owner'],
    ])
    expect(find({ Bb: 1, bb: 2, Aa: 1, aa: 2 }, 'keys').map(({ canonical }) => canonical)).toEqual(['aa', 'bb'])
  })

  it('are grouped once: a related pair is not also a typing error', () => {
    expect(shown(find({ 'server-names': 100, 'server-name': 1 }, 'keys'))).toEqual([
      ['related', 'server-names server-name'],
    ])
    expect(shown(find({ 'web-server': 100, 'wеb-server': 1 }, 'keys'))).toEqual([
      ['look-alike', 'web-server wеb-server'],
    ])
  })

  it('finds a typing error among hundreds of other spellings', () => {
    const letter = (n: number) => String.fromCharCode(97 + n)
    const many = Object.fromEntries(
      Array.from({ length: 400 }, (_, n) => [`azz${letter(n % 20)}${letter(Math.floor(n / 20))}zz`, 1]),
    )
    const groups = find({ ...many, alphabet: 1000, alpahbet: 1 }, 'keys')
    expect(shown(groups)).toEqual([['perhaps', 'alphabet alpahbet']])
  })

  it('does not look for typing errors in more than ten thousand spellings', () => {
    const many = Object.fromEntries(
      Array.from({ length: 10_001 }, (_, n) => [`key${String.fromCodePoint(0x4e00 + n)}`, 1]),
    )
    const groups = find({ ...many, owner: 100, ownder: 1, Ab: 1, ab: 1 }, 'keys')
    expect(shown(groups)).toEqual([['certain', 'Ab ab']])
  })
})

describe('near-duplicates of values', () => {
  it.each<[Record<string, number>, boolean]>([
    [{ Prod: 1, prod: 2 }, true],
    [{ 'web shop': 1, 'web-shop': 2 }, true],
    [{ '1.2': 1, '12': 2 }, false],
    [{ '2024-01': 1, '202401': 2 }, false],
    [{ owner: 1, team: 2 }, false],
  ])('%j are of one group: %s', (counts, isGroup) => {
    expect(find(counts, 'values').map(({ kind }) => kind)).toEqual(isGroup ? ['certain'] : [])
  })
})

describe('the edit distance', () => {
  /** The plain definition. */
  function plain(a: string, b: string): number {
    if (a === '' || b === '') return a.length + b.length
    const costs = [
      plain(a.slice(1), b) + 1,
      plain(a, b.slice(1)) + 1,
      plain(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
    ]
    if (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0]) costs.push(plain(a.slice(2), b.slice(2)) + 1)
    return Math.min(...costs)
  }
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 })

  it('is that of the plain definition, up to a bound', () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 4 }), (a, b, max) => {
        expect(editDistance(a, b, max)).toBe(Math.min(plain(a, b), max + 1))
      }),
    )
  })
})
