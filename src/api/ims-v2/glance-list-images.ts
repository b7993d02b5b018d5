import { Type } from 'typebox'
import { joinInSlices, jsonArray } from '../long-json.ts'
import { defineRoute, type Route } from '../route.ts'
import { imageListQuery, listImagePage } from './image-list.ts'
import { imageJson } from './image-view.ts'
import type { Images } from './images.ts'
import { GLANCE_PAGE_LIMITS } from './limits.ts'
import { imageObject } from './schemas.ts'

/** Default values, which links leave out. */
const LINK_DEFAULTS: Readonly<Record<string, unknown>> = {
  sort_key: 'created_at',
  sort_dir: 'desc',
  limit: GLANCE_PAGE_LIMITS.limitDefault,
}

/**
 * Lists images in pages (contract 2.1 I15, 2.5). The last page has no `next`. As in Glance, hidden images are listed
 * only on request.
 */
export function glanceListImages(images: Images): Route {
  return defineRoute({
    id: 'GlanceListImages',
    method: 'GET',
    path: '/v2/images',
    summary: 'List images page by page',
    access: 'scoped',
    action: 'ims:images:list',
    query: imageListQuery(GLANCE_PAGE_LIMITS),
    responses: {
      200: Type.Object({
        images: Type.Array(imageObject),
        first: Type.String(),
        next: Type.Optional(Type.String({ description: 'Path of the next page; absent on the last page.' })),
        schema: Type.String(),
      }),
    },
    handle: async ({ projectId, query }) => {
      const page = await listImagePage(images, projectId, { ...query, os_hidden: query.os_hidden ?? 'false' })
      const last = page.images.at(-1)
      const next = page.hasMore && last !== undefined ? { next: linkTo(query, last.resource.id) } : {}
      const rest = JSON.stringify({ first: linkTo(query), ...next, schema: '/v2/schemas/images' })
      const json = jsonArray('{"images":', page.images, imageJson, `,${rest.slice(1)}`)
      return { status: 200, ...(await joinInSlices(json, projectId)), revision: page.revision }
    },
  })
}

/** The path of this list with the parameters of the request, from the start or from after the marker. */
function linkTo(query: Readonly<Record<string, unknown>>, marker?: string): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (name === 'marker' || value === LINK_DEFAULTS[name]) continue
    for (const item of Array.isArray(value) ? value : [value]) parameters.append(name, String(item))
  }
  if (marker !== undefined) parameters.append('marker', marker)
  return parameters.size === 0 ? '/v2/images' : `/v2/images?${parameters}`
}
