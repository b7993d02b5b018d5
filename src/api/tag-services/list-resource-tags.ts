import { Type } from 'typebox'
import type { PageShape } from '../../catalog/catalog.ts'
import { noParameters } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { getJsonIn } from './reach.ts'
import type { ServiceType } from './service-type.ts'

const TAGS: PageShape = { pieces: [{ text: '{"tags":[' }, 'tags', { text: ']}' }], detail: (detail) => detail }

const tag = Type.Object({ key: Type.String(), value: Type.String() })
const answer = Type.Object({ tags: Type.Array(tag) })

/** Lists the tags of one resource, in the order in which they were added (contract 12.3). */
export function listResourceTags(type: ServiceType): Route {
  return defineRoute({
    ...type.route('ListTags', `${type.path}/{resource_id}/${type.row.tagsSegment ?? 'tags'}`, 'list'),
    asOf: 'any',
    method: 'GET',
    summary: 'List the tags of a resource',
    query: noParameters,
    responses: { 200: answer },
    handle: async (call) => {
      const projects = await type.reach(call, 'list')
      const id = call.params.resource_id as string
      const { revision, json } = await getJsonIn(type.catalog, projects, type.typeOf(call.params), id, TAGS)
      return { status: 200, encoded: json, revision }
    },
  })
}
