import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { DomainError } from '../../core/errors.ts'
import type { IndexedResource } from '../../core/resource.ts'
import { INSTANCES } from '../../core/resource-types.ts'
import { defineRoute, type Route } from '../route.ts'
import { readDetail } from './detail-reader.ts'
import type { TaurusdbErrorCode } from './error-codes.ts'
import { datastoreOf, formatTime, typeOf } from './instance-view.ts'
import { type JobKind, parseJobId } from './job.ts'

const job = Type.Object({
  id: Type.String(),
  name: Type.String(),
  status: Type.String({ description: 'Always Completed.' }),
  created: Type.String(),
  ended: Type.String(),
  process: Type.String(),
  instance: Type.Object({ id: Type.String(), name: Type.String() }),
  entities: Type.Object({}, { additionalProperties: true }),
})

const NAMES: Readonly<Record<JobKind, string>> = { create: 'CreateMysqlInstance', delete: 'DeleteMysqlInstance' }

/**
 * Shows a job ("Obtaining Information About a Task with a Specified ID"), because clients poll it until it completes.
 * Each instance that exists has a completed job of its creation, and any other id has a completed job of its deletion.
 */
export function showGaussMySqlJobInfo(catalog: Catalog): Route {
  return defineRoute({
    id: 'ShowGaussMySqlJobInfo',
    method: 'GET',
    path: '/v3/{project_id}/jobs',
    summary: 'Show the job that created or deleted an instance',
    access: 'project',
    action: 'gaussdb:instance:list',
    params: Type.Object({ project_id: Type.String() }),
    query: Type.Object({ id: Type.String({ minLength: 1 }) }),
    responses: { 200: Type.Object({ job }) },
    handle: async ({ params, query }) => {
      const parsed = parseJobId(query.id)
      if (parsed === undefined) throw jobNotFound(query.id)
      const { kind, instanceId } = parsed
      const page = { offset: 0, limit: 1 }
      const { revision, resources } = await catalog.find(params.project_id, INSTANCES, { id: instanceId }, page)
      const [resource] = resources
      if ((resource !== undefined) !== (kind === 'create')) {
        throw jobNotFound(query.id, revision)
      }
      const view = {
        id: query.id,
        name: NAMES[kind],
        status: 'Completed',
        ...timesOf(resource),
        process: '',
        instance: { id: instanceId, name: resource?.name ?? '' },
        entities: resource === undefined ? {} : entitiesOf(resource),
      }
      return { status: 200, body: { job: view }, revision }
    },
  })
}

/** A creation ends when it begins. The time of a deletion is not stored. */
function timesOf(resource: IndexedResource | undefined): { readonly created: string; readonly ended: string } {
  const time = resource === undefined ? '' : formatTime(resource.createdAtMs)
  return { created: time, ended: time }
}

function entitiesOf({ id, detail }: IndexedResource): unknown {
  const members = readDetail(detail)
  return { instance: { type: typeOf(members), datastore: datastoreOf(members) }, resource_ids: [id] }
}

function jobNotFound(id: string, revision?: number): DomainError<TaurusdbErrorCode> {
  const facts = {
    field: 'id',
    rule: { name: 'exists' },
    value: id,
    ...(revision !== undefined && { revision }),
  } as const
  return new DomainError<TaurusdbErrorCode>('job-not-found', facts)
}
