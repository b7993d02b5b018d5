import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { DomainError } from '../../core/errors.ts'
import { defineRoute, type Route } from '../route.ts'
import { INSTANCE_ID_PATTERN } from './limits.ts'
import { pageQuery } from './page-query.ts'

/** Lists the tags of one database instance (S3), in the order in which they were added. */
export function listInstanceTags(catalog: Catalog): Route {
  return defineRoute({
    id: 'ListInstanceTags',
    method: 'GET',
    path: '/v3/{project_id}/instances/{instance_id}/tags',
    summary: 'List the tags of an instance',
    access: 'project',
    action: 'gaussdb:tag:list',
    params: Type.Object({ project_id: Type.String(), instance_id: Type.String() }),
    query: pageQuery,
    responses: {
      200: Type.Object({
        total_count: Type.Integer(),
        tags: Type.Array(Type.Object({ key: Type.String(), value: Type.String() })),
      }),
    },
    handle: async ({ params, query }) => {
      const { project_id, instance_id } = params
      const { revision, resource } = await catalog.get(project_id, 'instances', instance_id).catch((error: unknown) => {
        throw forMalformedId(error, instance_id)
      })
      const tags = resource.tags.slice(query.offset, query.offset + query.limit)
      return { status: 200, body: { total_count: resource.tags.length, tags }, revision }
    },
  })
}

/** Any id that exists is right; of those that do not, a malformed one has an answer of its own (contract D22). */
function forMalformedId(error: unknown, id: string): unknown {
  const isMissing = error instanceof DomainError && error.code === 'resource-not-found'
  return isMissing && !INSTANCE_ID_PATTERN.test(id) ? new DomainError('resource-id-malformed', error.facts) : error
}
