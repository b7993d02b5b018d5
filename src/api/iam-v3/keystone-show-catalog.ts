import { Type } from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import { type CatalogueSettings, catalogueSchema, catalogueView } from './catalogue.ts'
import { selfLinkSchema } from './links.ts'

/** Shows the catalogue for the caller's project; the OTC Go SDK with access keys begins with it (contract 7). */
export function keystoneShowCatalog(settings: CatalogueSettings): Route {
  return defineRoute({
    id: 'KeystoneShowCatalog',
    method: 'GET',
    path: '/v3/auth/catalog',
    summary: 'Show the catalogue of services',
    access: 'scoped',
    action: 'iam:catalogs:getCatalog',
    responses: { 200: Type.Object({ catalog: catalogueSchema, links: selfLinkSchema }) },
    handle: async ({ projectId, origin }) => {
      const catalog = catalogueView(projectId, { origin, region: settings.region })
      return { status: 200, body: { catalog, links: { self: `${origin}/v3/auth/catalog` } } }
    },
  })
}
