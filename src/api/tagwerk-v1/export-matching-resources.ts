import { Type } from 'typebox'
import { toResourceType } from '../../core/resource-types.ts'
import { scopeId } from '../../iam/principal.ts'
import { asOfMember } from '../as-of.ts'
import { defineRoute, type Route } from '../route.ts'
import { prepareTagQuery } from '../tag-query-body.ts'
import { typeName } from '../type-name.ts'
import { conditionMembers, toConditions } from './conditions.ts'
import type { ExportPace, ExportParts } from './export-resources.ts'
import { exportedLines } from './exported-lines.ts'
import { TYPES_MAX } from './limits.ts'
import { projectsToExport } from './projects.ts'
import type { WorkLimit } from './work-limit.ts'

const ACTION = 'tagwerk:resources:list'

/** Streams the resources that match the conditions of a query, otherwise as `exportResources` does. */
export function exportMatchingResources(
  { catalog, accounts, types: known }: ExportParts,
  limit: WorkLimit,
  pace: ExportPace,
): Route {
  return defineRoute({
    id: 'ExportMatchingResources',
    method: 'POST',
    path: '/tagwerk/v1/export',
    summary: 'Export the resources that match a query as NDJSON, one per line',
    access: 'any',
    action: ACTION,
    asOf: 'any',
    body: Type.Object({
      project: Type.Optional(Type.String({ description: 'Name or id of a project; default: all projects.' })),
      resource_types: Type.Optional(
        Type.Array(typeName, { minItems: 1, maxItems: TYPES_MAX, description: 'Default: all types.' }),
      ),
      ...conditionMembers,
      as_of: asOfMember,
    }),
    prepareBody: prepareTagQuery,
    produces: 'application/x-ndjson',
    responses: { 200: Type.String() },
    handle: async ({ body, caller }) => {
      const projects = await projectsToExport(accounts, caller.principal, ACTION, body.project)
      const types = body.resource_types?.map((name, i) => toResourceType(known, name, `resource_types[${i}]`))
      await catalog.moments.check(projects.map(({ id }) => id))
      const lines = exportedLines(
        catalog,
        projects,
        types && [...new Set(types)],
        toConditions(body),
        scopeId(caller.principal.scope),
      )
      const { signal, end } = await limit.begin(caller.principal)
      return { status: 200, body: lines, pace: { ...pace, signal }, release: end }
    },
  })
}
