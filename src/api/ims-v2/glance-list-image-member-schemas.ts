import { defineRoute, type Route } from '../route.ts'
import { MEMBERS_SCHEMA, schemaObject } from './glance-schemas.ts'

/** Shows the schema of a list of members. */
export function glanceListImageMemberSchemas(): Route {
  return defineRoute({
    id: 'GlanceListImageMemberSchemas',
    method: 'GET',
    path: '/v2/schemas/members',
    summary: 'Show the schema of a list of members',
    access: 'scoped',
    action: 'ims:images:get',
    responses: { 200: schemaObject },
    handle: async () => ({ status: 200, body: MEMBERS_SCHEMA }),
  })
}
