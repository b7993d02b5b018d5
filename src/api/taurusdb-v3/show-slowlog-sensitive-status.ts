import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Route } from '../route.ts'
import { instanceFeature } from './instance-feature.ts'

/** Shows whether slow query logs contain the original statements; there are none (contract 3.6). */
export function showSlowlogSensitiveStatus(catalog: Catalog): Route {
  return instanceFeature(catalog, {
    id: 'ShowSlowlogSensitiveStatus',
    path: '/v3/{project_id}/instances/{instance_id}/slowlog/query',
    summary: 'Show whether slow query logs contain original statements',
    // COMPAT: a boolean in the SDKs, a text in Terraform's provider, whose tests against the cloud read `true` [CG].
    response: Type.Object({ open_slow_log_switch: Type.String({ description: 'true or false.' }) }),
    show: () => ({ open_slow_log_switch: 'false' }),
  })
}
