import { describe, expect, it } from 'vitest'
import { oneOf, tagQueryMembers, toPage, toTagQuery } from '../../src/api/tag-query-body.ts'
import { DomainError } from '../../src/core/errors.ts'

function refusalOf(work: () => unknown): readonly [string, unknown] {
  try {
    work()
  } catch (error) {
    if (error instanceof DomainError) return [error.code, error.facts]
    throw error
  }
  throw new Error('it was not refused')
}

const filter = (key: string, ...values: string[]) => ({ key, values })

describe('toTagQuery', () => {
  it('the four lists are converted unchanged', () => {
    const [a, b, c, d] = [[filter('a', '1')], [filter('b')], [filter('c', '', '2')], [filter('d'), filter('D')]]
    expect(toTagQuery({ tags: a, tags_any: b, not_tags: c, not_tags_any: d })).toStrictEqual({
      tags: a,
      tagsAny: b,
      notTags: c,
      notTagsAny: d,
    })
  })

  it('omitted members add no condition', () => {
    expect(toTagQuery({})).toStrictEqual({})
    expect(toTagQuery({ without_any_tag: false })).toStrictEqual({})
    expect(toTagQuery({ without_any_tag: true })).toStrictEqual({ withoutAnyTag: true })
  })

  it('matches become an id and a substring of the name', () => {
    expect(
      toTagQuery({
        matches: [
          { key: 'resource_name', value: 'we%b' },
          { key: 'resource_id', value: 'id-1' },
        ],
      }),
    ).toStrictEqual({ nameContains: 'we%b', id: 'id-1' })
  })

  it('an empty name is an exact match, and an empty id is refused', () => {
    expect(toTagQuery({ matches: [{ key: 'resource_name', value: '' }] })).toStrictEqual({ nameEquals: '' })
    const matches = [{ key: 'resource_name', value: 'x' } as const, { key: 'resource_id', value: '' } as const]
    expect(refusalOf(() => toTagQuery({ matches }))).toEqual([
      'request-invalid',
      { field: 'matches[1].value', rule: { name: 'not-blank' }, value: '' },
    ])
  })

  it.each(['tags', 'tags_any', 'not_tags', 'not_tags_any'] as const)('a repeated key in %s is refused', (list) => {
    expect(refusalOf(() => toTagQuery({ [list]: [filter('a', '1'), filter('b'), filter('a', '2')] }))).toEqual([
      'request-invalid',
      { field: `${list}[2].key`, rule: { name: 'unique' }, value: 'a' },
    ])
  })

  it('the same key may occur in several lists', () => {
    const list = [filter('a')]
    expect(toTagQuery({ tags: list, not_tags: list })).toStrictEqual({ tags: list, notTags: list })
  })

  it('a repeated key is refused even if the lists are ignored', () => {
    const [code] = refusalOf(() => toTagQuery({ without_any_tag: true, tags: [filter('a'), filter('a')] }))
    expect(code).toBe('request-invalid')
  })

  it('a repeated match is refused', () => {
    for (const key of ['resource_name', 'resource_id'] as const) {
      const matches = [
        { key, value: 'x' },
        { key, value: 'y' },
      ]
      expect(refusalOf(() => toTagQuery({ matches }))).toEqual([
        'request-invalid',
        { field: 'matches[1].key', rule: { name: 'unique' }, value: key },
      ])
    }
  })
})

describe('toPage', () => {
  const page = (limit?: unknown, offset?: unknown) =>
    toPage(
      { ...(limit === undefined ? {} : { limit }), ...(offset === undefined ? {} : { offset }) },
      {
        limitDefault: 10,
        limitMax: 1000,
      },
    )

  it('a page has default values', () => {
    expect(page()).toStrictEqual({ limit: 10, offset: 0 })
    expect(page('5')).toStrictEqual({ limit: 5, offset: 0 })
    expect(page(undefined, '5')).toStrictEqual({ limit: 10, offset: 5 })
  })

  it.each([
    ['1', '0', 1, 0],
    [1, 0, 1, 0],
    ['1000', '1000000', 1000, 1_000_000],
    [1000, 7, 1000, 7],
    ['007', '01', 7, 1],
    ['1', '9'.repeat(20), 1, 1e20],
  ])('limit %j and offset %j are parsed', (limit, offset, expectedLimit, expectedOffset) => {
    expect(page(limit, offset)).toStrictEqual({ limit: expectedLimit, offset: expectedOffset })
  })

  const noNumbers = [
    '',
    ' ',
    '1 ',
    ' 1',
    '+1',
    '-1',
    '1.0',
    '1e2',
    '0x1',
    'ten',
    '１',
    '٣',
    1.5,
    true,
    null,
    [],
    ['1'],
    {},
  ]

  it.each(noNumbers)('%j is refused as neither digits nor an integer', (value) => {
    const rule = { name: 'type', expected: 'a text of digits or an integer' }
    expect(refusalOf(() => page(value))).toEqual(['limit-invalid', { field: 'limit', rule, value }])
    expect(refusalOf(() => page('1', value))).toEqual(['offset-invalid', { field: 'offset', rule, value }])
  })

  it.each([
    [0, { name: 'number-min', limit: 1 }],
    ['0', { name: 'number-min', limit: 1 }],
    [-1, { name: 'number-min', limit: 1 }],
    [1001, { name: 'number-max', limit: 1000 }],
    ['1001', { name: 'number-max', limit: 1000 }],
    ['9'.repeat(400), { name: 'number-max', limit: 1000 }],
  ])('a limit of %j is refused as out of bounds', (limit, rule) => {
    expect(refusalOf(() => page(limit))).toEqual(['limit-invalid', { field: 'limit', rule, value: limit }])
  })

  it('a negative offset is refused', () => {
    expect(refusalOf(() => page('1', -1))).toEqual([
      'offset-invalid',
      { field: 'offset', rule: { name: 'number-min', limit: 0 }, value: -1 },
    ])
  })

  it('the limit is validated before the offset', () => {
    expect(refusalOf(() => page('x', 'y'))[0]).toBe('limit-invalid')
  })
})

describe('the schema of the members', () => {
  const members = tagQueryMembers({
    keysMax: 11,
    valuesPerKeyMax: 12,
    keyCharactersMax: 13,
    valueCharactersMax: 14,
    matchCharactersMax: 15,
  })

  it.each(['tags', 'tags_any', 'not_tags', 'not_tags_any'] as const)(
    'the schema of %s has the limits of the family',
    (list) => {
      expect(JSON.parse(JSON.stringify(members[list]))).toMatchObject({
        type: 'array',
        minItems: 1,
        maxItems: 11,
        items: {
          required: ['key', 'values'],
          properties: {
            key: { type: 'string', minLength: 1, maxLength: 13, pattern: '\\S' },
            values: { type: 'array', maxItems: 12, uniqueItems: true, items: { type: 'string', maxLength: 14 } },
          },
        },
      })
    },
  )

  it('the schema of matches allows a name or an id', () => {
    expect(JSON.parse(JSON.stringify(members.matches))).toMatchObject({
      type: 'array',
      minItems: 1,
      items: {
        required: ['key', 'value'],
        properties: {
          key: { type: 'string', enum: ['resource_name', 'resource_id'] },
          value: { type: 'string', maxLength: 15 },
        },
      },
    })
  })

  it('oneOf lists the allowed values and keeps other options', () => {
    expect({ ...oneOf(['a', 'b'], { description: 'x' }) }).toMatchObject({
      type: 'string',
      enum: ['a', 'b'],
      description: 'x',
    })
  })
})
