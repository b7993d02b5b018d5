import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { RESOURCE_TYPE_NAMES, RESOURCE_TYPES, type ResourceType, resourceTypeNamed } from '../../core/resource-type.ts'
import { defineRoute, type Route } from '../route.ts'
import { oneOf, prepareTagQuery, tagQueryMembers, toTagQuery } from '../tag-query-body.ts'
import { QUERY_LIMITS, QUERY_PAGE_LIMITS } from './limits.ts'

const { limitDefault, limitMax } = QUERY_PAGE_LIMITS

const body = Type.Object({
  resource_types: Type.Optional(
    Type.Array(oneOf(RESOURCE_TYPE_NAMES), { minItems: 1, description: 'Default: all types.' }),
  ),
  ...tagQueryMembers(QUERY_LIMITS),
  limit: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: limitMax,
      default: limitDefault,
      description: '0 only counts.',
      'x-error': 'limit-invalid',
    }),
  ),
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0, 'x-error': 'offset-invalid' })),
})

const resource = Type.Object({
  resource_type: Type.String(),
  resource_id: Type.String(),
  resource_name: Type.String(),
  resource_detail: Type.Object({}, { additionalProperties: true }),
  tags: Type.Array(Type.Object({ key: Type.String(), value: Type.String() })),
})

/**
 * Finds resources of all types in a project by tags, name or id (contract 10.7): type by type, each oldest first, with the
 * exact total and the number of each type, all at one revision.
 */
export function queryResources(catalog: Catalog): Route {
  return defineRoute({
    id: 'QueryResources',
    method: 'POST',
    path: '/tagwerk/v1/{project_id}/resources/query',
    summary: 'Find or count resources of all types by tag, name or id',
    access: 'project',
    action: 'tagwerk:resources:list',
    params: Type.Object({ project_id: Type.String() }),
    body,
    prepareBody: prepareTagQuery,
    responses: {
      200: Type.Object({
        total_count: Type.Integer({ description: 'Number of all matches, on all pages.' }),
        counts: Type.Record(Type.String(), Type.Integer(), { description: 'The same by resource type.' }),
        resources: Type.Array(resource),
      }),
    },
    handle: async ({ params, body }) => {
      const page = { offset: body.offset ?? 0, limit: body.limit ?? limitDefault }
      const types = toTypes(body.resource_types)
      const { revision, totals, resources } = await catalog.findAll(params.project_id, types, toTagQuery(body), page)
      const answer = {
        total_count: [...totals.values()].reduce((sum, total) => sum + total, 0),
        counts: Object.fromEntries(totals),
        resources: resources.map(({ type, resource: { id, name, detail, tags } }) => ({
          resource_type: type,
          resource_id: id,
          resource_name: name,
          resource_detail: JSON.parse(detail) as object,
          tags: [...tags],
        })),
      }
      return { status: 200, body: answer, revision }
    },
  })
}

/** The types with the given names, each once and in the usual order; all types without names. */
function toTypes(names: readonly string[] | undefined): readonly ResourceType[] {
  if (names === undefined) return RESOURCE_TYPES
  const asked = new Set(names.map((name) => resourceTypeNamed(name)))
  return RESOURCE_TYPES.filter((type) => asked.has(type))
}
