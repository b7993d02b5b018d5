import { Type } from 'typebox'
import type { Catalog, Page, TagsView } from '../../catalog/catalog.ts'
import { TimeSlice } from '../../catalog/time-slice.ts'
import { DistinctTags, keysWithValuesJson } from '../../core/distinct-tags.ts'
import type { ResourceType } from '../../core/resource-types.ts'
import type { Tag } from '../../core/tag.ts'
import { listQuery, noParameters } from '../list-query.ts'
import { joinInSlices, jsonTexts } from '../long-json.ts'
import { defineRoute, type Route } from '../route.ts'
import { IN_USE_LIMITS } from './limits.ts'
import type { TagServiceRow } from './row.ts'
import type { ServiceType } from './service-type.ts'

const keyWithValues = Type.Object({ key: Type.String(), values: Type.Array(Type.String()) })
const plain = Type.Object({ tags: Type.Array(keyWithValues) })
const paged = Type.Object({
  tags: Type.Array(keyWithValues),
  total_count: Type.Integer({ description: 'Number of keys on all pages.' }),
})
// COMPAT: the disk service has an object with an array for each key [NS].
const map = Type.Object({ tags: Type.Record(Type.String(), Type.Array(Type.String())) })

const ANSWERS = { plain, paged, map, none: plain }

const { limitDefault, limitMax } = IN_USE_LIMITS
const pageQuery = listQuery({
  limit: Type.Integer({ minimum: 1, maximum: limitMax, default: limitDefault, 'x-error': 'limit-invalid' }),
  offset: Type.Integer({ minimum: 0, default: 0, 'x-error': 'offset-invalid' }),
})

/** Lists every key that resources of a type carry, with all its values; keys and values ascend (contract D9, 12.3). */
export function listTagsInUse(type: ServiceType): Route {
  const { row, catalog } = type
  const isPaged = row.inUse === 'paged'
  return defineRoute({
    ...type.route('ListTagsInUse', row.inUsePath ?? `${type.path}/tags`, 'list'),
    asOf: 'any',
    method: 'GET',
    summary: 'List the tags in use on the resources of a type',
    query: (isPaged ? pageQuery : noParameters) as typeof pageQuery,
    responses: { 200: ANSWERS[row.inUse] },
    handle: async (call) => {
      const projects = await type.reach(call, 'list')
      const found = type.typeOf(call.params)
      const owner = type.ownerOf(call)
      const page = isPaged ? call.query : undefined
      const [only] = projects
      if (only !== undefined && projects.length === 1) {
        const { revision, tags } = await catalog.tagsInUse(only, found)
        return { status: 200, ...(await joinInSlices(viewJson(tags, row.inUse, page), owner)), revision }
      }
      const tags = await tagsOfProjects(catalog, projects, found, owner)
      return { status: 200, ...(await joinInSlices(await mergedJson(tags, page, owner), owner)) }
    },
  })
}

function viewJson(tags: TagsView, form: TagServiceRow['inUse'], page: Page | undefined): Iterable<string> {
  if (form === 'map') return jsonTexts('{"tags":{', valuesByKeyJson(tags.pairs()), '}}')
  if (page === undefined) return jsonTexts('{"tags":[', tags.json(0, tags.keyCount), ']}')
  return jsonTexts('{"tags":[', tags.json(page.offset, page.limit), `],"total_count":${tags.keyCount}}`)
}

/** Collects the tags in use in projects, in time slices, and gives them in order. */
async function tagsOfProjects(
  catalog: Catalog,
  projects: readonly string[],
  type: ResourceType,
  owner: string,
): Promise<Iterable<Tag>> {
  const slice = new TimeSlice(owner)
  const distinct = new DistinctTags()
  for (const project of projects) {
    for (const tag of (await catalog.tagsInUse(project, type)).tags.pairs()) {
      distinct.add(tag)
      if (slice.isOver) await slice.yield()
    }
  }
  return distinct.sorted()
}

async function mergedJson(tags: Iterable<Tag>, page: Page | undefined, owner: string): Promise<Iterable<string>> {
  if (page === undefined) return jsonTexts('{"tags":[', keysWithValuesJson(tags), ']}')
  const slice = new TimeSlice(owner)
  const shown: Tag[] = []
  let keys = 0
  let last: string | undefined
  for (const tag of tags) {
    if (tag.key !== last) keys++
    last = tag.key
    if (keys > page.offset && keys <= page.offset + page.limit) shown.push(tag)
    if (slice.isOver) await slice.yield()
  }
  return jsonTexts('{"tags":[', keysWithValuesJson(shown), `],"total_count":${keys}}`)
}

/** Yields the JSON of ordered tags in parts: `"key":["value",...]`, separated by commas. */
function* valuesByKeyJson(tags: Iterable<Tag>): Generator<string> {
  let lastKey: string | undefined
  for (const { key, value } of tags) {
    const end = lastKey === undefined ? '' : '],'
    yield key === lastKey ? `,${JSON.stringify(value)}` : `${end}${JSON.stringify(key)}:[${JSON.stringify(value)}`
    lastKey = key
  }
  if (lastKey !== undefined) yield ']'
}
