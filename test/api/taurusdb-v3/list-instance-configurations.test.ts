import { describe } from 'vitest'
import { featureTests } from './feature-cases.ts'

describe('the parameters of an instance', () => {
  featureTests({
    path: '/instances/{id}/configurations',
    bare: { configurations: { datastore_name: 'gaussdb-mysql' }, total_count: 0, parameter_values: [] },
    invalidQueries: [
      ['limit=0', 'DBS.280439'],
      ['limit=101', 'DBS.280439'],
      ['offset=-1', 'DBS.200001'],
    ],
    registered: [
      {
        name: 'the registered version and parameter template are shown',
        detail: { datastore: { version: '8.0' }, configuration_id: 'pr07' },
        body: {
          configurations: {
            datastore_version_name: '8.0',
            datastore_name: 'gaussdb-mysql',
            configuration_id: 'pr07',
          },
          total_count: 0,
          parameter_values: [],
        },
      },
    ],
  })
})
