import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { defineRoute, type Route } from '../route.ts'
import { resourceTag } from './schemas.ts'

/** Lists all tags of one image (S0): no paging. */
export function listImageTags(catalog: Catalog): Route {
  return defineRoute({
    id: 'ListImageTags',
    method: 'GET',
    path: '/v2/{project_id}/images/{image_id}/tags',
    summary: 'List the tags of an image',
    access: 'project',
    action: 'ims:images:list',
    params: Type.Object({ project_id: Type.String(), image_id: Type.String() }),
    responses: { 200: Type.Object({ tags: Type.Array(resourceTag) }) },
    handle: async ({ params }) => {
      const { revision, resource } = await catalog.get(params.project_id, 'images', params.image_id)
      return { status: 200, body: { tags: resource.tags }, revision }
    },
  })
}
