import { Type } from 'typebox'
import type { Catalog, FoundResource } from '../../catalog/catalog.ts'
import { RESOURCE_TYPE_NAMES, RESOURCE_TYPES, type ResourceType, resourceTypeNamed } from '../../core/resource-type.ts'
import { joinInSlices, jsonArray } from '../long-json.ts'
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
      const total = [...totals.values()].reduce((sum, ofType) => sum + ofType, 0)
      const head = `{"total_count":${total},"counts":${JSON.stringify(Object.fromEntries(totals))},"resources":`
      const json = jsonArray(head, resources, resourceJson, '}')
      return { status: 200, encoded: await joinInSlices(json, params.project_id), revision }
    },
  })
}

/** The detail is inserted as is: it is JSON text already. */
function resourceJson({ type, resource: { id, name, detail, tags } }: FoundResource): string {
  const head = { resource_type: type, resource_id: id, resource_name: name }
  return `${JSON.stringify(head).slice(0, -1)},"resource_detail":${detail},"tags":${JSON.stringify(tags)}}`
}

/** The types with the given names, each once and in the usual order; all types without names. */
function toTypes(names: readonly string[] | undefined): readonly ResourceType[] {
  if (names === undefined) return RESOURCE_TYPES
  const asked = new Set(names.map((name) => resourceTypeNamed(name)))
  return RESOURCE_TYPES.filter((type) => asked.has(type))
}
