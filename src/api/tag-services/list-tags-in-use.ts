import { Type } from 'typebox'
import type { Page, TagsView } from '../../catalog/catalog.ts'
import { TimeSlice } from '../../catalog/time-slice.ts'
import { keysWithValuesJson, mergeTags } from '../../core/distinct-tags.ts'
import type { Tag } from '../../core/tag.ts'
import { listQuery, noParameters } from '../list-query.ts'
import { joinInSlices, jsonTexts } from '../long-json.ts'
import { defineRoute, type Route } from '../route.ts'
import { IN_USE_LIMITS } from './limits.ts'
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
    method: 'GET',
    summary: 'List the tags in use on the resources of a type',
    query: (isPaged ? pageQuery : noParameters) as typeof pageQuery,
    responses: { 200: ANSWERS[row.inUse] },
    handle: async (call) => {
      const projects = await type.reach(call, 'list')
      const views: { readonly revision: number; readonly tags: TagsView }[] = []
      for (const project of projects) views.push(await catalog.tagsInUse(project, type.typeOf(call.params)))
      const owner = type.ownerOf(call)
      const [first] = views
      const isOne = first !== undefined && views.length === 1
      const pairs = () => views.reduce((all: Iterable<Tag>, { tags }) => mergeTags(all, tags.pairs()), [])
      const json =
        row.inUse === 'map'
          ? jsonTexts('{"tags":{', valuesByKeyJson(pairs()), '}}')
          : isOne
            ? viewJson(first.tags, isPaged ? call.query : undefined)
            : await mergedJson(pairs(), isPaged ? call.query : undefined, owner)
      return { status: 200, encoded: await joinInSlices(json, owner), ...(isOne && { revision: first.revision }) }
    },
  })
}

function viewJson(tags: TagsView, page: Page | undefined): Iterable<string> {
  if (page === undefined) return jsonTexts('{"tags":[', tags.json(0, tags.keyCount), ']}')
  return jsonTexts('{"tags":[', tags.json(page.offset, page.limit), `],"total_count":${tags.keyCount}}`)
}

async function mergedJson(pairs: Iterable<Tag>, page: Page | undefined, owner: string): Promise<Iterable<string>> {
  if (page === undefined) return jsonTexts('{"tags":[', keysWithValuesJson(pairs), ']}')
  const slice = new TimeSlice(owner)
  const shown: Tag[] = []
  let keys = 0
  let last: string | undefined
  for (const tag of pairs) {
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
