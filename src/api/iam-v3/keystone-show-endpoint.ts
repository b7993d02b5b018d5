import { Type } from 'typebox'
import { notFound } from '../../iam/not-found.ts'
import { defineRoute, type Route } from '../route.ts'
import { type CatalogueSettings, endpointSchema, endpointViews } from './catalogue.ts'

/** Shows one endpoint (OTC IAM API). */
export function keystoneShowEndpoint(settings: CatalogueSettings): Route {
  return defineRoute({
    id: 'KeystoneShowEndpoint',
    method: 'GET',
    path: '/v3/endpoints/{endpoint_id}',
    summary: 'Show an endpoint',
    access: 'any',
    action: 'iam:endpoints:getEndpoint',
    params: Type.Object({ endpoint_id: Type.String() }),
    responses: { 200: Type.Object({ endpoint: endpointSchema }) },
    handle: async ({ params, origin }) => {
      const endpoints = endpointViews({ origin, ...settings })
      const endpoint = endpoints.find(({ id }) => id === params.endpoint_id)
      if (endpoint === undefined) throw notFound('endpoint_id', 'the id of an endpoint', params.endpoint_id)
      return { status: 200, body: { endpoint } }
    },
  })
}
