import { Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import { defineRoute, type Route } from '../route.ts'
import { versionDetail, versionView } from './versions.ts'

/** Shows one version of the tag service (contract 5, T12). The route only matches paths that look like a version. */
export function showApiVersion(): Route {
  return defineRoute({
    id: 'ShowApiVersion',
    method: 'GET',
    path: '/{api_version}(^v\\d+\\.\\d+$)',
    summary: 'Show a version of the API',
    access: 'none',
    action: 'tms:versions:get',
    params: Type.Object({ api_version: Type.String() }),
    responses: { 200: Type.Object({ version: versionDetail }) },
    handle: async ({ params: { api_version }, origin }) => {
      const version = versionView(api_version, origin)
      if (version === undefined) {
        const rule = { name: 'one-of', allowed: ['v1.0', 'v2.0'] } as const
        throw invalid('api_version', rule, api_version, 'resource-not-found')
      }
      return { status: 200, body: { version } }
    },
  })
}
