import { type Static, type TSchema, Type } from 'typebox'
import type { Page } from '../catalog/catalog.ts'
import { invalid, unknownMember } from '../core/errors.ts'
import { similarName } from '../core/similar-name.ts'
import { refuseRepeatedKey } from '../core/tag.ts'
import type { TagQuery } from '../core/tag-query.ts'

/** Limits of a family on one query. Lengths are in Unicode code points. */
export type TagQueryLimits = {
  readonly keysMax: number
  readonly valuesPerKeyMax: number
  readonly keyCharactersMax: number
  readonly valueCharactersMax: number
  readonly matchCharactersMax: number
}

/** Limits of a family on a page. */
export type PageLimits = { readonly limitDefault: number; readonly limitMax: number }

const LISTS = ['tags', 'tags_any', 'not_tags', 'not_tags_any'] as const

/** The members that select: a misspelt one would widen the selection if it was ignored (contract D28). */
const SELECTING_MEMBERS: readonly string[] = [...LISTS, 'matches', 'without_any_tag']
const OTHER_MEMBERS: readonly string[] = ['action', 'limit', 'offset']

/** The members of a query body that select resources, with a family's limits. */
export function tagQueryMembers(limits: TagQueryLimits) {
  const filter = Type.Object(
    {
      key: Type.String({
        minLength: 1,
        maxLength: limits.keyCharactersMax,
        pattern: '\\S',
        'x-error': 'tag-invalid',
        'x-rule': 'not-blank',
      }),
      values: Type.Array(Type.String({ maxLength: limits.valueCharactersMax, 'x-error': 'tag-invalid' }), {
        maxItems: limits.valuesPerKeyMax,
        uniqueItems: true,
        description: 'The value is one of these; an empty array matches any value.',
      }),
    },
    { additionalProperties: false },
  )
  const list = (description: string) =>
    Type.Optional(Type.Array(filter, { minItems: 1, maxItems: limits.keysMax, description }))
  const match = Type.Object(
    {
      key: oneOf(['resource_name', 'resource_id']),
      value: Type.String({ maxLength: limits.matchCharactersMax }),
    },
    { additionalProperties: false },
  )
  return {
    tags: list('The resource has all of these tags.'),
    tags_any: list('The resource has at least one of these tags.'),
    not_tags: list('The resource lacks at least one of these tags.'),
    not_tags_any: list('The resource has none of these tags.'),
    without_any_tag: Type.Optional(
      Type.Boolean({ description: 'True: selects resources without any tag; the four lists are ignored.' }),
    ),
    matches: Type.Optional(
      Type.Array(match, {
        minItems: 1,
        description:
          'resource_id: exact match. resource_name: case-insensitive substring of the name; an empty value matches only the empty name.',
      }),
    ),
  }
}

/**
 * Prepares a body for validation. Throws `request-invalid` for a member that is not known but similar to one that selects;
 * other unknown members are ignored (contract D28). Removes the four lists from a body with `without_any_tag`, so that
 * they are ignored without validation (S1): SDKs send empty lists, which would be invalid.
 */
export function prepareTagQuery(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body
  for (const name of Object.keys(body)) {
    if (SELECTING_MEMBERS.includes(name) || OTHER_MEMBERS.includes(name)) continue
    if (similarName(name, SELECTING_MEMBERS) !== undefined) throw unknownMember(name, name, SELECTING_MEMBERS)
  }
  const { tags, tags_any, not_tags, not_tags_any, ...rest } = body as Record<string, unknown>
  return rest.without_any_tag === true ? rest : body
}

/** Schema of a string enum; values are case-sensitive. */
export function oneOf<const T extends string>(allowed: readonly T[], options: Record<string, unknown> = {}) {
  return Type.Unsafe<T>({ type: 'string', enum: [...allowed], ...options } as TSchema)
}

type QueryBody = Static<ReturnType<typeof queryObject>>

function queryObject() {
  return Type.Object(
    tagQueryMembers({
      keysMax: 0,
      valuesPerKeyMax: 0,
      keyCharactersMax: 0,
      valueCharactersMax: 0,
      matchCharactersMax: 0,
    }),
  )
}

/**
 * Converts a body that matches the schema to a query. Throws `request-invalid` for rules beyond the schema: a repeated
 * key in one list, a repeated match, an empty resource id.
 */
export function toTagQuery(body: QueryBody): TagQuery {
  for (const list of LISTS) refuseRepeatedKey(body[list] ?? [], list, 'request-invalid')
  return {
    ...(body.tags && { tags: body.tags }),
    ...(body.tags_any && { tagsAny: body.tags_any }),
    ...(body.not_tags && { notTags: body.not_tags }),
    ...(body.not_tags_any && { notTagsAny: body.not_tags_any }),
    ...(body.without_any_tag && { withoutAnyTag: true }),
    ...toMatches(body.matches ?? []),
  }
}

function toMatches(matches: readonly { readonly key: string; readonly value: string }[]): TagQuery {
  refuseRepeatedKey(matches, 'matches', 'request-invalid')
  let query: TagQuery = {}
  for (const [i, { key, value }] of matches.entries()) {
    if (key === 'resource_id') {
      if (value === '') throw invalid(`matches[${i}].value`, { name: 'not-blank' }, value)
      query = { ...query, id: value }
    } else {
      // COMPAT: an empty resource_name is an exact match, so it selects only resources with an empty name (S1, D3).
      query = { ...query, ...(value === '' ? { nameEquals: value } : { nameContains: value }) }
    }
  }
  return query
}

/** Parses `limit` and `offset` of a body; each is an integer or a string of digits (contract D17). */
export function toPage(body: { readonly limit?: unknown; readonly offset?: unknown }, limits: PageLimits): Page {
  const limit = body.limit === undefined ? limits.limitDefault : toWholeNumber(body.limit)
  if (limit === undefined) {
    throw invalid('limit', { name: 'type', expected: 'a text of digits or an integer' }, body.limit, 'limit-invalid')
  }
  if (limit < 1) throw invalid('limit', { name: 'number-min', limit: 1 }, body.limit, 'limit-invalid')
  if (limit > limits.limitMax) {
    throw invalid('limit', { name: 'number-max', limit: limits.limitMax }, body.limit, 'limit-invalid')
  }
  const offset = body.offset === undefined ? 0 : toWholeNumber(body.offset)
  if (offset === undefined) {
    throw invalid('offset', { name: 'type', expected: 'a text of digits or an integer' }, body.offset, 'offset-invalid')
  }
  if (offset < 0) throw invalid('offset', { name: 'number-min', limit: 0 }, body.offset, 'offset-invalid')
  return { limit, offset }
}

function toWholeNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined
  return typeof value === 'string' && /^[0-9]+$/.test(value) ? Number(value) : undefined
}
