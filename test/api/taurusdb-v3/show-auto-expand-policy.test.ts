import { describe } from 'vitest'
import { featureTests } from './feature-cases.ts'

describe('the policy for automatic growth of storage', () => {
  featureTests({
    path: '/instances/{id}/storage/auto-expand-policy',
    bare: { switch_option: false },
  })
})
