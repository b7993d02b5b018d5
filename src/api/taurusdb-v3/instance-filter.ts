import { type Static, Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import type { IndexedResource } from '../../core/resource.ts'
import { indexOfRepeatedKey } from '../../core/tag.ts'
import type { TagFilter, TagQuery } from '../../core/tag-query.ts'
import { foldCase } from '../../core/text.ts'
import { type Detail, objectsIn, readDetail, stringIn, stringsIn } from './detail-reader.ts'
import { datastoreOf, privateIpsOf, typeOf } from './instance-view.ts'

const text = (description: string) => Type.Optional(Type.String({ minLength: 1, description }))
const FUZZY = 'Exact match; with a leading *, a case-insensitive substring.'

/**
 * Query parameters that filter a list of instances ("Querying DB Instances"). An instance must match all that are
 * given.
 */
export const filterMembers = {
  id: text(FUZZY),
  name: text(FUZZY),
  type: text('Exact match; an instance without a registered type is a Cluster.'),
  datastore_type: text('Exact match; an instance without a registered type is gaussdb-mysql.'),
  vpc_id: text('Exact match.'),
  subnet_id: text('Exact match.'),
  private_ip: text('One of the read/write addresses.'),
  readonly_private_ip: text('One of the read-only addresses.'),
  proxy_ip: text('One of the proxy addresses.'),
  tags: text('key=value pairs separated by commas; the instance has all of them. Keys must differ.'),
}

const filterQuery = Type.Object(filterMembers)

/** A filter: the query for the index, and a predicate for its results; undefined if the query is the whole filter. */
export type InstanceFilter = {
  readonly query: TagQuery
  readonly matches: ((instance: IndexedResource) => boolean) | undefined
}

/** Parses a filter. Throws `request-invalid` for a lone `*`, and for tags that are not pairs or have a repeated key. */
export function toInstanceFilter(params: Static<typeof filterQuery>): InstanceFilter {
  const id = params.id === undefined ? undefined : toPattern(params.id, 'id')
  const name = params.name === undefined ? undefined : toPattern(params.name, 'name')
  const query = {
    ...(params.tags !== undefined && { tags: toTagFilters(params.tags) }),
    ...(id !== undefined && !id.isFuzzy && { id: id.text }),
    ...(name !== undefined && (name.isFuzzy ? { nameContains: name.text } : { nameEquals: name.text })),
  }
  const idPart = id?.isFuzzy ? foldCase(id.text) : undefined
  const detailMatches = toDetailPredicate(params)
  if (idPart === undefined && detailMatches === undefined) return { query, matches: undefined }
  const matches = (instance: IndexedResource) =>
    (idPart === undefined || foldCase(instance.id).includes(idPart)) && (detailMatches?.(instance.detail) ?? true)
  return { query, matches }
}

function toPattern(value: string, field: string): { readonly isFuzzy: boolean; readonly text: string } {
  if (/^\*+$/.test(value)) {
    throw invalid(field, { name: 'well-formed', what: 'a text, or * followed by a part of one' }, value)
  }
  const isFuzzy = value.startsWith('*')
  return { isFuzzy, text: isFuzzy ? value.slice(1) : value }
}

/** Splits each pair at the first `=`, because a value may contain `=`. An empty value matches only the empty value. */
function toTagFilters(value: string): readonly TagFilter[] {
  const filters = value.split(',').map((pair) => {
    const separator = pair.indexOf('=')
    const key = pair.slice(0, separator).trim()
    if (separator < 0 || key === '') {
      throw invalid('tags', { name: 'well-formed', what: 'pairs key=value joined by commas' }, value)
    }
    return { key, values: [pair.slice(separator + 1).trim()] }
  })
  const repeated = indexOfRepeatedKey(filters)
  if (repeated !== undefined) throw invalid('tags.key', { name: 'unique' }, filters[repeated]?.key)
  return filters
}

/** One condition on a detail: `value` must be among the values that `read` returns. */
type Condition = { readonly value: string; readonly read: (detail: Detail) => readonly unknown[] }

/** Size of the cache of verdicts by detail text. */
const CACHED_VERDICTS_MAX = 1024

/** Builds the predicate on the text of a detail; undefined if no parameter concerns the detail. */
function toDetailPredicate(params: Static<typeof filterQuery>): ((detail: string) => boolean) | undefined {
  const explicit = [
    ...condition(params.vpc_id, ({ vpc_id }) => [stringIn(vpc_id)]),
    ...condition(params.subnet_id, ({ subnet_id }) => [stringIn(subnet_id)]),
    ...condition(params.private_ip, (detail) => privateIpsOf(detail) ?? []),
    ...condition(params.readonly_private_ip, readonlyIpsOf),
    ...condition(params.proxy_ip, proxyIpsOf),
  ]
  // These have defaults, so they can match a detail that lacks the member.
  const defaulted = [
    ...condition(params.type, (detail) => [typeOf(detail)]),
    ...condition(params.datastore_type, (detail) => [datastoreOf(detail).type]),
  ]
  const conditions = [...explicit, ...defaulted]
  if (conditions.length === 0) return undefined
  // A list may filter a million details, so a substring test on the JSON text rules out most without parsing, and the
  // verdict is cached by text, because similar instances have equal details.
  const substrings = explicit.map(({ value }) => JSON.stringify(value).slice(1, -1))
  const verdicts = new Map<string, boolean>()
  return (text) => {
    if (!substrings.every((substring) => text.includes(substring))) return false
    const cached = verdicts.get(text)
    if (cached !== undefined) return cached
    const detail = readDetail(text)
    const verdict = conditions.every(({ value, read }) => read(detail).includes(value))
    if (verdicts.size < CACHED_VERDICTS_MAX) verdicts.set(text, verdict)
    return verdict
  }
}

function condition(value: string | undefined, read: Condition['read']): readonly Condition[] {
  return value === undefined ? [] : [{ value, read }]
}

function readonlyIpsOf({ readonly_private_ips, nodes }: Detail): readonly string[] {
  const ofNodes = (objectsIn(nodes) ?? []).flatMap(({ private_read_ips }) => stringsIn(private_read_ips) ?? [])
  return [...(stringsIn(readonly_private_ips) ?? []), ...ofNodes]
}

function proxyIpsOf({ proxy_ips, proxies }: Detail): readonly unknown[] {
  return [...(stringsIn(proxy_ips) ?? []), ...(objectsIn(proxies) ?? []).map(({ address }) => address)]
}
