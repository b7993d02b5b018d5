import { Type } from 'typebox'
import type { Catalog, FoundResource } from '../../catalog/catalog.ts'
import { invalid } from '../../core/errors.ts'
import { type ResourceType, type ResourceTypes, toResourceType, unknownTypeRule } from '../../core/resource-types.ts'
import { compareCodePoints } from '../../core/text.ts'
import { joinInSlices, jsonArray } from '../long-json.ts'
import { defineRoute, type Route } from '../route.ts'
import { prepareTagQuery, tagQueryMembers, toTagQuery } from '../tag-query-body.ts'
import { typeName } from '../type-name.ts'
import { QUERY_LIMITS, QUERY_PAGE_LIMITS, TYPES_MAX } from './limits.ts'

const { limitDefault, limitMax } = QUERY_PAGE_LIMITS

const body = Type.Object({
  resource_types: Type.Optional(
    Type.Array(typeName, { minItems: 1, maxItems: TYPES_MAX, description: 'Default: all types.' }),
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
export function queryResources(catalog: Catalog, known: ResourceTypes): Route {
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
      const types = await toTypes(body.resource_types, known, () => catalog.types(params.project_id))
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

/**
 * The types with the given names, each once and ascending; undefined without names. Throws `request-invalid` for a name
 * that is neither in the registry nor in use in the project: it would match nothing, whatever was meant.
 */
async function toTypes(
  names: readonly string[] | undefined,
  known: ResourceTypes,
  inUse: () => Promise<readonly ResourceType[]>,
): Promise<readonly ResourceType[] | undefined> {
  if (names === undefined) return undefined
  const types = new Set<ResourceType>()
  for (const [i, name] of names.entries()) {
    const field = `resource_types[${i}]`
    const type = toResourceType(known, name, field)
    if (known.row(type) === undefined && !(await inUse()).includes(type)) {
      throw invalid(field, unknownTypeRule(known, name), name)
    }
    types.add(type)
  }
  return [...types].sort(compareCodePoints)
}
