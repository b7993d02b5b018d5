import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { omitUndefined } from '../omit-undefined.ts'
import type { Route } from '../route.ts'
import { objectsIn, stringIn } from './detail-reader.ts'
import { instanceFeature } from './instance-feature.ts'

const text = Type.Optional(Type.String())

/** Shows the proxy of an instance: the first one that an import registered, otherwise a closed one (contract 3.6). */
export function showGaussMySqlProxy(catalog: Catalog): Route {
  return instanceFeature(catalog, {
    id: 'ShowGaussMySqlProxy',
    path: '/v3/{project_id}/instances/{instance_id}/proxy',
    summary: 'Show the proxy of an instance',
    response: Type.Object({
      proxy: Type.Object({
        status: Type.String({ description: 'open or closed.' }),
        pool_id: text,
        address: text,
        node_num: Type.Optional(Type.Integer()),
      }),
      readonly_nodes: Type.Array(Type.Object({ id: Type.String() })),
    }),
    show: (_instance, { proxies }) => {
      const [first] = objectsIn(proxies) ?? []
      if (first === undefined) return { proxy: { status: 'closed', node_num: 0 }, readonly_nodes: [] }
      const known = omitUndefined({ pool_id: stringIn(first.pool_id), address: stringIn(first.address) })
      return { proxy: { status: 'open', ...known }, readonly_nodes: [] }
    },
  })
}
