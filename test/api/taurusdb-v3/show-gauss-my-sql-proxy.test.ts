import { describe } from 'vitest'
import { featureTests } from './feature-cases.ts'

describe('the proxy of an instance', () => {
  featureTests({
    path: '/instances/{id}/proxy',
    bare: { proxy: { status: 'closed', node_num: 0 }, readonly_nodes: [] },
    registered: [
      {
        name: 'the first registered proxy is shown as open',
        detail: { proxies: [{ pool_id: 'po01', address: '10.0.0.1', name: 'one' }, { pool_id: 'po02' }] },
        body: { proxy: { status: 'open', pool_id: 'po01', address: '10.0.0.1' }, readonly_nodes: [] },
      },
      {
        name: 'an empty list of proxies means that the proxy is closed',
        detail: { proxies: [] },
        body: { proxy: { status: 'closed', node_num: 0 }, readonly_nodes: [] },
      },
    ],
  })
})
