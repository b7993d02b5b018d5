import { describe, expect } from 'vitest'
import { featureTests } from './feature-cases.ts'

describe('the policy for automatic scaling', () => {
  featureTests({
    path: '/instances/{id}/auto-scaling/policy',
    bare: {
      instance_id: expect.stringMatching(/in07$/),
      instance_name: expect.stringMatching(/^instance /),
      status: 'OFF',
      scaling_strategy: { flavor_switch: 'OFF', read_only_switch: 'OFF' },
      reduce_enabled: false,
    },
  })
})
