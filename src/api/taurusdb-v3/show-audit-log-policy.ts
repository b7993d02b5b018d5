import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Route } from '../route.ts'
import { instanceFeature } from './instance-feature.ts'

/** Shows how long audit logs are kept: 0 days, which means that there is no policy (contract 3.6). */
export function showAuditLogPolicy(catalog: Catalog): Route {
  return instanceFeature(catalog, {
    id: 'ShowAuditLogPolicy',
    path: '/v3/{project_id}/instances/{instance_id}/audit-log-policy',
    summary: 'Show the policy for audit logs',
    response: Type.Object({
      keep_days: Type.Integer({ description: '0: no policy.' }),
      audit_types: Type.Array(Type.String()),
      all_audit_log_action: Type.String(),
    }),
    show: () => ({ keep_days: 0, audit_types: [], all_audit_log_action: '' }),
  })
}
