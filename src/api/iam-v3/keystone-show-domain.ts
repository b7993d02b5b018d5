import { Type } from 'typebox'
import { notFound } from '../../iam/not-found.ts'
import { defineRoute, type Route } from '../route.ts'
import { domainSchema, domainView } from './domain-view.ts'

/** Shows the caller's domain. Any other id is answered with 404, whether or not it exists (Keystone v3). */
export function keystoneShowDomain(): Route {
  return defineRoute({
    id: 'KeystoneShowDomain',
    method: 'GET',
    path: '/v3/domains/{domain_id}',
    summary: "Show the caller's domain",
    access: 'any',
    action: 'iam:domains:getDomain',
    params: Type.Object({ domain_id: Type.String() }),
    responses: { 200: Type.Object({ domain: domainSchema }) },
    handle: async ({ caller, params, origin }) => {
      const { domain } = caller.principal.user
      if (params.domain_id !== domain.id) throw notFound('domain_id', "the id of the caller's domain", params.domain_id)
      return { status: 200, body: { domain: domainView(domain, origin) } }
    },
  })
}
