import { Type } from 'typebox'
import { notFound } from '../../iam/not-found.ts'
import { defineRoute, type Route } from '../route.ts'
import { type CatalogueSettings, serviceSchema, serviceViews } from './catalogue.ts'

/** Shows one service (OTC IAM API). */
export function keystoneShowService(settings: CatalogueSettings): Route {
  return defineRoute({
    id: 'KeystoneShowService',
    method: 'GET',
    path: '/v3/services/{service_id}',
    summary: 'Show a service',
    access: 'any',
    action: 'iam:services:getService',
    params: Type.Object({ service_id: Type.String() }),
    responses: { 200: Type.Object({ service: serviceSchema }) },
    handle: async ({ params, origin }) => {
      const service = serviceViews({ origin, ...settings }).find(({ id }) => id === params.service_id)
      if (service === undefined) throw notFound('service_id', 'the id of a service', params.service_id)
      return { status: 200, body: { service } }
    },
  })
}
