import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { INSTANCES } from '../../core/resource-types.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { checkInstanceId, INSTANCE_PATH } from './instance-id.ts'
import { jobIdOf } from './job.ts'

/** Deletes an instance and its tags ("Deleting a DB Instance"). It is gone as soon as the request is answered. */
export function deleteGaussMySqlInstance(catalog: Catalog): Route {
  return defineRoute({
    id: 'DeleteGaussMySqlInstance',
    method: 'DELETE',
    path: INSTANCE_PATH,
    summary: 'Delete an instance',
    access: 'project',
    action: 'gaussdb:instance:delete',
    params: Type.Object({ project_id: Type.String(), instance_id: Type.String() }),
    responses: { 200: Type.Object({ job_id: Type.String() }) },
    handle: async ({ params, caller, requestId }) => {
      const { project_id, instance_id } = params
      const author = authorOf({ caller, requestId })
      const changed = catalog.change(project_id, INSTANCES, instance_id, { kind: 'delete' }, author)
      const { revision } = await checkInstanceId(instance_id, changed)
      return { status: 200, body: { job_id: jobIdOf('delete', instance_id) }, revision }
    },
  })
}
