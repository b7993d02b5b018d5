import { defineRoute, type Route } from '../route.ts'
import { IMAGE_SCHEMA, schemaObject } from './glance-schemas.ts'

/** Shows the schema of an image. */
export function glanceShowImageSchemas(): Route {
  return defineRoute({
    id: 'GlanceShowImageSchemas',
    method: 'GET',
    path: '/v2/schemas/image',
    summary: 'Show the schema of an image',
    access: 'scoped',
    action: 'ims:images:get',
    responses: { 200: schemaObject },
    handle: async () => ({ status: 200, body: IMAGE_SCHEMA }),
  })
}
