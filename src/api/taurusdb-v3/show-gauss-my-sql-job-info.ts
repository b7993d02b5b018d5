import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { DomainError } from '../../core/errors.ts'
import type { IndexedResource } from '../../core/resource.ts'
import { defineRoute, type Route } from '../route.ts'
import { readDetail } from './detail-reader.ts'
import type { TaurusdbErrorCode } from './error-codes.ts'
import { datastoreOf, timeOf, typeOf } from './instance-view.ts'
import { type JobKind, readJobId } from './job.ts'

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
 * Shows a job ("Obtaining Information About a Task with a Specified ID"), which clients wait for. There is one for the
 * creation of each instance that is there, and one for the deletion of each that is not; all are done.
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
      const asked = readJobId(query.id)
      if (asked === undefined) throw new DomainError<TaurusdbErrorCode>('job-not-found')
      const { kind, instanceId } = asked
      const page = { offset: 0, limit: 1 }
      const found = await catalog.find(params.project_id, 'instances', { id: instanceId }, page)
      const { revision, resources } = found
      const [resource] = resources
      if ((resource !== undefined) !== (kind === 'create'))
        throw new DomainError<TaurusdbErrorCode>('job-not-found', { revision })
      const shown = {
        ...{ id: query.id, name: NAMES[kind], status: 'Completed' },
        ...timesOf(resource),
        process: '',
        instance: { id: instanceId, name: resource?.name ?? '' },
        entities: resource === undefined ? {} : entitiesOf(resource),
      }
      return { status: 200, body: { job: shown }, revision }
    },
  })
}

/** Creation takes no time; when something was deleted is not kept. */
function timesOf(resource: IndexedResource | undefined): { readonly created: string; readonly ended: string } {
  const time = resource === undefined ? '' : timeOf(resource.createdAtMs)
  return { created: time, ended: time }
}

function entitiesOf({ id, detail }: IndexedResource): unknown {
  const known = readDetail(detail)
  return { instance: { type: typeOf(known), datastore: datastoreOf(known) }, resource_ids: [id] }
}
