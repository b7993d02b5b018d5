import { defineRoute, type Route } from '../route.ts'
import { IMAGES_SCHEMA, schemaObject } from './glance-schemas.ts'

/** Shows the schema of a page of images. */
export function glanceListImageSchemas(): Route {
  return defineRoute({
    id: 'GlanceListImageSchemas',
    method: 'GET',
    path: '/v2/schemas/images',
    summary: 'Show the schema of a list of images',
    access: 'scoped',
    action: 'ims:images:get',
    responses: { 200: schemaObject },
    handle: async () => ({ status: 200, body: IMAGES_SCHEMA }),
  })
}
