import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { ResourceTypes } from '../../core/resource-types.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { checkProjectNamed, namedProjects, projectWith } from './named-projects.ts'
import { PROJECT_ID_HELP } from './resource-changes.ts'
import { TypeResolver } from './resource-types.ts'

const ACTION = 'tms:resourceTags:list'

/** Lists the tags of one resource, in the order in which they were added (contract 5, T11). */
export function showResourceTag(catalog: Catalog, accounts: Accounts, types: ResourceTypes): Route {
  return defineRoute({
    id: 'ShowResourceTag',
    method: 'GET',
    path: '/v2.0/resources/{resource_id}/tags',
    summary: 'List the tags of a resource',
    access: 'domain',
    action: ACTION,
    asOf: 'any',
    params: Type.Object({ resource_id: Type.String() }),
    query: Type.Object(
      {
        resource_type: Type.String({ 'x-error': 'resource-type-unknown' }),
        project_id: Type.Optional(Type.String({ description: PROJECT_ID_HELP, 'x-error': 'project-id-invalid' })),
      },
      // The members of the object are validated first, because each has its own code.
      {
        additionalProperties: false,
        allOf: [{ required: ['resource_type'], 'x-error': 'resource-type-unknown' }],
      },
    ),
    responses: {
      200: Type.Object({ tags: Type.Array(Type.Object({ key: Type.String(), value: Type.String() })) }),
    },
    handle: async ({ params, query, caller: { principal } }) => {
      const { resource_type, project_id } = query
      checkProjectNamed(types, project_id, [resource_type])
      const projects = await namedProjects(accounts, principal, ACTION, project_id)
      const ids = projects.map(({ id }) => id)
      const type = await new TypeResolver(types, catalog, ids).resolve(resource_type, 'resource_type')
      const project = await projectWith(catalog, projects, type, params.resource_id)
      const { resource } = await catalog.get(project, type, params.resource_id)
      return { status: 200, body: { tags: resource.tags } }
    },
  })
}
