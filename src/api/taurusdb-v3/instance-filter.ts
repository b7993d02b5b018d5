import { type Static, Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import type { IndexedResource } from '../../core/resource.ts'
import { indexOfRepeatedKey } from '../../core/tag.ts'
import type { TagFilter, TagQuery } from '../../core/tag-query.ts'
import { foldCase } from '../../core/text.ts'
import { objectsIn, type Recorded, readDetail, textIn, textsIn } from './detail-reader.ts'
import { datastoreOf, privateIpsOf, typeOf } from './instance-view.ts'

const text = (description: string) => Type.Optional(Type.String({ minLength: 1, description }))
const FUZZY = 'Exact; what follows a leading * may be anywhere, letter case aside.'

/** What a list of instances can be narrowed by ("Querying DB Instances"): all that is given has to hold. */
export const filterMembers = {
  id: text(FUZZY),
  name: text(FUZZY),
  type: text('Cluster, unless it was registered as another.'),
  datastore_type: text('gaussdb-mysql, unless it was registered as another.'),
  vpc_id: text('Exact.'),
  subnet_id: text('Exact.'),
  private_ip: text('One of the addresses for reading and writing.'),
  readonly_private_ip: text('One of the addresses for reading.'),
  proxy_ip: text('One of the addresses of the proxies.'),
  tags: text('key=value pairs joined by commas; the instance carries every one. Keys must differ.'),
}

const filterQuery = Type.Object(filterMembers)

/** What the index answers, and what is left to look at in each instance that it finds; undefined: nothing. */
export type InstanceFilter = {
  readonly query: TagQuery
  readonly fits: ((instance: IndexedResource) => boolean) | undefined
}

/** Reads a filter. Throws `request-invalid` for a lone `*`, and for tags that are not pairs or repeat a key. */
export function toInstanceFilter(asked: Static<typeof filterQuery>): InstanceFilter {
  const id = asked.id === undefined ? undefined : toPattern(asked.id, 'id')
  const name = asked.name === undefined ? undefined : toPattern(asked.name, 'name')
  const query = {
    ...(asked.tags !== undefined && { tags: toTagFilters(asked.tags) }),
    ...(id !== undefined && !id.isFuzzy && { id: id.text }),
    ...(name !== undefined && (name.isFuzzy ? { nameContains: name.text } : { nameEquals: name.text })),
  }
  const part = id?.isFuzzy ? foldCase(id.text) : undefined
  const detailFits = toDetailTest(asked)
  if (part === undefined && detailFits === undefined) return { query, fits: undefined }
  const fits = (instance: IndexedResource) =>
    (part === undefined || foldCase(instance.id).includes(part)) && (detailFits?.(instance.detail) ?? true)
  return { query, fits }
}

function toPattern(value: string, field: string): { readonly isFuzzy: boolean; readonly text: string } {
  if (/^\*+$/.test(value)) {
    throw invalid(field, { name: 'well-formed', what: 'a text, or * followed by a part of one' }, value)
  }
  const isFuzzy = value.startsWith('*')
  return { isFuzzy, text: isFuzzy ? value.slice(1) : value }
}

/** Pairs are split at the first `=`, so that a value may hold one; an empty value asks for the empty one. */
function toTagFilters(value: string): readonly TagFilter[] {
  const filters = value.split(',').map((pair) => {
    const at = pair.indexOf('=')
    const key = pair.slice(0, at).trim()
    if (at < 0 || key === '') {
      throw invalid('tags', { name: 'well-formed', what: 'pairs key=value joined by commas' }, value)
    }
    return { key, values: [pair.slice(at + 1).trim()] }
  })
  const repeated = indexOfRepeatedKey(filters)
  if (repeated !== undefined) throw invalid('tags', { name: 'unique' }, filters[repeated]?.key)
  return filters
}

/** One condition on a detail: a value, and where it would have to be found. */
type Test = { readonly value: string; readonly seen: (known: Recorded) => readonly unknown[] }

/** What a test of details remembers of those that it has read. */
const VERDICTS_MAX = 1024

/** Makes the test of a detail; undefined when nothing is asked of it. */
function toDetailTest(asked: Static<typeof filterQuery>): ((detail: string) => boolean) | undefined {
  const recorded = [
    ...test(asked.vpc_id, ({ vpc_id }) => [textIn(vpc_id)]),
    ...test(asked.subnet_id, ({ subnet_id }) => [textIn(subnet_id)]),
    ...test(asked.private_ip, (known) => privateIpsOf(known) ?? []),
    ...test(asked.readonly_private_ip, readonlyIpsOf),
    ...test(asked.proxy_ip, proxyIpsOf),
  ]
  // These may hold of a detail that does not name them.
  const assumed = [
    ...test(asked.type, (known) => [typeOf(known)]),
    ...test(asked.datastore_type, (known) => [datastoreOf(known).type]),
  ]
  const tests = [...recorded, ...assumed]
  if (tests.length === 0) return undefined
  // Values as they stand in JSON. A list may go over a million details: most are ruled out without being read, and
  // those of instances that were made alike are the same.
  const traces = recorded.map(({ value }) => JSON.stringify(value).slice(1, -1))
  const verdicts = new Map<string, boolean>()
  return (detail) => {
    if (!traces.every((trace) => detail.includes(trace))) return false
    const remembered = verdicts.get(detail)
    if (remembered !== undefined) return remembered
    const known = readDetail(detail)
    const verdict = tests.every(({ value, seen }) => seen(known).includes(value))
    if (verdicts.size < VERDICTS_MAX) verdicts.set(detail, verdict)
    return verdict
  }
}

function test(value: string | undefined, seen: Test['seen']): readonly Test[] {
  return value === undefined ? [] : [{ value, seen }]
}

function readonlyIpsOf({ readonly_private_ips, nodes }: Recorded): readonly string[] {
  const ofNodes = (objectsIn(nodes) ?? []).flatMap(({ private_read_ips }) => textsIn(private_read_ips) ?? [])
  return [...(textsIn(readonly_private_ips) ?? []), ...ofNodes]
}

function proxyIpsOf({ proxy_ips, proxies }: Recorded): readonly unknown[] {
  return [...(textsIn(proxy_ips) ?? []), ...(objectsIn(proxies) ?? []).map(({ address }) => address)]
}
