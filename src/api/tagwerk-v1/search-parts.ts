import { type Static, Type } from 'typebox'
import type { Catalog, CombinedResult, Cursor, Facet, FoundResource } from '../../catalog/catalog.ts'
import { invalid } from '../../core/errors.ts'
import { type Part, partsOf } from '../../core/expression/explain-expression.ts'
import type { Expression } from '../../core/expression/expression.ts'
import { withoutConditionsOn } from '../../core/expression/facet-query.ts'
import { printExpression } from '../../core/expression/print-expression.ts'
import type { ResourceType } from '../../core/resource-types.ts'
import type { TagQuery } from '../../core/tag-query.ts'
import { asOfMember } from '../as-of.ts'
import { type JoinedBody, joinInSlices, jsonArray } from '../long-json.ts'
import { fromMarker, toMarker } from '../marker.ts'
import { prepareTagQuery, tagQueryMembers, toTagQuery } from '../tag-query-body.ts'
import { filterMember, toFilter } from './conditions.ts'
import { resourceJson, resourceMembers, sumOf } from './found-resource.ts'
import { FACET_LIMITS, QUERY_LIMITS, SEARCH_PAGE_LIMITS } from './limits.ts'
import { searchedTypes } from './searched-types.ts'

/** Schema of the limit of a page. */
export const searchLimit = Type.Optional(
  Type.Integer({
    minimum: 0,
    maximum: SEARCH_PAGE_LIMITS.limitMax,
    default: SEARCH_PAGE_LIMITS.limitDefault,
    description: '0 only counts.',
    'x-error': 'limit-invalid',
  }),
)

/** Schema of a cursor. */
export const afterCursor = Type.Optional(
  Type.String({ description: '`next` of the page before.', 'x-error': 'marker-invalid' }),
)

const facetLimit = Type.Optional(
  Type.Integer({ minimum: 1, maximum: FACET_LIMITS.limitMax, default: FACET_LIMITS.limitDefault }),
)

/** Schema of the facets of a search: of the values of a key, or of the keys. */
export const facetRequests = Type.Array(
  Type.Object(
    {
      key: Type.Optional(Type.String({ minLength: 1, maxLength: QUERY_LIMITS.keyCharactersMax })),
      keys: Type.Optional(Type.Literal(true, { description: 'Counts the keys in place of the values of one.' })),
      limit: facetLimit,
      exclude_own: Type.Optional(
        Type.Boolean({ default: false, description: 'Leaves out the conditions on the key itself.' }),
      ),
    },
    { additionalProperties: false },
  ),
  { maxItems: FACET_LIMITS.facetsMax },
)

export type FacetBody = Static<typeof facetRequests>[number]

const explainPart = Type.Object({}, { additionalProperties: true })

/** Schema of the members of an answer, beside revisions and resources. */
export const answerMembers = {
  total_count: Type.Integer({ description: 'Number of all matches, on all pages.' }),
  counts: Type.Record(Type.String(), Type.Integer(), { description: 'The same by resource type.' }),
  filter: Type.Optional(Type.String({ description: 'The canonical text of the filter.' })),
  next: Type.Optional(Type.String({ description: 'The cursor of the next page; missing on the last.' })),
  facets: Type.Optional(
    Type.Array(
      Type.Object({
        key: Type.Optional(Type.String()),
        with_key: Type.Integer({ description: 'Of the resources that match, those with the key, or with any.' }),
        without_key: Type.Integer(),
        values: Type.Optional(Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }))),
        keys: Type.Optional(Type.Array(Type.Object({ key: Type.String(), count: Type.Integer() }))),
        more: Type.Integer({ description: 'Values or keys that are not listed.' }),
      }),
    ),
  ),
  explain: Type.Optional(explainPart),
}

/** Schema of the members of a found resource. */
export const foundMembers = { created_at: Type.String(), updated_at: Type.String(), ...resourceMembers }

/** Schema of the answer to a search. */
export const searchAnswer = Type.Object({
  revision: Type.Integer(),
  ...answerMembers,
  resources: Type.Array(Type.Object(foundMembers)),
})

/** The body of a search. */
export const searchBody = Type.Object({
  types: searchedTypes,
  filter: filterMember,
  query: Type.Optional(Type.Object(tagQueryMembers(QUERY_LIMITS))),
  limit: searchLimit,
  after: afterCursor,
  facets: Type.Optional(facetRequests),
  as_of: asOfMember,
  explain: Type.Optional(
    Type.Boolean({ default: false, description: 'Counts the matches of each part of the filter.' }),
  ),
})

/** Prepares the conditions as those of a query. */
export function preparedSearch(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || !('query' in given)) return given
  return { ...given, query: prepareTagQuery(given.query) }
}

/** The conditions of a search. Throws `filter-invalid`. */
export function toSearchedQuery({ query, filter }: Pick<Static<typeof searchBody>, 'query' | 'filter'>): TagQuery {
  return { ...(query && toTagQuery(query)), ...(filter !== undefined && { filter: toFilter(filter, 'filter') }) }
}

/** What a search asks for beside its page. */
export type Asked = {
  readonly query: TagQuery
  readonly facets?: readonly FacetBody[] | undefined
  readonly explain?: boolean | undefined
}

