import { expect, it } from 'vitest'
import { instanceView, listedInstanceView } from '../../../src/api/taurusdb-v3/instance-view.ts'

// A store may hold details that were imported before the import checked them.

it('members of wrong types in a stored detail are omitted', () => {
  const detail = { port: [1], datastore: 'x', private_ips: ['10.0.0.1', 2], nodes: {}, volume: 'x', node_count: '2' }
  const resource = {
    ...{ id: 'i', name: 'n', detail: JSON.stringify(detail), tags: [], sequence: 1, createdAtMs: 0, updatedAtMs: 0 },
  }
  const shown = instanceView('p', resource)
  expect(shown).toMatchObject({ status: 'ACTIVE', datastore: { type: 'gaussdb-mysql' } })
  expect(shown.private_write_ips).toEqual(['10.0.0.1'])
  for (const name of ['port', 'nodes', 'node_count']) expect(shown).not.toHaveProperty(name)
  expect(listedInstanceView(resource)).not.toHaveProperty('volume')
})
