import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { IMAGES } from '../../core/resource-types.ts'
import { defineRoute, type Route } from '../route.ts'
import { oneOf, prepareTagQuery, tagQueryMembers, toPage, toTagQuery } from '../tag-query-body.ts'
import { taggedPage } from '../tagged-page.ts'
import { IMS_PAGE_LIMITS, IMS_QUERY_LIMITS } from './limits.ts'
import { taggedImage } from './schemas.ts'

const { limitDefault, limitMax } = IMS_PAGE_LIMITS

// COMPAT: limit and offset are strings in the documents and SDKs, numbers in hand-written calls, and ignored with
// `count` (S1, D17). They have no type here; the handler validates them.
const body = Type.Object({
  action: oneOf(['filter', 'count'], { 'x-error': 'action-unknown' }),
  ...tagQueryMembers(IMS_QUERY_LIMITS),
  limit: Type.Optional(
    Type.Unknown({
      description: `With action filter: a string of digits or an integer, 1 to ${limitMax}; default ${limitDefault}.`,
    }),
  ),
  offset: Type.Optional(
    Type.Unknown({ description: 'With action filter: a string of digits or an integer, at least 0; default 0.' }),
  ),
})

// A test compares pages with the schema's serializer. The schema has the status first.
const TAGGED_IMAGES = taggedPage((detail) => {
  const { status, ...others } = JSON.parse(detail) as { readonly status: unknown }
  const rest = JSON.stringify(others)
  return `{"status":${JSON.stringify(String(status))}${rest === '{}' ? '}' : `,${rest.slice(1)}`}`
})

/** Finds or counts images by tags, name or id (S1): oldest first, with the exact total of all matches. */
export function listImageByTags(catalog: Catalog): Route {
  return defineRoute({
    id: 'ListImageByTags',
    method: 'POST',
    path: '/v2/{project_id}/images/resource_instances/action',
    summary: 'Find or count images by tag',
    access: 'project',
    action: 'ims:images:list',
    asOf: 'any',
    params: Type.Object({ project_id: Type.String() }),
    body,
    prepareBody: prepareTagQuery,
    responses: {
      200: Type.Object({
        total_count: Type.Integer({ description: 'Number of all matches, on all pages.' }),
        resources: Type.Optional(Type.Array(taggedImage, { description: 'Only with action filter.' })),
      }),
    },
    handle: async ({ params, body }) => {
      const query = toTagQuery(body)
      if (body.action === 'count') {
        const { revision, total } = await catalog.count(params.project_id, IMAGES, query)
        return { status: 200, body: { total_count: total }, revision }
      }
      const page = toPage(body, IMS_PAGE_LIMITS)
      const { revision, json, release } = await catalog.findJson(params.project_id, IMAGES, query, page, TAGGED_IMAGES)
      return { status: 200, encoded: json, release, revision }
    },
  })
}
