import fc from 'fast-check'
import type { Expression } from '../../src/core/expression/expression.ts'
import type { IndexedResource } from '../../src/core/resource.ts'
import type { TagFilter, TagQuery } from '../../src/core/tag-query.ts'
import { expressionsOf } from '../support/expression/arbitrary.ts'

export const KEYS = ['a', 'b', 'c', 'A', '__proto__', 'constructor', '标签'] as const
const VALUES = ['', '1', '2', '__proto__']
const NAMES = [
  '',
  'web',
  'WEB-1',
  'Web-2',
  'db',
  'x',
  'straße',
  'STRASSE',
  '环境-web',
  '\u{1f600}web',
  'K',
  '\u212a',
  '\ufeffweb',
  '"w\\eb\n',
  '\ud83d',
  '\ude00-web',
  '\ufffd',
  '\ud83d\ufffd',
]
const TEXTS = [
  '',
  'w',
  'E',
  'eb',
  'web',
  'WEB-',
  'k',
  'ss',
  '环',
  '\u{1f600}',
  '\u{1f600}w',
  'zzz',
  'web-2',
  '\ufeff',
  '"',
  '\\',
  '\n',
  'n',
  '\ud83d',
  '\ude00',
  '\ude00-',
  '\ufffd',
  'web\ud83d',
]

const keys = fc.constantFrom(...KEYS, 'unknown')
const filter: fc.Arbitrary<TagFilter> = fc.record({
  key: keys,
  values: fc.uniqueArray(fc.constantFrom(...VALUES, 'unknown'), { maxLength: 3 }),
})
const filters = fc.uniqueArray(filter, { selector: ({ key }) => key, maxLength: 3 })

/** The id with a number; every third number has another kind of id. */
export function idOf(n: number): string {
  const digits = (n * 0x1234567).toString(16).padStart(32, '0')
  if (n % 3 === 0) return `id-${n}`
  return n % 3 === 1 ? `${digits}in07` : digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** Any expression about resources of `resourceFrom`; its tests of type and project are decided. */
export function anyFilter(idsBelow: number): fc.Arbitrary<Expression> {
  const ids = Array.from({ length: Math.min(idsBelow, 40) + 1 }, (_, n) => idOf(n))
  return expressionsOf({
    keys: [...KEYS, 'unknown'],
    values: [...VALUES, 'unknown'],
    parts: TEXTS,
    names: NAMES,
    timesMs: [0, 1000, 3000, 8000, 2 ** 29],
    members: { id: ids },
  })
}

/** Any query about resources of `resourceFrom` whose ids are `idOf` numbers below a bound. */
export function anyQuery(idsBelow: number): fc.Arbitrary<TagQuery> {
  return fc.record(
    {
      tags: filters,
      tagsAny: filters,
      notTags: filters,
      notTagsAny: filters,
      withoutAnyTag: fc.constantFrom(true, false, false),
      id: fc.oneof(
        { weight: 1, arbitrary: fc.nat(idsBelow).map(idOf) },
        { weight: 1, arbitrary: fc.constantFrom('', '__proto__') },
      ),
      nameContains: fc.constantFrom(...TEXTS),
      nameEquals: fc.constantFrom(...NAMES, 'Web'),
      filter: anyFilter(idsBelow),
    },
    { requiredKeys: [] },
  )
}

/** Reduces most queries to one or two conditions. */
export function fewOf(query: TagQuery, choice: number): TagQuery {
  const members = Object.entries(query)
  if (members.length === 0 || choice % 4 === 0) return query
  const chosen = [members[choice % members.length], members[(choice >>> 3) % members.length]]
  return Object.fromEntries(chosen.filter((member) => member !== undefined)) as TagQuery
}

/** A resource derived from a number: cheap to generate and to shrink. */
export function resourceFrom(id: string, sequence: number, seed: number): IndexedResource {
  const tags = []
  let rest = seed >>> 4
  for (const key of KEYS) {
    if (rest % 5 < 2) tags.push({ key, value: VALUES[(rest >>> 3) % VALUES.length] as string })
    rest = Math.imul(rest, 1103515245) + 12345
    rest = (rest >>> 1) ^ (rest >>> 16)
  }
  if (seed % 2 === 0) tags.reverse()
  return {
    id,
    sequence,
    name: NAMES[seed % NAMES.length] as string,
    detail: `{"n":${seed % 11}}`,
    createdAtMs: sequence * 1000,
    updatedAtMs: seed,
    tags: seed % 7 === 0 ? [] : tags,
  }
}
