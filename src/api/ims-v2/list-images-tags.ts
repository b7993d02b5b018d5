import { Type } from 'typebox'
import { IMAGES } from '../../core/resource-types.ts'
import { noParameters } from '../list-query.ts'
import { joinInSlices, jsonTexts } from '../long-json.ts'
import { defineRoute, type Route } from '../route.ts'
import type { Images } from './images.ts'

const keyWithValues = Type.Object({ key: Type.String(), values: Type.Array(Type.String()) })

/** Lists every key that the project's own images carry, with all its values (contract 2.3, D9, D27): no paging. */
export function listImagesTags({ catalog }: Images): Route {
  return defineRoute({
    id: 'ListImagesTags',
    method: 'GET',
    path: '/v2/{project_id}/images/tags',
    summary: 'List the tags of all images',
    access: 'project',
    action: 'ims:images:list',
    asOf: 'any',
    params: Type.Object({ project_id: Type.String() }),
    query: noParameters,
    responses: { 200: Type.Object({ tags: Type.Array(keyWithValues) }) },
    handle: async ({ projectId }) => {
      const { revision, tags } = await catalog.tagsInUse(projectId, IMAGES)
      const json = jsonTexts('{"tags":[', tags.json(0, tags.keyCount), ']}')
      return { status: 200, ...(await joinInSlices(json, projectId)), revision }
    },
  })
}
