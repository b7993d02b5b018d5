import { Type } from 'typebox'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { type CatalogueSettings, regionSchema, regionView } from './catalogue.ts'
import { listLinks, listLinksSchema } from './links.ts'

/** Lists the only region (OTC IAM API). */
export function keystoneListRegions(settings: CatalogueSettings): Route {
  return defineRoute({
    id: 'KeystoneListRegions',
    method: 'GET',
    path: '/v3/regions',
    summary: 'List regions',
    access: 'any',
    action: 'iam:regions:listRegions',
    query: listQuery({
      parent_region_id: Type.Optional(Type.String({ description: 'No results: the region has no parent.' })),
    }),
    responses: { 200: Type.Object({ regions: Type.Array(regionSchema), links: listLinksSchema }) },
    handle: async ({ query, origin }) => {
      const regions = query.parent_region_id === undefined ? [regionView({ origin, ...settings })] : []
      return { status: 200, body: { regions, links: listLinks(`${origin}/v3/regions`, query) } }
    },
  })
}
