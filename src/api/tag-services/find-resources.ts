import { Type } from 'typebox'
import type { Catalog, Page } from '../../catalog/catalog.ts'
import type { ResourceType } from '../../core/resource-types.ts'
import type { TagQuery } from '../../core/tag-query.ts'
import { findInPlaces, totalsInPlaces } from '../find-in-places.ts'
import type { Reply } from '../route.ts'
import { taggedPage } from '../tagged-page.ts'

const tag = Type.Object({ key: Type.String(), value: Type.String() })
const resource = Type.Object({
  resource_id: Type.String(),
  resource_name: Type.String(),
  resource_detail: Type.Object({}, { additionalProperties: true }),
  tags: Type.Array(tag),
})
const total = Type.Integer({ description: 'Number of all matches, on all pages.' })

export const foundAnswer = Type.Object({ total_count: total, resources: Type.Array(resource) })
export const countAnswer = Type.Object({ total_count: total })
/** The answer of a call that finds or counts. */
export const foundOrCountAnswer = Type.Object({
  total_count: total,
  resources: Type.Optional(Type.Array(resource, { description: 'Only with action filter.' })),
})

/** The detail is shown as it is stored. */
const PAGE = taggedPage((detail) => detail)

/** Finds resources of a type in projects: project by project, oldest first, with the exact total of all matches. */
export async function findResources(
  catalog: Catalog,
  projects: readonly string[],
  type: ResourceType,
  query: TagQuery,
  page: Page,
): Promise<Reply> {
  const [only] = projects
  if (only !== undefined && projects.length === 1) {
    const { revision, json, release } = await catalog.findJson(only, type, query, page, PAGE)
    return { status: 200, encoded: json, release, revision }
  }
  const places = projects.map((projectId) => ({ projectId, type }))
  const { total: count, parts, release } = await findInPlaces(catalog, places, query, page, () => PAGE.shape)
  const encoded = [Buffer.from(PAGE.before(count)), ...parts, Buffer.from(PAGE.after)]
  return { status: 200, encoded, release }
}

/** Counts resources of a type in projects. */
export async function countResources(
  catalog: Catalog,
  projects: readonly string[],
  type: ResourceType,
  query: TagQuery,
): Promise<Reply> {
  const [only] = projects
  if (only !== undefined && projects.length === 1) {
    const { revision, total: count } = await catalog.count(only, type, query)
    return { status: 200, body: { total_count: count }, revision }
  }
  const places = projects.map((projectId) => ({ projectId, type }))
  const totals = await totalsInPlaces(catalog, places, query)
  return { status: 200, body: { total_count: totals.reduce((sum, each) => sum + each, 0) } }
}
