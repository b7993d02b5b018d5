import { Type } from 'typebox'
import { toResourceType } from '../../core/resource-types.ts'
import { defineRoute, type Route } from '../route.ts'
import { conditionMembers, toFilter } from './conditions.ts'
import { type DifferenceParts, differenceMembers, differenceReply } from './difference-request.ts'
import type { ExportPace } from './export-resources.ts'
import { searchedTypes } from './searched-types.ts'
import type { WorkLimit } from './work-limit.ts'

/** Streams the resources that differ between two moments (contract 10.15). */
export function showDifference(parts: DifferenceParts, limit: WorkLimit, pace: ExportPace): Route {
  return defineRoute({
    id: 'ShowDifference',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/diff',
    summary: 'Compare a project at two revisions or times, as NDJSON, CSV or a summary',
    access: 'project',
    action: 'tagwerk:history:get',
    params: Type.Object({ project_id: Type.String() }),
    query: Type.Object({ ...differenceMembers, resource_type: searchedTypes, filter: conditionMembers.filter }),
    produces: 'application/x-ndjson',
    responses: { 200: Type.String() },
    handle: async ({ params: { project_id: project }, query, caller: { principal } }) => {
      const types = query.resource_type?.map((name, i) => toResourceType(parts.types, name, `resource_type[${i}]`))
      const conditions = query.filter === undefined ? {} : { filter: toFilter(query.filter, 'filter') }
      const filter = { types, key: query.key, query: conditions }
      return differenceReply(parts, { project, principal }, query, filter, limit, pace)
    },
  })
}
