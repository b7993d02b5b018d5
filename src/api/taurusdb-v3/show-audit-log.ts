import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Route } from '../route.ts'
import { instanceFeature, switchState } from './instance-feature.ts'

/** Shows whether all SQL statements are logged; they are not (contract 3.6). */
export function showAuditLog(catalog: Catalog): Route {
  return instanceFeature(catalog, {
    id: 'ShowAuditLog',
    // COMPAT: `instance`, not `instances` [PS, TF].
    path: '/v3/{project_id}/instance/{instance_id}/audit-log/switch-status',
    summary: 'Show whether SQL auditing is on',
    response: Type.Object({ switch_status: switchState }),
    show: () => ({ switch_status: 'OFF' }),
  })
}
