import { describe } from 'vitest'
import { featureTests } from './feature-cases.ts'

describe('whether SQL throttling is on', () => {
  featureTests({
    path: '/instances/{id}/sql-filter/switch',
    bare: { switch_status: 'OFF' },
  })
})
