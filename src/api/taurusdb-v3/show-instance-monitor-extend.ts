import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Route } from '../route.ts'
import { instanceFeature } from './instance-feature.ts'

/**
 * Shows whether an instance is monitored by the second; it is not (contract 3.6). `period` is only shown when it is.
 */
export function showInstanceMonitorExtend(catalog: Catalog): Route {
  return instanceFeature(catalog, {
    id: 'ShowInstanceMonitorExtend',
    path: '/v3/{project_id}/instances/{instance_id}/monitor-policy',
    summary: 'Show whether monitoring by the second is on',
    response: Type.Object({
      monitor_switch: Type.Boolean(),
      allow: Type.Boolean({ description: 'Whether it can be switched on.' }),
    }),
    show: () => ({ monitor_switch: false, allow: false }),
  })
}
