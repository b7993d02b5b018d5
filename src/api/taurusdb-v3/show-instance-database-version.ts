import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { omitUndefined } from '../omit-undefined.ts'
import type { Route } from '../route.ts'
import { instanceFeature } from './instance-feature.ts'
import { datastoreOf } from './instance-view.ts'

const text = Type.Optional(Type.String())

/** Shows the version of the engine, which is always the latest (contract 3.6). Unknown versions are omitted. */
export function showInstanceDatabaseVersion(catalog: Catalog): Route {
  return instanceFeature(catalog, {
    id: 'ShowInstanceDatabaseVersion',
    path: '/v3/{project_id}/instances/{instance_id}/database-version',
    summary: 'Show the version of the engine',
    response: Type.Object({
      upgrade_flag: Type.Boolean(),
      datastore: Type.Object({
        current_version: text,
        current_kernel_version: text,
        latest_version: text,
        latest_kernel_version: text,
      }),
    }),
    show: (_instance, detail) => {
      const { version, kernel_version } = datastoreOf(detail)
      const datastore = omitUndefined({
        current_version: version,
        current_kernel_version: kernel_version,
        latest_version: version,
        latest_kernel_version: kernel_version,
      })
      return { upgrade_flag: false, datastore }
    },
  })
}
