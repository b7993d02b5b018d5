import type { TagFilter, TagQuery } from '../../src/core/tag-query.ts'
import type { Dataset } from './dataset.ts'
import { Random } from './random.ts'
import { DENSE_SHARE, type Vocabulary } from './vocabulary.ts'

/** A query and the requested page. */
export type PagedQuery = { readonly query: TagQuery; readonly offset: number; readonly limit: number }

const LISTS = ['tags', 'tagsAny', 'notTags', 'notTagsAny'] as const

/** The query of the image service's documentation: four clauses with one key and one value each, all of them dense. */
export function seedQueries(vocabulary: Vocabulary, count: number, seed = 11): readonly TagQuery[] {
  const random = new Random(seed)
  const dense = vocabulary.between(DENSE_SHARE, 1)
  const common = dense.slice(0, Math.ceil(dense.length / 2))
  return Array.from({ length: count }, () => {
    const used = new Set<string>()
    const filter = (from: typeof dense): TagFilter => {
      const { key, value } = pickUnused(random, from, used)
      return { key, values: [value] }
    }
    // Required clauses use common pairs; excluded ones any dense pair.
    const [tags, tagsAny] = [[filter(common)], [filter(common)]]
    return { tags, tagsAny, notTags: [filter(dense)], notTagsAny: [filter(dense)] }
  })
}

function pickUnused<T extends { readonly key: string }>(random: Random, from: readonly T[], used: Set<string>): T {
  const free = from.filter(({ key }) => !used.has(key))
  const picked = random.pick(free.length === 0 ? from : free)
  used.add(picked.key)
  return picked
}

/**
 * The largest allowed query: four clauses of 10 keys with 10 values each. `skip` omits the most common values of each
 * key: 0 selects dense pairs, a larger number pairs that are neither dense nor rare.
 */
export function worstQuery(vocabulary: Vocabulary, skip: number): TagQuery {
  const rich = vocabulary.keys.filter((key) => vocabulary.valuesOf(key).length >= 2)
  const clause = (first: number): TagFilter[] =>
    Array.from({ length: 10 }, (_, i) => {
      const key = rich[(first + i) % rich.length] as string
      const values = vocabulary.valuesOf(key)
      const from = Math.max(0, Math.min(skip, values.length - 10))
      return { key, values: values.slice(from, from + 10) }
    })
  // Without the clause that requires all ten keys, which would leave nothing in most data, each other clause has work to do.
  return { tags: clause(0), tagsAny: clause(5), notTags: clause(10), notTagsAny: clause(15) }
}

/** A query of the same size whose required filters match much: one key per filter, all its values. */
export function worstWithoutTags(vocabulary: Vocabulary, skip: number): TagQuery {
  const { tags: _none, ...rest } = worstQuery(vocabulary, skip)
  return { ...rest, tags: [{ key: vocabulary.keys[0] as string, values: [] }] }
}

/** Matches nearly everything, so that a page can start at a large offset. */
export function wideQuery(vocabulary: Vocabulary): TagQuery {
  const { key, value } = vocabulary.between(DENSE_SHARE, 1).at(-1) as { key: string; value: string }
  return { notTagsAny: [{ key, values: [value] }] }
}

/** Substrings of names: some in few names, some in many. */
export function namePartQueries(dataset: Dataset): { selective: readonly TagQuery[]; common: readonly TagQuery[] } {
  const random = new Random(31)
  const part = (from: number, length?: number) => {
    const { name } = dataset.at(random.below(dataset.size))
    return { nameContains: length === undefined ? name.slice(from) : name.slice(from, from + length) }
  }
  return {
    selective: Array.from({ length: 16 }, () => part(-8)),
    common: Array.from({ length: 16 }, () => part(0, 6)),
  }
}

/** A substring in many names, and two tags that leave few candidates to verify. */
export function nameAndTagQueries(dataset: Dataset, vocabulary: Vocabulary): readonly TagQuery[] {
  const { common } = namePartQueries(dataset)
  return seedQueries(vocabulary, common.length, 12).map(({ tags = [], tagsAny = [] }, i) => ({
    ...common[i],
    tags,
    tagsAny,
  }))
}

/** Number of candidates per kind that `variedQueries` tries at most. */
const TRIES_PER_QUERY = 4

/**
 * Four-clause queries as clients send them: one to three keys per clause, one to three values per key, common and
 * uncommon. With `few` also pairs of medium frequency; otherwise the required clauses are dense, so that the matches
 * fill a page.
 */
export function variedQueries(vocabulary: Vocabulary, count: number, few: boolean, seed = 21): readonly TagQuery[] {
  const random = new Random(seed)
  const dense = vocabulary.between(DENSE_SHARE, 1)
  const middling = vocabulary.between(1 / 2000, DENSE_SHARE)
  const top = dense.slice(0, Math.ceil(dense.length / 3))
  const clause = (from: typeof dense, keysMax: number): TagFilter[] => {
    const used = new Set<string>()
    return Array.from({ length: 1 + random.below(keysMax) }, () => {
      const first = pickUnused(random, from, used)
      const others = vocabulary.valuesOf(first.key).filter((value) => value !== first.value)
      return { key: first.key, values: [first.value, ...others.slice(0, random.below(3))] }
    })
  }
  const queries = new Map<string, TagQuery>()
  for (let tries = 0; queries.size < count && tries < count * TRIES_PER_QUERY; tries++) {
    const mixed = few && random.below(2) === 0 ? middling : dense
    const query = {
      tags: clause(few ? dense : top, few ? 2 : 1),
      tagsAny: clause(mixed, 3),
      notTags: clause(dense, 3),
      notTagsAny: clause(few ? [...dense, ...middling] : middling, 3),
    }
    queries.set(JSON.stringify(query), query)
  }
  return [...queries.values()]
}

/** The body of the image service's query call. */
export function actionBody(query: TagQuery, page?: { readonly offset: number; readonly limit: number }): string {
  const names = { tags: 'tags', tagsAny: 'tags_any', notTags: 'not_tags', notTagsAny: 'not_tags_any' } as const
  const clauses = Object.fromEntries(
    LISTS.flatMap((list) => (query[list] === undefined ? [] : [[names[list], query[list]]])),
  )
  const { nameContains } = query
  const matches = nameContains === undefined ? {} : { matches: [{ key: 'resource_name', value: nameContains }] }
  const shown =
    page === undefined
      ? { action: 'count' }
      : { action: 'filter', limit: String(page.limit), offset: String(page.offset) }
  return JSON.stringify({ ...shown, ...clauses, ...matches })
}
