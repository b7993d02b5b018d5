import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { type ResourceTypes, toResourceType } from '../../core/resource-types.ts'
import { defineRoute, type Route } from '../route.ts'
import { typeName } from '../type-name.ts'
import { resourceJson, resourceMembers } from './found-resource.ts'

/** Shows one resource of any type with its tags (contract 10.7). */
export function showResource(catalog: Catalog, known: ResourceTypes): Route {
  return defineRoute({
    id: 'ShowResource',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}',
    summary: 'Show a resource and its tags',
    access: 'project',
    action: 'tagwerk:resources:get',
    params: Type.Object({ project_id: Type.String(), resource_type: typeName, resource_id: Type.String() }),
    responses: {
      200: Type.Object({
        created_at: Type.String({ description: 'RFC 3339, in milliseconds.' }),
        updated_at: Type.String({ description: 'Time of the last change.' }),
        ...resourceMembers,
      }),
    },
    handle: async ({ params: { project_id, resource_type, resource_id } }) => {
      const type = toResourceType(known, resource_type, 'resource_type')
      const { revision, resource } = await catalog.get(project_id, type, resource_id)
      const times = {
        created_at: new Date(resource.createdAtMs).toISOString(),
        updated_at: new Date(resource.updatedAtMs).toISOString(),
      }
      return { status: 200, encoded: resourceJson(type, resource, times), revision }
    },
  })
}
