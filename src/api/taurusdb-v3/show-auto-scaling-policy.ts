import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Route } from '../route.ts'
import { instanceFeature, switchState } from './instance-feature.ts'

/** Shows the policy for automatic scaling: it is off, so it has no id and no limits (contract 3.6). */
export function showAutoScalingPolicy(catalog: Catalog): Route {
  return instanceFeature(catalog, {
    id: 'ShowAutoScalingPolicy',
    path: '/v3/{project_id}/instances/{instance_id}/auto-scaling/policy',
    summary: 'Show the policy for automatic scaling',
    response: Type.Object({
      instance_id: Type.String(),
      instance_name: Type.String(),
      status: switchState,
      scaling_strategy: Type.Object({ flavor_switch: switchState, read_only_switch: switchState }),
      reduce_enabled: Type.Boolean(),
    }),
    show: ({ id, name }) => ({
      instance_id: id,
      instance_name: name,
      status: 'OFF',
      scaling_strategy: { flavor_switch: 'OFF', read_only_switch: 'OFF' },
      reduce_enabled: false,
    }),
  })
}
