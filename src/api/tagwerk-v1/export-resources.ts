import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { type ResourceTypes, toResourceType } from '../../core/resource-types.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { scopeId } from '../../iam/principal.ts'
import { asOfParameter } from '../as-of.ts'
import { defineRoute, type Route, type StreamPace } from '../route.ts'
import { typeName } from '../type-name.ts'
import { exportedLines } from './exported-lines.ts'
import { projectsToExport } from './projects.ts'
import type { WorkLimit } from './work-limit.ts'

const ACTION = 'tagwerk:resources:list'

/** How slowly an export may be read, and how long it may take. */
export type ExportPace = Omit<StreamPace, 'signal'>

/** What an export reads. */
export type ExportParts = {
  readonly catalog: Catalog
  readonly accounts: Accounts
  readonly types: ResourceTypes
}

/**
 * Streams resources in the format of an import, ordered by project name, type and creation. Each project is read in one
 * snapshot of the store.
 */
export function exportResources({ catalog, accounts, types }: ExportParts, limit: WorkLimit, pace: ExportPace): Route {
  return defineRoute({
    id: 'ExportResources',
    method: 'GET',
    path: '/tagwerk/v1/export',
    summary: 'Export resources as NDJSON, one per line',
    access: 'any',
    action: ACTION,
    asOf: 'any',
    query: Type.Object({
      project: Type.Optional(Type.String({ description: 'Name or id of a project; default: all projects.' })),
      resource_type: Type.Optional(typeName),
      as_of: asOfParameter,
    }),
    produces: 'application/x-ndjson',
    responses: { 200: Type.String() },
    handle: async ({ query, caller }) => {
      const projects = await projectsToExport(accounts, caller.principal, ACTION, query.project)
      const only =
        query.resource_type === undefined ? undefined : [toResourceType(types, query.resource_type, 'resource_type')]
      await catalog.moments.check(projects.map(({ id }) => id))
      const { signal, end } = await limit.begin(caller.principal)
      return {
        status: 200,
        body: exportedLines(catalog, projects, only, {}, scopeId(caller.principal.scope)),
        pace: { ...pace, signal },
        release: end,
      }
    },
  })
}
