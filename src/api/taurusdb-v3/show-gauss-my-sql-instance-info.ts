import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { INSTANCES } from '../../core/resource-types.ts'
import { defineRoute, type Route } from '../route.ts'
import { checkInstanceId, INSTANCE_PATH } from './instance-id.ts'
import { detailedInstance } from './instance-schemas.ts'
import { instanceView } from './instance-view.ts'

/** Shows one instance with all its tags (contract 3.1). */
export function showGaussMySqlInstanceInfo(catalog: Catalog): Route {
  return defineRoute({
    id: 'ShowGaussMySqlInstanceInfo',
    method: 'GET',
    path: INSTANCE_PATH,
    summary: 'Show an instance',
    access: 'project',
    action: 'gaussdb:instance:list',
    asOf: 'any',
    params: Type.Object({ project_id: Type.String(), instance_id: Type.String() }),
    // COMPAT: the vendor's sample is headed "Status code: 201", its table says 200 (D23).
    responses: { 200: Type.Object({ instance: detailedInstance }) },
    handle: async ({ params }) => {
      const { project_id, instance_id } = params
      const { revision, resource } = await checkInstanceId(instance_id, catalog.get(project_id, INSTANCES, instance_id))
      return { status: 200, body: { instance: instanceView(project_id, resource) }, revision }
    },
  })
}
