import { describe } from 'vitest'
import { featureTests } from './feature-cases.ts'

describe('whether slow query logs contain original statements', () => {
  featureTests({
    path: '/instances/{id}/slowlog/query',
    // A text: Terraform's provider cannot read a boolean here.
    bare: { open_slow_log_switch: 'false' },
  })
})
