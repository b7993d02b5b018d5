import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { INSTANCES } from '../../core/resource-types.ts'
import { joinInSlices, jsonTexts } from '../long-json.ts'
import { defineRoute, type Route } from '../route.ts'
import { pageQuery } from './page-query.ts'

/** Lists the tags in use on the instances of a project (S2), paged by key; keys and values ascend (D9). */
export function listProjectTags(catalog: Catalog): Route {
  return defineRoute({
    id: 'ListProjectTags',
    method: 'GET',
    path: '/v3/{project_id}/tags',
    summary: 'List the tags in use on the instances of a project',
    access: 'project',
    action: 'gaussdb:tag:list',
    asOf: 'any',
    params: Type.Object({ project_id: Type.String() }),
    query: pageQuery,
    responses: {
      200: Type.Object({
        total_count: Type.Integer({ description: 'Number of keys on all pages.' }),
        tags: Type.Array(Type.Object({ key: Type.String(), values: Type.Array(Type.String()) })),
      }),
    },
    handle: async ({ params, query: { offset, limit } }) => {
      const { revision, tags } = await catalog.tagsInUse(params.project_id, INSTANCES)
      const json = jsonTexts(`{"total_count":${tags.keyCount},"tags":[`, tags.json(offset, limit), ']}')
      return { status: 200, ...(await joinInSlices(json, params.project_id)), revision }
    },
  })
}
