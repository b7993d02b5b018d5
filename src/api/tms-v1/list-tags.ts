import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { keysWithValuesJson, mergeTags } from '../../core/distinct-tags.ts'
import type { ResourceTypes } from '../../core/resource-types.ts'
import type { Tag } from '../../core/tag.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { joinInSlices, jsonTexts } from '../long-json.ts'
import { defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import { projectOfDomain } from './domain-projects.ts'
import { TypeResolver } from './resource-types.ts'

const ACTION = 'tms:tags:list'

/** Lists the keys with their values that resources of some types carry in one project (contract 5, T13). */
export function listTags(catalog: Catalog, accounts: Accounts, types: ResourceTypes): Route {
  return defineRoute({
    id: 'ListTags',
    method: 'GET',
    path: '/v1.0/tags',
    summary: 'List the tags of the resources of a project',
    access: 'domain',
    action: ACTION,
    asOf: 'any',
    query: Type.Object(
      {
        // COMPAT: `resource_types` in the SDKs and Terraform's provider, `resource_type` in the vendor's page [PS, TF, WEB].
        resource_types: Type.String({
          description: 'Resource types, separated by commas.',
          'x-error': 'resource-type-unknown',
        }),
        project_id: Type.String({ 'x-error': 'project-id-invalid' }),
        tag_types: oneOf(['resource']),
      },
      // The members of the object are validated first, because each has its own code.
      {
        additionalProperties: false,
        allOf: [
          { required: ['resource_types'], 'x-error': 'resource-type-unknown' },
          { required: ['project_id'], 'x-error': 'project-id-invalid' },
          { required: ['tag_types'] },
        ],
      },
    ),
    responses: {
      200: Type.Object({
        tags: Type.Array(Type.Object({ key: Type.String(), values: Type.Array(Type.String()) })),
        errors: Type.Array(
          Type.Object({
            project_id: Type.String(),
            resource_type: Type.String(),
            error_code: Type.String(),
            error_msg: Type.String(),
          }),
          { description: 'Always empty: an error fails the whole request.' },
        ),
      }),
    },
    handle: async ({ query, caller: { principal } }) => {
      const project = await projectOfDomain(accounts, principal, ACTION, query.project_id)
      const resolver = new TypeResolver(types, catalog, [project.id])
      const named = await resolver.resolveAll(query.resource_types.split(','), 'resource_types')
      const owner = principal.scope.domain.id
      let tags: Iterable<Tag> = []
      for (const type of named.keys()) {
        tags = mergeTags(tags, (await catalog.tagsInUse(project.id, type, owner)).tags.pairs())
      }
      const json = jsonTexts('{"tags":[', keysWithValuesJson(tags), '],"errors":[]}')
      return { status: 200, ...(await joinInSlices(json, owner)) }
    },
  })
}
