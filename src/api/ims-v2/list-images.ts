import { Type } from 'typebox'
import { joinInSlices, jsonArray } from '../long-json.ts'
import { defineRoute, type Route } from '../route.ts'
import { imageListQuery, listImagePage } from './image-list.ts'
import { imageJson } from './image-view.ts'
import type { Images } from './images.ts'
import { IMAGE_PAGE_LIMITS } from './limits.ts'
import { imageObject } from './schemas.ts'

/** Lists images (contract 2.1 I12, 2.5): newest first unless asked otherwise. */
export function listImages(images: Images): Route {
  return defineRoute({
    id: 'ListImages',
    method: 'GET',
    path: '/v2/cloudimages',
    summary: 'List images',
    access: 'scoped',
    action: 'ims:images:list',
    query: imageListQuery(IMAGE_PAGE_LIMITS),
    responses: { 200: Type.Object({ images: Type.Array(imageObject) }) },
    handle: async ({ projectId, query }) => {
      const page = await listImagePage(images, projectId, query)
      const json = jsonArray('{"images":', page.images, imageJson, '}')
      return { status: 200, ...(await joinInSlices(json, projectId)), revision: page.revision }
    },
  })
}
