import { Type } from 'typebox'
import { toResourceType } from '../../core/resource-types.ts'
import { defineRoute, type Route } from '../route.ts'
import { prepareTagQuery } from '../tag-query-body.ts'
import { conditionMembers, toConditions } from './conditions.ts'
import { type DifferenceParts, differenceMembers, differenceReply } from './difference-request.ts'
import type { ExportPace } from './export-resources.ts'
import { searchedTypes } from './searched-types.ts'
import type { WorkLimit } from './work-limit.ts'

/**
 * Streams the resources that differ between two moments among those that match the conditions of a query at either of them
 * (contract 10.15).
 */
export function showMatchingDifference(parts: DifferenceParts, limit: WorkLimit, pace: ExportPace): Route {
  return defineRoute({
    id: 'ShowMatchingDifference',
    method: 'POST',
    path: '/tagwerk/v1/{project_id}/diff',
    summary: 'Compare the resources of a project that match a query at two revisions or times',
    access: 'project',
    action: 'tagwerk:history:get',
    params: Type.Object({ project_id: Type.String() }),
    body: Type.Object({ ...differenceMembers, resource_types: searchedTypes, ...conditionMembers }),
    prepareBody: prepareTagQuery,
    produces: 'application/x-ndjson',
    responses: { 200: Type.String() },
    handle: async ({ params: { project_id: project }, body, caller: { principal } }) => {
      const types = body.resource_types?.map((name, i) => toResourceType(parts.types, name, `resource_types[${i}]`))
      const filter = { types, key: body.key, query: toConditions(body) }
      return differenceReply(parts, { project, principal }, body, filter, limit, pace)
    },
  })
}