/** The queries of a search, and what makes members of the answer out of their results. Throws `request-invalid`. */
export function toCombined({ query, facets = [], explain }: Asked) {
  const { filter } = query
  const tree = explain && filter !== undefined ? partsOf(filter) : undefined
  const parts = tree === undefined ? [] : flatten(tree)
  return {
    request: {
      query,
      facets: facets.map((facet, i) => toFacetRequest(facet, query, `facets[${i}]`)),
      counted: parts.map(({ expression }) => ({ filter: expression })),
    },
    toMembers: (result: Pick<CombinedResult, 'facets' | 'counts'>) => ({
      ...(facets.length > 0 && {
        facets: result.facets.map((facet, i) => toFacetBody(facets[i] as FacetBody, facet)),
      }),
      ...(tree && { explain: withCounts(tree, new Map(parts.map((part, i) => [part, result.counts[i] as number]))) }),
    }),
  }
}

export type SearchRequest = Asked & {
  readonly project: string
  readonly types: readonly ResourceType[] | undefined
  readonly limit: number
  readonly after: string | undefined
}

/** What a search is made in: all resources, or some of them. */
export type SearchCatalog = Pick<Catalog, 'search'>

/** Searches a project. Gives the answer and its revision. Throws `marker-invalid`. */
export async function search(
  catalog: SearchCatalog,
  asked: SearchRequest,
): Promise<JoinedBody & { readonly revision: number }> {
  const { project, types, limit, after } = asked
  const { request, toMembers } = toCombined(asked)
  const result = await catalog.search(project, types, { ...request, limit, after: toCursor(after) })
  const { revision, next } = result
  const head = `${openObject({ revision, ...totalsOf(result.totals, asked.query.filter) })},"resources":`
  const tail = tailJson({ ...(next && { next: toMarker(placeOf(next)) }), ...toMembers(result) })
  const joined = await joinInSlices(
    jsonArray(head, result.resources, (found) => foundJson(found), tail),
    project,
  )
  return { ...joined, revision }
}

/** The numbers of an answer, and the canonical text of its filter. */
export function totalsOf(totals: ReadonlyMap<string, number>, filter: Expression | undefined) {
  return {
    total_count: sumOf(totals),
    counts: Object.fromEntries(totals),
    ...(filter && { filter: printExpression(filter) }),
  }
}

/** An object as JSON, without its end. */
export function openObject(members: object): string {
  return JSON.stringify(members).slice(0, -1)
}

/** The members of an object after others, and its end. */
export function tailJson(members: object): string {
  const json = JSON.stringify(members)
  return json === '{}' ? '}' : `,${json.slice(1)}`
}

/** A resource of an answer, after other members. */
export function foundJson({ type, resource }: FoundResource, others: Readonly<Record<string, string>> = {}): string {
  return resourceJson(type, resource, {
    ...others,
    created_at: new Date(resource.createdAtMs).toISOString(),
    updated_at: new Date(resource.updatedAtMs).toISOString(),
  })
}

function toFacetRequest({ key, keys, limit, exclude_own }: FacetBody, query: TagQuery, field: string) {
  if ((key === undefined) === (keys === undefined)) {
    throw invalid(field, { name: 'well-formed', what: 'an object with either key or keys' })
  }
  return {
    key,
    limit: limit ?? FACET_LIMITS.limitDefault,
    query: exclude_own && key !== undefined ? withoutConditionsOn(query, key) : query,
  }
}

function toFacetBody({ key }: FacetBody, { total, withKey, counts, more }: Facet) {
  const numbers = { with_key: withKey, without_key: total - withKey }
  if (key === undefined) return { ...numbers, keys: counts.map(({ text, count }) => ({ key: text, count })), more }
  return { key, ...numbers, values: counts.map(({ text, count }) => ({ value: text, count })), more }
}

function flatten(part: Part): readonly Part[] {
  return [part, ...part.children.flatMap(flatten)]
}

/** The parts of a filter, each with the number of resources for which it holds. */
function withCounts(part: Part, counts: ReadonlyMap<Part, number>): object {
  const { op, text, children } = part
  return { op, text, count: counts.get(part), children: children.map((child) => withCounts(child, counts)) }
}

/** The sort keys of a cursor. */
export function placeOf({ type, sequence, revision, offset }: Cursor): readonly (string | number)[] {
  return [type, sequence, revision, offset]
}

/** The kinds of the sort keys of a cursor. */
export const PLACE_KINDS = ['string', 'number', 'number', 'number'] as const

/** The cursor with some sort keys. Throws `marker-invalid`; `given` is what they were read from. */
export function cursorAt(place: readonly unknown[], given: string): Cursor {
  const [type, sequence, revision, offset] = place as [ResourceType, number, number, number]
  if (![sequence, revision, offset].every((number) => Number.isSafeInteger(number) && number >= 0)) {
    throw invalid('after', { name: 'well-formed', what: 'a cursor of an earlier page' }, given, 'marker-invalid')
  }
  return { type, sequence, revision, offset }
}

function toCursor(after: string | undefined): Cursor | undefined {
  return after === undefined ? undefined : cursorAt(fromMarker(after, PLACE_KINDS, 'after'), after)
}
