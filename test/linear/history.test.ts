import { describe, expect, it } from 'vitest'
import { type Answer, type Asked, type History, type Operation, type Tags, violationsOf } from './history.ts'

const put = (value: string, key = 'k', image = 'a'): Asked => ({ kind: 'put', image, key, value })
const remove = (key = 'k', image = 'a'): Asked => ({ kind: 'delete', image, key })
const read: Asked = { kind: 'read', image: 'a' }
const count = (...values: string[]): Asked => ({ kind: 'count', key: 'k', values })
const list = (...values: string[]): Asked => ({ kind: 'list', key: 'k', values })

const facets = (key: string | undefined, excludesOwn = false): Asked => ({
  ...{ kind: 'facets', key, values: [], of: ['k'] },
  excludesOwn,
})
const facet = (withKey: number, withoutKey: number, ...counts: [string, number][]) => ({ withKey, withoutKey, counts })

/** A call from one time to another; without an answer its outcome is not known. */
function call(startMs: number, endMs: number, asked: Asked, answer?: Answer): Operation {
  return { client: 0, asked, startMs, endMs: answer === undefined ? Number.POSITIVE_INFINITY : endMs, answer }
}

function check(operations: readonly Operation[], ...log: readonly (readonly [image: string, tags: Tags])[]) {
  const history: History = {
    ...{ operations, images: ['a', 'b'], revision: 7 },
    log: log.map(([image, tags], i) => ({ revision: 8 + i, image, tags })),
  }
  return violationsOf(history)
}

describe('a history that can be explained', () => {
  it.each<[string, readonly Operation[], readonly (readonly [string, Tags])[]]>([
    ['is one without anything', [], []],
    [
      'has reads before and after a write, and either beside it',
      [
        call(0, 1, read, { revision: 7, tags: {} }),
        call(2, 6, put('1'), { revision: 8 }),
        call(3, 4, read, { revision: 7, tags: {} }),
        call(3, 4, read, { revision: 8, tags: { k: '1' } }),
        call(7, 8, count('1', '2'), { revision: 8, total: 1 }),
        call(7, 8, list(), { revision: 8, images: ['a'] }),
        call(7, 8, count('2'), { revision: 8, total: 0 }),
      ],
      [['a', { k: '1' }]],
    ],
    [
      'has facets of the images that match, of all, and without the condition on their own key',
      [
        call(0, 1, put('1'), { revision: 8 }),
        call(2, 3, facets('k'), {
          ...{ revision: 8, total: 1, images: ['a'] },
          facets: [facet(1, 0, ['1', 1]), facet(1, 0, ['k', 1])],
        }),
        call(2, 3, facets('k', true), {
          ...{ revision: 8, total: 1, images: ['a'] },
          facets: [facet(1, 1, ['1', 1]), facet(1, 0, ['k', 1])],
        }),
        call(2, 3, facets(undefined), {
          ...{ revision: 8, total: 2, images: [] },
          facets: [facet(1, 1, ['1', 1]), facet(1, 1, ['k', 1])],
        }),
      ],
      [['a', { k: '1' }]],
    ],
    [
      'has writes that change nothing',
      [
        call(0, 1, put('1'), { revision: 8 }),
        call(2, 3, put('1'), { revision: 8 }),
        call(4, 5, remove('x'), { revision: 8, there: false }),
        call(6, 7, remove(), { revision: 9, there: true }),
        call(8, 9, remove(), { revision: 9, there: false }),
      ],
      [
        ['a', { k: '1' }],
        ['a', {}],
      ],
    ],
    [
      'has a deletion that was done, and one before it that never was',
      [
        call(0, 1, put('1'), { revision: 8 }),
        call(2, 0, remove()),
        call(3, 4, remove(), { revision: 9, there: true }),
        call(5, 6, remove(), { revision: 9, there: false }),
      ],
      [
        ['a', { k: '1' }],
        ['a', {}],
      ],
    ],
    [
      'has a write without an answer that took effect late, and one that never did',
      [
        call(0, 0, put('1')),
        call(0, 0, put('2')),
        call(0, 0, remove()),
        call(5, 6, read, { revision: 7, tags: {} }),
        call(9, 10, read, { revision: 8, tags: { k: '1' } }),
        call(11, 12, read, { revision: 9, tags: {} }),
      ],
      [
        ['a', { k: '1' }],
        ['a', {}],
      ],
    ],
  ])('%s', (_name, operations, log) => {
    expect(check(operations, ...log)).toEqual([])
  })
})

