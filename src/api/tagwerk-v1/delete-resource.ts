import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { RESOURCE_TYPE_NAMES, type ResourceType, resourceTypeNamed } from '../../core/resource-type.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'

/** Deletes a resource and its tags from the catalogue. The change log keeps the deletion. */
export function deleteResource(catalog: Catalog): Route {
  return defineRoute({
    id: 'DeleteResource',
    method: 'DELETE',
    path: '/tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}',
    summary: 'Delete a resource',
    access: 'project',
    action: 'tagwerk:resources:delete',
    params: Type.Object({
      project_id: Type.String(),
      resource_type: oneOf(RESOURCE_TYPE_NAMES),
      resource_id: Type.String(),
    }),
    responses: { 204: null },
    handle: async ({ params, caller, requestId }) => {
      const { project_id, resource_type, resource_id } = params
      const author = authorOf({ caller, requestId })
      // The schema has refused every other name.
      const type = resourceTypeNamed(resource_type) as ResourceType
      const { revision } = await catalog.change(project_id, type, resource_id, { kind: 'delete' }, author)
      return { status: 204, revision }
    },
  })
}
