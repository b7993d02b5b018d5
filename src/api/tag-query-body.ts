import { type Static, type TSchema, Type } from 'typebox'
import type { Page } from '../catalog/catalog.ts'
import { invalid } from '../core/errors.ts'
import { refuseRepeatedKey } from '../core/tag.ts'
import type { TagQuery } from '../core/tag-query.ts'

/** What a family allows in one query. Lengths are in Unicode code points. */
export type TagQueryLimits = {
  readonly keysMax: number
  readonly valuesPerKeyMax: number
  readonly keyCharactersMax: number
  readonly valueCharactersMax: number
  readonly matchCharactersMax: number
}

/** What a family allows for a page. */
export type PageLimits = { readonly limitDefault: number; readonly limitMax: number }

const LISTS = ['tags', 'tags_any', 'not_tags', 'not_tags_any'] as const

/** The members of a query body that say which resources are meant, with a family's limits. */
export function tagQueryMembers(limits: TagQueryLimits) {
  const filter = Type.Object({
    key: Type.String({
      ...{ minLength: 1, maxLength: limits.keyCharactersMax, pattern: '\\S' },
      ...{ 'x-error': 'tag-invalid', 'x-rule': 'not-blank' },
    }),
    values: Type.Array(Type.String({ maxLength: limits.valueCharactersMax, 'x-error': 'tag-invalid' }), {
      ...{ maxItems: limits.valuesPerKeyMax, uniqueItems: true },
      description: 'Alternatives; an empty array means any value.',
    }),
  })
  const list = (description: string) =>
    Type.Optional(Type.Array(filter, { minItems: 1, maxItems: limits.keysMax, description }))
  const match = Type.Object({
    key: oneOf(['resource_name', 'resource_id']),
    value: Type.String({ maxLength: limits.matchCharactersMax }),
  })
  return {
    tags: list('The resource carries every one of these.'),
    tags_any: list('The resource carries at least one of these.'),
    not_tags: list('The resource does not carry all of these at once.'),
    not_tags_any: list('The resource carries none of these.'),
    without_any_tag: Type.Optional(
      Type.Boolean({ description: 'True: the resource has no tag; the four lists are ignored.' }),
    ),
    matches: Type.Optional(
      Type.Array(match, {
        minItems: 1,
        description:
          'resource_id: exact. resource_name: anywhere in the name, letter case aside; empty: an empty name.',
      }),
    ),
  }
}

/**
 * Takes the four lists out of a body that asks for resources without any tag: they are ignored then, whatever they hold
 * (S1). SDKs send empty ones.
 */
export function withoutIgnoredLists(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body
  const { tags, tags_any, not_tags, not_tags_any, ...rest } = body as Record<string, unknown>
  return rest.without_any_tag === true ? rest : body
}

/** A text that is one of a few, letter case included. */
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
 * Turns a body that fits the schema into a query. Throws `request-invalid` for what a schema cannot say: a key given
 * twice in one list, a match given twice, an empty resource id.
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
      // COMPAT: an empty resource_name asks for an exact match, which only a resource without name fits (S1, D3).
      query = { ...query, ...(value === '' ? { nameEquals: value } : { nameContains: value }) }
    }
  }
  return query
}

/** Reads `limit` and `offset` of a body, which may be a text of digits or a whole number (contract D17). */
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
