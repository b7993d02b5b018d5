import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Route } from '../route.ts'
import { instanceFeature } from './instance-feature.ts'

/** Shows whether storage grows automatically; it does not (contract 3.6). */
export function showAutoExpandPolicy(catalog: Catalog): Route {
  return instanceFeature(catalog, {
    id: 'ShowAutoExpandPolicy',
    path: '/v3/{project_id}/instances/{instance_id}/storage/auto-expand-policy',
    summary: 'Show the policy for automatic growth of storage',
    response: Type.Object({ switch_option: Type.Boolean() }),
    show: () => ({ switch_option: false }),
  })
}
