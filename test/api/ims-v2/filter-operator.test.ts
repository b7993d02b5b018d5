import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toAlternatives } from '../../../src/api/ims-v2/filter-operator.ts'
import { imsError } from '../expected.ts'
import { startWorld, type World } from './world.ts'

// The operator `in:` of image lists (contract D32).

describe('the values of a filter', () => {
  it.each([
    ['id', 'x', ['x']],
    ['name', '', ['']],
    ['name', 'nginx:1.27', ['nginx:1.27']],
    ['name', 'in:a', ['a']],
    ['name', 'in:a,b c,ä', ['a', 'b c', 'ä']],
    ['name', 'in:"a,b",c,""', ['a,b', 'c', '']],
    ['name', 'in:nginx:1.27,in:x', ['nginx:1.27', 'in:x']],
    ['name', 'eq:in:a,b', ['in:a,b']],
    ['status', 'in:active,queued', ['active', 'queued']],
    ['disk_format', 'eq:raw', ['raw']],
  ] as const)('%s=%s means %j', (parameter, text, values) => {
    expect(toAlternatives(parameter, text)).toEqual(values)
  })
})

describe('image lists', () => {
  let world: World
  const ids: string[] = []
  beforeAll(async () => {
    world = await startWorld()
    for (const [name, status, format] of [
      ['a', 'active', 'raw'],
      ['b,c', 'queued', 'qcow2'],
      ['nginx:1.27', 'killed', 'vhd'],
    ] as const) {
      const detail = { status, disk_format: format, container_format: format === 'raw' ? 'ova' : 'bare' }
      ids.push(await world.image(detail, [], { resource_name: name }))
    }
  })
  afterAll(() => world.service.stop())

  const listed = async (path: string, query: Record<string, string>) => {
    const owner = world.service.project
    const { status, body } = await world.call('GET', `${path}?${new URLSearchParams({ ...query, owner })}`)
    expect(status).toBe(200)
    return body.images.map(({ id }: { id: string }) => ids.indexOf(id)).sort()
  }

  for (const path of ['/v2/images', '/v2/cloudimages']) {
    it(`${path} gives the images with any of the values of in:`, async () => {
      expect(await listed(path, { id: `in:${ids[2]},none,${ids[0]}` })).toEqual([0, 2])
      expect(await listed(path, { id: `in:${ids[1]}` })).toEqual([1])
      expect(await listed(path, { name: 'in:a,"b,c"' })).toEqual([0, 1])
      expect(await listed(path, { name: 'nginx:1.27' })).toEqual([2])
      expect(await listed(path, { status: 'in:queued,killed' })).toEqual([1, 2])
      expect(await listed(path, { disk_format: 'in:raw,vhd' })).toEqual([0, 2])
      expect(await listed(path, { container_format: 'in:ova,docker' })).toEqual([0])
      expect(await listed(path, { status: 'in:queued,killed', disk_format: 'in:raw,vhd' })).toEqual([2])
    })

    it.each([
      ['id', 'neq:x'],
      ['name', 'gt:x'],
      ['status', 'contains:act'],
      ['disk_format', 'in:'],
      ['container_format', 'in:a,'],
      ['name', 'in:"a'],
      ['name', 'in:a"b'],
    ])(`${path} refuses %s=%s`, async (parameter, value) => {
      const answer = await world.call('GET', `${path}?${new URLSearchParams({ [parameter]: value })}`)
      expect(answer).toMatchObject(imsError(400, 'IMG.0001', `${parameter}: must be `, JSON.stringify(value)))
    })
  }

  it('links of a page keep the operator', async () => {
    const query = new URLSearchParams({ name: 'in:a,"b,c"', limit: '1', owner: world.service.project })
    const { body } = await world.call('GET', `/v2/images?${query}`)
    const next = await world.call('GET', body.next)
    expect([body.images[0].id, next.body.images[0].id].sort()).toEqual([ids[0], ids[1]].sort())
  })
})
