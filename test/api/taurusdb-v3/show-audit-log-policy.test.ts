import { describe } from 'vitest'
import { featureTests } from './feature-cases.ts'

describe('the policy for audit logs', () => {
  featureTests({
    path: '/instances/{id}/audit-log-policy',
    bare: { keep_days: 0, audit_types: [], all_audit_log_action: '' },
  })
})
