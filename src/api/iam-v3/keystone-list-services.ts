import { Type } from 'typebox'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { type CatalogueSettings, serviceSchema, serviceViews } from './catalogue.ts'
import { listLinks, listLinksSchema } from './links.ts'

/** Lists the services (OTC IAM API). */
export function keystoneListServices(settings: CatalogueSettings): Route {
  return defineRoute({
    id: 'KeystoneListServices',
    method: 'GET',
    path: '/v3/services',
    summary: 'List services',
    access: 'any',
    action: 'iam:services:listServices',
    query: listQuery({
      type: Type.Optional(Type.String({ description: 'Exact match.' })),
      name: Type.Optional(Type.String({ description: 'Exact match.' })),
    }),
    responses: { 200: Type.Object({ services: Type.Array(serviceSchema), links: listLinksSchema }) },
    handle: async ({ query, origin }) => {
      const services = serviceViews({ origin, ...settings }).filter(
        ({ type, name }) =>
          (query.type === undefined || type === query.type) && (query.name === undefined || name === query.name),
      )
      return { status: 200, body: { services, links: listLinks(`${origin}/v3/services`, query) } }
    },
  })
}
