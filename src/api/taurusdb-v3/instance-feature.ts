import { type Static, type TObject, Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { IndexedResource } from '../../core/resource.ts'
import { INSTANCES } from '../../core/resource-types.ts'
import { defineRoute, type Route } from '../route.ts'
import { type Detail, readDetail } from './detail-reader.ts'
import { checkInstanceId } from './instance-id.ts'

/** A call that shows how one feature of an instance is set. `{instance_id}` is in the path. */
type Feature<Shown extends TObject, Query extends TObject> = Pick<Route, 'id' | 'path' | 'summary'> & {
  /** Default: the action of the calls that show instances. */
  readonly action?: string
  readonly query?: Query
  readonly response: Shown
  readonly show: (instance: IndexedResource, detail: Detail) => Static<Shown>
}

/**
 * Defines a call that shows how one feature of an instance is set. Terraform's instance resource makes them all on every
 * read (contract 3.6).
 */
export function instanceFeature<Shown extends TObject, Query extends TObject = TObject<Record<never, never>>>(
  catalog: Catalog,
  { id, path, summary, action, query, response, show }: Feature<Shown, Query>,
): Route {
  return defineRoute({
    id,
    method: 'GET',
    path,
    summary,
    access: 'project',
    action: action ?? 'gaussdb:instance:list',
    asOf: 'any',
    params: Type.Object({ project_id: Type.String(), instance_id: Type.String() }),
    ...(query !== undefined && { query }),
    responses: { 200: response },
    handle: async ({ params: { project_id, instance_id } }) => {
      const read = catalog.get(project_id, INSTANCES, instance_id)
      const { revision, resource } = await checkInstanceId(instance_id, read)
      return { status: 200, body: show(resource, readDetail(resource.detail)), revision }
    },
  })
}

/** The state of a switch, where the vendor writes it as text. */
export const switchState = Type.String({ description: 'ON or OFF.' })
