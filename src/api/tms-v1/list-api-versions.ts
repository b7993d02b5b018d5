import { Type } from 'typebox'
import { defineRoute, type Route } from '../route.ts'
import { versionInList, versionList } from './versions.ts'

/** Lists the versions of the services at the root (contract 5, T12). */
export function listApiVersions(): Route {
  return defineRoute({
    id: 'ListApiVersions',
    method: 'GET',
    path: '/',
    summary: 'List the versions of the API',
    access: 'none',
    action: 'tms:versions:list',
    responses: { 200: Type.Object({ versions: Type.Array(versionInList) }) },
    handle: async ({ origin }) => ({ status: 200, body: { versions: versionList(origin) } }),
  })
}
