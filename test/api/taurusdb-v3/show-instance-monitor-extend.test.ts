import { describe } from 'vitest'
import { featureTests } from './feature-cases.ts'

describe('whether monitoring by the second is on', () => {
  featureTests({
    path: '/instances/{id}/monitor-policy',
    // `period` is only documented for monitoring that is on. Terraform would plan to remove it.
    bare: { monitor_switch: false, allow: false },
  })
})