describe('what cannot be explained is', () => {
  const written = call(0, 1, put('1'), { revision: 8 })
  const entry = ['a', { k: '1' }] as const

  it.each<[string, readonly Operation[], readonly (readonly [string, Tags])[], RegExp]>([
    [
      'a read that is late',
      [written, call(2, 3, read, { revision: 7, tags: {} })],
      [entry],
      /"read".*does not know of.*"put"/,
    ],
    [
      'a count that is late',
      [written, call(2, 3, count(), { revision: 7, total: 0 })],
      [entry],
      /"count".*does not know/,
    ],
    [
      'a read that goes back',
      [
        call(0, 9, put('1'), { revision: 8 }),
        call(1, 2, read, { revision: 8, tags: { k: '1' } }),
        call(3, 4, read, { revision: 7, tags: {} }),
      ],
      [entry],
      /does not know of/,
    ],
    [
      'a read of a revision from before its write',
      [call(5, 6, put('1'), { revision: 8 }), call(1, 2, read, { revision: 8, tags: { k: '1' } })],
      [entry],
      /"put".*does not know of.*"read"/,
    ],
    ['a wrong read', [written, call(2, 3, read, { revision: 8, tags: { k: '2' } })], [entry], /it is {"k":"1"}/],
    ['a wrong count', [written, call(2, 3, count('1'), { revision: 8, total: 2 })], [entry], /there are 1: a/],
    ['a wrong list', [written, call(2, 3, list('1'), { revision: 8, images: ['b'] })], [entry], /there are 1: a/],
    [
      'a facet of a revision before',
      [
        written,
        call(2, 3, facets(undefined), { revision: 8, total: 2, images: [], facets: [facet(0, 2), facet(0, 2)] }),
      ],
      [entry],
      /it is .*"counts":\[\["1",1\]\]/,
    ],
    [
      'a search with facets of the wrong total',
      [written, call(2, 3, facets('k'), { revision: 8, total: 2, images: ['a'], facets: [] })],
      [entry],
      /there are 1/,
    ],
    [
      'a search with facets of the wrong images',
      [written, call(2, 3, facets('k'), { revision: 8, total: 1, images: ['b'], facets: [] })],
      [entry],
      /they are a/,
    ],
    ['a write that is lost', [written], [], /there is no such revision/],
    ['a write that another one took the place of', [written], [['a', { k: '2' }]], /nobody asked for revision 8/],
    ['a write that was applied twice', [written], [entry, entry], /nobody asked for revision 9/],
    ['a change of more than was asked for', [written], [['a', { k: '1', x: '' }]], /nobody asked for revision 8/],
    [
      'a deletion of what is there',
      [written, call(2, 3, remove(), { revision: 8, there: false })],
      [entry],
      /k is there: 1/,
    ],
    [
      'a deletion of what was not there',
      [call(2, 3, remove(), { revision: 7, there: true })],
      [],
      /was not there any more/,
    ],
    ['a revision from nowhere', [call(0, 1, read, { revision: 9, tags: {} })], [], /no such revision/],
  ])('%s', (_name, operations, log, expected) => {
    expect(check(operations, ...log).join('\n')).toMatch(expected)
  })

  it('a log with a hole', () => {
    const log = [{ revision: 9, image: 'a', tags: { k: '1' } }]
    const operations = [call(0, 1, put('1'), { revision: 9 })]
    expect(violationsOf({ operations, images: ['a'], revision: 7, log }).join()).toContain('9 in the place of 8')
  })
})
