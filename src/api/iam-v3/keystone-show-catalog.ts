import { Type } from 'typebox'
import { noParameters } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { type CatalogueSettings, catalogueSchema, catalogueView } from './catalogue.ts'
import { selfLinkSchema } from './links.ts'

/**
 * Shows the catalogue for the scope of the caller, the same as in a token. The OTC Go SDK with access keys starts with
 * this request (contract 7).
 */
export function keystoneShowCatalog(settings: CatalogueSettings): Route {
  return defineRoute({
    id: 'KeystoneShowCatalog',
    method: 'GET',
    path: '/v3/auth/catalog',
    summary: 'Show the catalogue of services',
    access: 'any',
    action: 'iam:catalogs:getCatalog',
    query: noParameters,
    responses: { 200: Type.Object({ catalog: catalogueSchema, links: selfLinkSchema }) },
    handle: async ({ caller, origin }) => {
      const { scope } = caller.principal
      const projectId = scope.kind === 'project' ? scope.project.id : undefined
      const catalog = catalogueView(projectId, { origin, ...settings })
      return { status: 200, body: { catalog, links: { self: `${origin}/v3/auth/catalog` } } }
    },
  })
}
