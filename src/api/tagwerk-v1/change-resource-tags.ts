import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Profile } from '../../core/profile.ts'
import { toResourceType } from '../../core/resource-types.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { typeName } from '../type-name.ts'
import { tagChangeMembers, toTagChange } from './changed-tags.ts'

/** Adds or removes tags of one resource of any type, all or none (contract 10.11). */
export function changeResourceTags(catalog: Catalog, profile: Profile): Route {
  return defineRoute({
    id: 'ChangeResourceTags',
    method: 'POST',
    path: '/tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}/tags',
    summary: 'Add or remove tags of a resource, all or none',
    access: 'project',
    action: 'tagwerk:tags:update',
    params: Type.Object({ project_id: Type.String(), resource_type: typeName, resource_id: Type.String() }),
    body: Type.Object(tagChangeMembers),
    responses: { 200: Type.Object({ effect: Type.String({ description: '`updated` or `unchanged`.' }) }) },
    handle: async ({ params: { project_id, resource_type, resource_id }, body, caller, requestId }) => {
      const type = toResourceType(profile.types, resource_type, 'resource_type')
      const change = toTagChange(body, profile.tagRulesOf(type))
      const author = authorOf({ caller, requestId })
      const { revision, effect } = await catalog.change(project_id, type, resource_id, change, author)
      return { status: 200, body: { effect }, revision }
    },
  })
}
