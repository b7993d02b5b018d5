import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { omitUndefined } from '../omit-undefined.ts'
import type { Route } from '../route.ts'
import { stringIn } from './detail-reader.ts'
import { instanceFeature } from './instance-feature.ts'
import { datastoreOf } from './instance-view.ts'
import { pageQuery } from './page-query.ts'

const text = Type.Optional(Type.String())

/** Lists the engine's parameters; there are none, because no engine runs (contract 3.6). */
export function listInstanceConfigurations(catalog: Catalog): Route {
  return instanceFeature(catalog, {
    id: 'ListInstanceConfigurations',
    path: '/v3/{project_id}/instances/{instance_id}/configurations',
    summary: 'List the parameters of an instance',
    action: 'gaussdb:param:list',
    query: pageQuery,
    response: Type.Object({
      configurations: Type.Object({
        datastore_version_name: text,
        datastore_name: Type.String(),
        configuration_id: text,
      }),
      total_count: Type.Integer(),
      parameter_values: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
    }),
    show: (_instance, detail) => {
      const { type, version } = datastoreOf(detail)
      const known = omitUndefined({
        datastore_version_name: version,
        configuration_id: stringIn(detail.configuration_id),
      })
      return { configurations: { ...known, datastore_name: type }, total_count: 0, parameter_values: [] }
    },
  })
}
