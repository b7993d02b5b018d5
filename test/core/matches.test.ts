import { describe, expect, it } from 'vitest'
import { matches } from '../../src/core/matches.ts'
import type { Tag } from '../../src/core/tag.ts'
import type { TagQuery } from '../../src/core/tag-query.ts'
import { readVectors } from './vectors.ts'

type Vectors = {
  readonly resources: readonly { readonly id: string; readonly name: string; readonly tags: readonly Tag[] }[]
  readonly queries: readonly { readonly name: string; readonly query: TagQuery; readonly matching: readonly string[] }[]
}

describe('matches', () => {
  const { resources, queries } = readVectors<Vectors>('tag-queries.json')

  it.each(queries)('the query "$name" matches the expected resources', ({ query, matching }) => {
    expect(resources.filter((resource) => matches(resource, query)).map(({ id }) => id)).toEqual(matching)
  })
})

it('a search in names ignores case by the rules of foldCase', () => {
  const named = (name: string, nameContains: string) => matches({ id: '1', name, tags: [] }, { nameContains })
  expect(named('straße', 'SS')).toBe(true)
  expect(named('STRASSE', 'ß')).toBe(true)
  expect(named('ΟΔΌΣ', 'ς')).toBe(true)
  expect(named('\u212aelvin', 'k')).toBe(true)
  expect(named('İ', 'i\u0307')).toBe(true)
  expect(named('strasse', 'é')).toBe(false)
})
