import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { type ResourceTypes, toResourceType } from '../../core/resource-types.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { typeName } from '../type-name.ts'

/** Deletes a resource and its tags from the catalogue. The change log keeps the deletion. */
export function deleteResource(catalog: Catalog, types: ResourceTypes): Route {
  return defineRoute({
    id: 'DeleteResource',
    method: 'DELETE',
    path: '/tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}',
    summary: 'Delete a resource',
    access: 'project',
    action: 'tagwerk:resources:delete',
    params: Type.Object({
      project_id: Type.String(),
      resource_type: typeName,
      resource_id: Type.String(),
    }),
    responses: { 204: null },
    handle: async ({ params, caller, requestId }) => {
      const { project_id, resource_type, resource_id } = params
      const author = authorOf({ caller, requestId })
      const type = toResourceType(types, resource_type, 'resource_type')
      const { revision } = await catalog.change(project_id, type, resource_id, { kind: 'delete' }, author)
      return { status: 204, revision }
    },
  })
}
