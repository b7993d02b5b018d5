import { describe, expect, it } from 'vitest'
import { similarName } from '../../src/core/similar-name.ts'

const LISTS = ['tags', 'tags_any', 'not_tags', 'not_tags_any', 'limit']

describe('similarName', () => {
  it.each([
    ['Tags', 'tags'],
    ['NOT_TAGS', 'not_tags'],
    ['not-tags', 'not_tags'],
    ['notTagsAny', 'not_tags_any'],
    ['tag', 'tags'],
    ['not_tag', 'not_tags'],
    ['tasg', 'tags'],
    ['limmits', 'limit'],
  ])('finds for %j the known name %j', (name, known) => {
    expect(similarName(name, LISTS)).toBe(known)
  })

  it.each(['', 'x', 'sys_tags', 'offset', 'key', 'not_tags_anything', 'constructor'])(
    'finds nothing for %j',
    (name) => {
      expect(similarName(name, LISTS)).toBeUndefined()
    },
  )

  it('finds no short name that shares hardly a letter', () => {
    expect(similarName('x', ['id'])).toBeUndefined()
    expect(similarName('ey', ['key'])).toBe('key')
  })
})
