import { type Static, Type } from 'typebox'
import type { Catalog, CombinedResult, Cursor, Facet, FoundResource } from '../../catalog/catalog.ts'
import { invalid } from '../../core/errors.ts'
import { type Part, partsOf } from '../../core/expression/explain-expression.ts'
import type { Expression } from '../../core/expression/expression.ts'
import { withoutConditionsOn } from '../../core/expression/facet-query.ts'
import { printExpression } from '../../core/expression/print-expression.ts'
import type { ResourceType } from '../../core/resource-types.ts'
import type { TagQuery } from '../../core/tag-query.ts'
import { type JoinedBody, joinInSlices, jsonArray } from '../long-json.ts'
import { fromMarker, toMarker } from '../marker.ts'
import { resourceJson, resourceMembers, sumOf } from './found-resource.ts'
import { FACET_LIMITS, QUERY_LIMITS, SEARCH_PAGE_LIMITS } from './limits.ts'

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

/** Schema of the answer to a search. */
export const searchAnswer = Type.Object({
  revision: Type.Integer(),
  total_count: Type.Integer({ description: 'Number of all matches, on all pages.' }),
  counts: Type.Record(Type.String(), Type.Integer(), { description: 'The same by resource type.' }),
  filter: Type.Optional(Type.String({ description: 'The canonical text of the filter.' })),
  resources: Type.Array(Type.Object({ created_at: Type.String(), updated_at: Type.String(), ...resourceMembers })),
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
})

export type SearchRequest = {
  readonly project: string
  readonly types: readonly ResourceType[] | undefined
  readonly query: TagQuery
  readonly limit: number
  readonly after: string | undefined
  readonly facets?: readonly FacetBody[] | undefined
  readonly explain?: boolean | undefined
}

/** What a search is made in: all resources, or some of them. */
export type SearchCatalog = Pick<Catalog, 'search'>

/** Searches a project. Gives the answer and its revision. Throws `marker-invalid`. */
export async function search(
  catalog: SearchCatalog,
  request: SearchRequest,
): Promise<JoinedBody & { readonly revision: number }> {
  const { project, types, query, limit, facets = [] } = request
  const { filter } = query
  const tree = request.explain && filter !== undefined ? partsOf(filter) : undefined
  const parts = tree === undefined ? [] : flatten(tree)
  const result = await catalog.search(project, types, {
    query,
    limit,
    after: toCursor(request.after),
    facets: facets.map((facet, i) => toFacetRequest(facet, query, `facets[${i}]`)),
    counted: parts.map(({ expression }) => ({ filter: expression })),
  })
  const head = headJson(result, filter)
  const rest = {
    ...(result.next && { next: fromCursor(result.next) }),
    ...(facets.length > 0 && { facets: result.facets.map((facet, i) => toFacetBody(facets[i] as FacetBody, facet)) }),
    ...(tree && { explain: withCounts(tree, new Map(parts.map((part, i) => [part, result.counts[i] as number]))) }),
  }
  const json = JSON.stringify(rest)
  const tail = json === '{}' ? '}' : `,${json.slice(1)}`
  const joined = await joinInSlices(jsonArray(head, result.resources, foundJson, tail), project)
  return { ...joined, revision: result.revision }
}

function headJson({ revision, totals }: CombinedResult, filter: Expression | undefined): string {
  const head = {
    revision,
    total_count: sumOf(totals),
    counts: Object.fromEntries(totals),
    ...(filter && { filter: printExpression(filter) }),
  }
  return `${JSON.stringify(head).slice(0, -1)},"resources":`
}

function foundJson({ type, resource }: FoundResource): string {
  return resourceJson(type, resource, {
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

function fromCursor({ type, sequence, revision, offset }: Cursor): string {
  return toMarker([type, sequence, revision, offset])
}

function toCursor(after: string | undefined): Cursor | undefined {
  if (after === undefined) return undefined
  const place = fromMarker(after, ['string', 'number', 'number', 'number'], 'after')
  const [type, sequence, revision, offset] = place as [ResourceType, number, number, number]
  if (![sequence, revision, offset].every((number) => Number.isSafeInteger(number) && number >= 0)) {
    throw invalid('after', { name: 'well-formed', what: 'a cursor of an earlier page' }, after, 'marker-invalid')
  }
  return { type, sequence, revision, offset }
}
