import { Type } from 'typebox'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { type CatalogueSettings, endpointSchema, endpointViews } from './catalogue.ts'
import { listLinks, listLinksSchema } from './links.ts'

/** Lists the endpoints of the services, with `$(project_id)s` as placeholder of the project id (OTC IAM API). */
export function keystoneListEndpoints(settings: CatalogueSettings): Route {
  return defineRoute({
    id: 'KeystoneListEndpoints',
    method: 'GET',
    path: '/v3/endpoints',
    summary: 'List endpoints',
    access: 'any',
    action: 'iam:endpoints:listEndpoints',
    query: listQuery({
      interface: Type.Optional(Type.String({ description: 'Every endpoint is public.' })),
      service_id: Type.Optional(Type.String()),
      region_id: Type.Optional(Type.String({ description: 'Exact match; global services have `*`.' })),
      enabled: Type.Optional(Type.Boolean({ description: 'Every endpoint is enabled.' })),
    }),
    responses: { 200: Type.Object({ endpoints: Type.Array(endpointSchema), links: listLinksSchema }) },
    handle: async ({ query, origin }) => {
      const endpoints = endpointViews({ origin, ...settings }).filter(
        (endpoint) =>
          (query.interface === undefined || endpoint.interface === query.interface) &&
          (query.service_id === undefined || endpoint.service_id === query.service_id) &&
          (query.region_id === undefined || endpoint.region_id === query.region_id) &&
          query.enabled !== false,
      )
      return { status: 200, body: { endpoints, links: listLinks(`${origin}/v3/endpoints`, query) } }
    },
  })
}
