import { defineRoute, type Route } from '../route.ts'
import { MEMBER_SCHEMA, schemaObject } from './glance-schemas.ts'

/** Shows the schema of a member. */
export function glanceShowImageMemberSchemas(): Route {
  return defineRoute({
    id: 'GlanceShowImageMemberSchemas',
    method: 'GET',
    path: '/v2/schemas/member',
    summary: 'Show the schema of a member',
    access: 'scoped',
    action: 'ims:images:get',
    responses: { 200: schemaObject },
    handle: async () => ({ status: 200, body: MEMBER_SCHEMA }),
  })
}
