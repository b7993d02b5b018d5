import { Type } from 'typebox'
import { noParameters } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import type { Images } from './images.ts'
import { projectImageParams, resourceTag } from './schemas.ts'

/** Lists all tags of one image (S0) without paging. An accepted shared image shows its owner's tags (contract D27). */
export function listImageTags(images: Images): Route {
  return defineRoute({
    id: 'ListImageTags',
    method: 'GET',
    path: '/v2/{project_id}/images/{image_id}/tags',
    summary: 'List the tags of an image',
    access: 'project',
    action: 'ims:images:list',
    asOf: 'any',
    params: projectImageParams,
    query: noParameters,
    responses: { 200: Type.Object({ tags: Type.Array(resourceTag) }) },
    handle: async ({ params, projectId }) => {
      const { revision, json } = await images.tagsJson(projectId, params.image_id)
      return { status: 200, encoded: json, revision }
    },
  })
}
