import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Route } from '../route.ts'
import { instanceFeature } from './instance-feature.ts'

/** Shows whether an instance is shared by tenants; it is not (contract 3.6). */
export function showMultiTenant(catalog: Catalog): Route {
  return instanceFeature(catalog, {
    id: 'ShowMultiTenant',
    path: '/v3/{project_id}/instances/{instance_id}/multi-tenant',
    summary: 'Show whether multi-tenancy is on',
    response: Type.Object({ multi_tenant_switch: Type.Boolean() }),
    show: () => ({ multi_tenant_switch: false }),
  })
}
