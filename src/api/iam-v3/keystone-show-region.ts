import { Type } from 'typebox'
import { notFound } from '../../iam/not-found.ts'
import { defineRoute, type Route } from '../route.ts'
import { type CatalogueSettings, regionSchema, regionView } from './catalogue.ts'

/** Shows the region (OTC IAM API). */
export function keystoneShowRegion(settings: CatalogueSettings): Route {
  return defineRoute({
    id: 'KeystoneShowRegion',
    method: 'GET',
    path: '/v3/regions/{region_id}',
    summary: 'Show a region',
    access: 'any',
    action: 'iam:regions:getRegion',
    params: Type.Object({ region_id: Type.String() }),
    responses: { 200: Type.Object({ region: regionSchema }) },
    handle: async ({ params, origin }) => {
      if (params.region_id !== settings.region) throw notFound('region_id', 'the id of a region', params.region_id)
      return { status: 200, body: { region: regionView({ origin, ...settings }) } }
    },
  })
}
