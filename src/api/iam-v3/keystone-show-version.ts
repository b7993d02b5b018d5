import { Type } from 'typebox'
import { defineRoute, type Route } from '../route.ts'

const versionDocument = Type.Object({
  version: Type.Object({
    id: Type.String(),
    status: Type.String(),
    updated: Type.String(),
    links: Type.Array(Type.Object({ rel: Type.String(), href: Type.String() })),
    'media-types': Type.Array(Type.Object({ type: Type.String(), base: Type.String() })),
  }),
})

/** Shows the version of the identity API. Clients detect Keystone v3 by it (contract 7). */
export function keystoneShowVersion(): Route {
  return defineRoute({
    id: 'KeystoneShowVersion',
    method: 'GET',
    path: '/v3',
    summary: 'Show the version of the API',
    access: 'none',
    action: 'iam:versions:getVersion',
    responses: { 200: versionDocument },
    handle: async ({ origin }) => ({
      status: 200,
      body: {
        version: {
          id: 'v3.6',
          status: 'stable',
          updated: '2016-04-04T00:00:00Z',
          links: [{ rel: 'self', href: `${origin}/v3/` }],
          'media-types': [{ type: 'application/vnd.openstack.identity-v3+json', base: 'application/json' }],
        },
      },
    }),
  })
}
