import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { INSTANCES } from '../../core/resource-types.ts'
import { defineRoute, type Route } from '../route.ts'
import { checkInstanceId } from './instance-id.ts'
import { tagSchema } from './instance-schemas.ts'
import { pageQuery } from './page-query.ts'

/** Lists the tags of one instance (S3) in the order in which they were added. */
export function listInstanceTags(catalog: Catalog): Route {
  return defineRoute({
    id: 'ListInstanceTags',
    method: 'GET',
    path: '/v3/{project_id}/instances/{instance_id}/tags',
    summary: 'List the tags of an instance',
    access: 'project',
    action: 'gaussdb:tag:list',
    asOf: 'any',
    params: Type.Object({ project_id: Type.String(), instance_id: Type.String() }),
    query: pageQuery,
    responses: {
      200: Type.Object({
        total_count: Type.Integer(),
        tags: Type.Array(tagSchema),
      }),
    },
    handle: async ({ params, query }) => {
      const { project_id, instance_id } = params
      const { revision, resource } = await checkInstanceId(instance_id, catalog.get(project_id, INSTANCES, instance_id))
      const tags = resource.tags.slice(query.offset, query.offset + query.limit)
      return { status: 200, body: { total_count: resource.tags.length, tags }, revision }
    },
  })
}
