import { type Static, Type } from 'typebox'
import type { Page } from '../../catalog/catalog.ts'
import { invalid, unknownMember } from '../../core/errors.ts'
import type { TagQuery } from '../../core/tag-query.ts'
import { prepareTagQuery, type TagQueryLimits, tagQueryMembers, toPage, toTagQuery } from '../tag-query-body.ts'
import type { ListName, TagServiceQuery } from './row.ts'

/** Members that select resources in one service or another. */
const SELECTING: readonly string[] = [
  ...(['tags', 'tags_any', 'not_tags', 'not_tags_any', 'without_any_tag', 'matches'] satisfies ListName[]),
  'sys_tags',
]

/** The members of a body that select resources, as far as the service has them. */
export function selectingMembers({ lists }: TagServiceQuery, limits: TagQueryLimits) {
  const all = tagQueryMembers(limits)
  const own = Object.fromEntries(Object.entries(all).filter(([name]) => lists.includes(name as ListName)))
  return own as typeof all
}

/** The page of a body. The handler validates it, because `count` ignores it (contract D17). */
export function pageMembers({ limitKind, limitDefault, limitMax }: TagServiceQuery) {
  const kind = limitKind === 'number' ? 'An integer' : 'A string of digits or an integer'
  return {
    limit: Type.Optional(Type.Unknown({ description: `${kind}, 1 to ${limitMax}; default ${limitDefault}.` })),
    offset: Type.Optional(Type.Unknown({ description: `${kind}, at least 0; default 0.` })),
  }
}

/**
 * Gives the function that prepares a body for validation. It refuses the lists that the service does not have, and
 * `sys_tags`: to ignore one would select more than was asked for (contract D28, 12.3).
 */
export function preparerOf({ lists }: TagServiceQuery): (body: unknown) => unknown {
  const refused = SELECTING.filter((name) => !lists.includes(name as ListName))
  return (body) => {
    if (typeof body !== 'object' || body === null) return body
    for (const name of refused) if (Object.hasOwn(body, name)) throw unknownMember(name, name, lists)
    return prepareTagQuery(body)
  }
}

const anyBody = Type.Object(selectingMembersOfAll())

function selectingMembersOfAll() {
  const none = {
    keysMax: 0,
    valuesPerKeyMax: 0,
    keyCharactersMax: 0,
    valueCharactersMax: 0,
    matchCharactersMax: 0,
  }
  return tagQueryMembers(none)
}

/** Converts a valid body to a query. Throws the errors of `toTagQuery`. */
export function queryOf(body: Static<typeof anyBody> | undefined, { hasExactNames }: TagServiceQuery): TagQuery {
  const { nameContains, ...query } = toTagQuery(body ?? {})
  if (nameContains === undefined) return query
  return hasExactNames ? { ...query, nameEquals: nameContains } : { ...query, nameContains }
}

/** Reads the page of a body. Throws `limit-invalid` and `offset-invalid`. */
export function pageOf(
  body: { readonly limit?: unknown; readonly offset?: unknown },
  { limitKind, limitDefault, limitMax }: TagServiceQuery,
): Page {
  if (limitKind === 'number') {
    for (const name of ['limit', 'offset'] as const) {
      if (typeof body[name] !== 'string') continue
      throw invalid(name, { name: 'type', expected: 'an integer' }, body[name], `${name}-invalid`)
    }
  }
  return toPage(body, { limitDefault, limitMax })
}
