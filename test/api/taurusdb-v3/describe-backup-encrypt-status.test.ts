import { describe } from 'vitest'
import { featureTests } from './feature-cases.ts'

describe('whether backups are encrypted', () => {
  featureTests({
    path: '/instances/{id}/backups/encryption',
    bare: { encryption_status: 'OFF' },
  })
})
