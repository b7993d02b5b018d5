import type { IndexedResource } from '../../src/core/resource.ts'
import type { TagFilter, TagQuery } from '../../src/core/tag-query.ts'
import type { Random } from '../support/random.ts'

const KEYS = [
  'env',
  'Env',
  'owner',
  'os',
  'arch',
  'cost-center',
  '__proto__',
  'constructor',
  '部门',
  'v1.x'.replace('.', '_'),
]
const VALUES = ['', 'prod', 'Prod', 'dev', '1', '2', '3.0', '生产', 'toString', 'a-b_c.d']
const NAMES = ['', 'web', 'WEB-01', 'web-02', 'Straße', 'STRASSE-2', 'ΟΔΟΣ', 'οδος', '镜像-web', 'a😀b', 'x%y_z*', 'db']
const NEEDLES = ['w', 'eb', 'WEB', 'web-0', 'ss', 'ß', 'σ', 'ς', '镜像', '😀', '%', '_', '*', '', 'nothing', '-0']

/** The members of a query body that the service and `meaningOf` both read. */
export type QueryBody = {
  tags?: TagFilter[]
  tags_any?: TagFilter[]
  not_tags?: TagFilter[]
  not_tags_any?: TagFilter[]
  without_any_tag?: boolean
  matches?: { key: string; value: string }[]
}

export function randomTags(random: Random, max: number): { key: string; value: string }[] {
  return random.chance(0.15)
    ? []
    : random
        .some(KEYS, 0.35)
        .slice(0, max)
        .map((key) => ({ key, value: random.pick(VALUES) }))
}

export function randomName(random: Random): string {
  return random.pick(NAMES)
}

function randomList(random: Random): TagFilter[] | undefined {
  if (random.chance(0.6)) return undefined
  const keys = random.some([...KEYS, 'absent'], 0.2)
  if (keys.length === 0) keys.push(random.pick(KEYS))
  return keys.slice(0, 10).map((key) => ({ key, values: random.chance(0.3) ? [] : random.some(VALUES, 0.3) }))
}

/** A random body within the limits of the API. */
export function randomQuery(random: Random, ids: readonly string[]): QueryBody {
  const body: QueryBody = {}
  for (const name of ['tags', 'tags_any', 'not_tags', 'not_tags_any'] as const) {
    const list = randomList(random)
    if (list !== undefined) body[name] = list
  }
  if (random.chance(0.1)) body.without_any_tag = random.chance(0.7)
  const matches = []
  if (random.chance(0.3)) matches.push({ key: 'resource_name', value: random.pick(NEEDLES) })
  if (random.chance(0.1)) matches.push({ key: 'resource_id', value: random.pick([...ids, 'none']) })
  if (matches.length > 0) body.matches = matches
  return body
}

/** Parses a body. A second implementation on purpose, because that of the service is under test. */
export function meaningOf(body: QueryBody): TagQuery {
  const name = body.matches?.find(({ key }) => key === 'resource_name')?.value
  const id = body.matches?.find(({ key }) => key === 'resource_id')?.value
  return {
    ...(body.tags && { tags: body.tags }),
    ...(body.tags_any && { tagsAny: body.tags_any }),
    ...(body.not_tags && { notTags: body.not_tags }),
    ...(body.not_tags_any && { notTagsAny: body.not_tags_any }),
    ...(body.without_any_tag !== undefined && { withoutAnyTag: body.without_any_tag }),
    ...(name === '' && { nameEquals: '' }),
    ...(name !== undefined && name !== '' && { nameContains: name }),
    ...(id !== undefined && { id }),
  }
}

/** The reference for all indexes: a map of resources. */
export class ReferenceStore {
  readonly resources = new Map<string, IndexedResource>()
  #sequence = 0

  /** Registers a resource. Keys that it has keep their places. */
  register(id: string, name: string, given: readonly { key: string; value: string }[]): IndexedResource {
    const before = this.resources.get(id)
    const sequence = before?.sequence ?? ++this.#sequence
    const kept = (before?.tags ?? []).flatMap(({ key }) => given.filter((tag) => tag.key === key))
    const tags = [...kept, ...given.filter((tag) => !kept.includes(tag))]
    const resource = { id, name, detail: '{"status":"active"}', tags, sequence, createdAtMs: 0, updatedAtMs: 0 }
    this.resources.set(id, resource)
    return resource
  }

  setTag(id: string, key: string, value: string): IndexedResource {
    const resource = this.resources.get(id) as IndexedResource
    const known = resource.tags.some((tag) => tag.key === key)
    const tags = known
      ? resource.tags.map((tag) => (tag.key === key ? { key, value } : tag))
      : [...resource.tags, { key, value }]
    return this.register(id, resource.name, tags)
  }

  delete(id: string): void {
    this.resources.delete(id)
  }

  /** In order of creation. A resource that is created again after its deletion comes last. */
  inOrder(): IndexedResource[] {
    return [...this.resources.values()].sort((a, b) => a.sequence - b.sequence)
  }
}

/** The expected project tags: keys and values ascending by code point. */
export function projectTagsOf(resources: readonly IndexedResource[]): { key: string; values: string[] }[] {
  const values = new Map<string, Set<string>>()
  for (const { tags } of resources) {
    for (const { key, value } of tags) values.set(key, (values.get(key) ?? new Set()).add(value))
  }
  return byCodePoint([...values.keys()]).map((key) => ({ key, values: byCodePoint([...(values.get(key) ?? [])]) }))
}

function byCodePoint(texts: string[]): string[] {
  return texts.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}
