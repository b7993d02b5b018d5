import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { ofInstance } from './instance-id.ts'
import { jobIdOf } from './job.ts'

/** Forgets an instance and its tags ("Deleting a DB Instance"): it is gone when the answer comes. */
export function deleteGaussMySqlInstance(catalog: Catalog): Route {
  return defineRoute({
    id: 'DeleteGaussMySqlInstance',
    method: 'DELETE',
    path: '/v3/{project_id}/instances/{instance_id}',
    summary: 'Delete an instance',
    access: 'project',
    action: 'gaussdb:instance:delete',
    params: Type.Object({ project_id: Type.String(), instance_id: Type.String() }),
    responses: { 200: Type.Object({ job_id: Type.String() }) },
    handle: async ({ params, caller, requestId }) => {
      const { project_id, instance_id } = params
      const author = authorOf({ caller, requestId })
      const work = catalog.change(project_id, 'instances', instance_id, { kind: 'delete' }, author)
      const { revision } = await ofInstance(instance_id, work)
      return { status: 200, body: { job_id: jobIdOf('delete', instance_id) }, revision }
    },
  })
}
