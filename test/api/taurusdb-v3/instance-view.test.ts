import { expect, it } from 'vitest'
import { instanceView, listedInstanceView } from '../../../src/api/taurusdb-v3/instance-view.ts'
import type { IndexedResource } from '../../../src/core/resource.ts'

// A store may hold details that were imported before the import checked them.

function resourceOf(detail: object): IndexedResource {
  return { id: 'i', name: 'n', detail: JSON.stringify(detail), tags: [], sequence: 1, createdAtMs: 0, updatedAtMs: 0 }
}

it('registered nodes are shown unchanged, whatever their number is', () => {
  const nodes = [{ id: 'no07', type: 'master' }]
  expect(instanceView('p', resourceOf({ nodes, node_count: 3 })).nodes).toEqual(nodes)
  expect(instanceView('p', resourceOf({ nodes: [], slave_count: 3 })).nodes).toEqual([])
})

it('an instance of which only the number of nodes is registered shows that many nodes, up to 16', () => {
  expect(instanceView('p', resourceOf({ node_count: 16 })).nodes).toHaveLength(16)
  expect(instanceView('p', resourceOf({ slave_count: 15 })).nodes).toHaveLength(16)
  expect(instanceView('p', resourceOf({ node_count: 17 }))).not.toHaveProperty('nodes')
  expect(instanceView('p', resourceOf({}))).not.toHaveProperty('nodes')
})

it('nodes have different ids that fit the form of the vendor', () => {
  const instance = { ...resourceOf({ node_count: 16 }), id: `${'a1'.repeat(16)}in07` }
  const ids = (instanceView('p', instance).nodes ?? []).map((node) => (node as { id?: string }).id)
  expect(new Set(ids)).toHaveLength(16)
  for (const id of ids) expect(id).toMatch(/^[0-9a-z]{32}no07$/)
})

it('several public addresses of one instance are joined by commas', () => {
  expect(instanceView('p', resourceOf({ public_ips: ['10.0.0.1', '10.0.0.2'] })).public_ips).toBe('10.0.0.1,10.0.0.2')
  expect(instanceView('p', resourceOf({ public_ips: [] }))).not.toHaveProperty('public_ips')
})

it('members of wrong types in a stored detail are omitted', () => {
  const detail = { port: [1], datastore: 'x', private_ips: ['10.0.0.1', 2], nodes: {}, volume: 'x', node_count: '2' }
  const resource = resourceOf(detail)
  const shown = instanceView('p', resource)
  expect(shown).toMatchObject({ status: 'ACTIVE', datastore: { type: 'gaussdb-mysql' } })
  expect(shown.private_write_ips).toEqual(['10.0.0.1'])
  for (const name of ['port', 'nodes', 'node_count']) expect(shown).not.toHaveProperty(name)
  expect(listedInstanceView(resource)).not.toHaveProperty('volume')
})
