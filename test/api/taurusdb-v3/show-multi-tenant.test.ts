import { describe } from 'vitest'
import { featureTests } from './feature-cases.ts'

describe('whether multi-tenancy is on', () => {
  featureTests({
    path: '/instances/{id}/multi-tenant',
    bare: { multi_tenant_switch: false },
  })
})
