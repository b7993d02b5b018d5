import { describe } from 'vitest'
import { featureTests } from './feature-cases.ts'

describe('the version of the engine', () => {
  featureTests({
    path: '/instances/{id}/database-version',
    bare: { upgrade_flag: false, datastore: {} },
    registered: [
      {
        name: 'a registered version is the latest one',
        detail: { datastore: { type: 'gaussdb-mysql', version: '8.0', kernel_version: '2.0.29.1' } },
        body: {
          upgrade_flag: false,
          datastore: {
            current_version: '8.0',
            current_kernel_version: '2.0.29.1',
            latest_version: '8.0',
            latest_kernel_version: '2.0.29.1',
          },
        },
      },
      {
        name: 'an unknown version of the kernel is omitted',
        detail: { datastore: { version: '8.0' } },
        body: { upgrade_flag: false, datastore: { current_version: '8.0', latest_version: '8.0' } },
      },
    ],
  })
})
