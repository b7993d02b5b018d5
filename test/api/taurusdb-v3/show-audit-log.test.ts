import { describe } from 'vitest'
import { featureTests } from './feature-cases.ts'

describe('whether SQL auditing is on', () => {
  featureTests({
    path: '/instance/{id}/audit-log/switch-status',
    bare: { switch_status: 'OFF' },
  })
})
