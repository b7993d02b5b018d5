import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { type ResourceTypes, toResourceType } from '../../core/resource-types.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { typeName } from '../type-name.ts'
import { changesAnswer, changesBody, changesLimit } from './change-body.ts'
import { HISTORY_LIMITS } from './limits.ts'

/** Lists the changes of one resource over its whole life, newest first (contract 10.14). */
export function listResourceHistory(catalog: Catalog, accounts: Accounts, known: ResourceTypes): Route {
  return defineRoute({
    id: 'ListResourceHistory',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}/history',
    summary: 'List the changes of a resource, newest first, also those before it was deleted and made again',
    access: 'project',
    action: 'tagwerk:history:get',
    params: Type.Object({ project_id: Type.String(), resource_type: typeName, resource_id: Type.String() }),
    query: Type.Object({
      limit: changesLimit,
      before_revision: Type.Optional(Type.Integer({ minimum: 1, description: '`next` of the page before.' })),
    }),
    responses: { 200: changesAnswer },
    handle: async ({ params: { project_id: project, resource_type, resource_id }, query, caller }) => {
      const type = toResourceType(known, resource_type, 'resource_type')
      const { before_revision: before, limit = HISTORY_LIMITS.limitDefault } = query
      const page = await catalog.history.ofResource(project, type, resource_id, before, limit)
      const body = await changesBody(accounts, caller.principal, project, page)
      return { status: 200, ...body, revision: page.revision }
    },
  })
}
