import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { TimeSlice } from '../../catalog/time-slice.ts'
import { type ResourceType, type ResourceTypes, toResourceType } from '../../core/resource-types.ts'
import type { Accounts, Project } from '../../iam/accounts.ts'
import { defineRoute, type Route, type StreamPace } from '../route.ts'
import { typeName } from '../type-name.ts'
import { projectsToExport } from './projects.ts'
import type { WorkLimit } from './work-limit.ts'

const ACTION = 'tagwerk:resources:list'

/** Lines are built for this long before the export yields to the event loop. */
const SLICE_MS = 2

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
    query: Type.Object({
      project: Type.Optional(Type.String({ description: 'Name or id of a project; default: all projects.' })),
      resource_type: Type.Optional(typeName),
    }),
    produces: 'application/x-ndjson',
    responses: { 200: Type.String() },
    handle: async ({ query, caller }) => {
      const projects = await projectsToExport(accounts, caller.principal, ACTION, query.project)
      const only =
        query.resource_type === undefined ? undefined : [toResourceType(types, query.resource_type, 'resource_type')]
      const { signal, end } = await limit.begin(caller.principal)
      return { status: 200, body: toLines(catalog, projects, only), pace: { ...pace, signal }, release: end }
    },
  })
}

async function* toLines(
  catalog: Catalog,
  projects: readonly Project[],
  types: readonly ResourceType[] | undefined,
): AsyncGenerator<string> {
  for (const { id, name } of projects) {
    const slice = new TimeSlice(SLICE_MS, id)
    const { batches } = await catalog.export(id, types)
    for await (const resources of batches) {
      let lines = ''
      for (const resource of resources) {
        if (slice.isOver) await slice.yield()
        const head = {
          resource_type: resource.type,
          project: name,
          resource_id: resource.id,
          resource_name: resource.name,
          created_at: new Date(resource.createdAtMs).toISOString(),
          updated_at: new Date(resource.updatedAtMs).toISOString(),
        }
        // The detail is inserted as is: it is JSON text already.
        lines += `${JSON.stringify(head).slice(0, -1)},"resource_detail":${resource.detail},"tags":${JSON.stringify(resource.tags)}}\n`
      }
      yield lines
      // Reading a batch and sending it to a fast reader do not wait for the event loop.
      await slice.yield()
    }
  }
}
