import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError } from '../expected.ts'
import { runScenarios, type Scenario } from '../scenarios.ts'
import { startWorld, testImageAccess, type World } from './world.ts'

// I13: PATCH /v2/cloudimages/{image_id} (contract 2.1, 2.5). The tests of `GlanceUpdateImage` cover the rest of patches.

const PATH = '/v2/cloudimages/{image}'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

const patch = (id: string, steps: unknown) => world.call('PATCH', `/v2/cloudimages/${id}`, { body: steps })

describe('changes', () => {
  it('the documented request changes the name', async () => {
    const id = await world.image({ __os_type: 'Linux' }, ['a=1', 'b='])
    const before = (await world.call('GET', `/v2/images/${id}`)).body
    const { status, body } = await patch(id, [{ op: 'replace', path: '/name', value: 'ims_test' }])
    expect([status, body]).toEqual([200, { ...before, name: 'ims_test', updated_at: expect.any(String) }])
    expect((await world.call('GET', `/v2/images/${id}`)).body).toEqual(body)
    expect((await world.call('GET', '/v2/cloudimages?name=ims_test')).body.images).toEqual([body])
  })

  it('steps are applied in order, with values as strings or JSON types', async () => {
    const id = await world.image({ hw_firmware_type: 'bios', gone: 'x' })
    const { body } = await patch(id, [
      { op: 'add', path: '/__support_xen', value: 'true' },
      { op: 'replace', path: '/hw_firmware_type', value: 'uefi' },
      { op: 'replace', path: '/min_ram', value: '1024' },
      { op: 'replace', path: '/min_disk', value: 40 },
      { op: 'replace', path: '/__description', value: 'what it is' },
      { op: 'remove', path: '/gone' },
    ])
    expect(body).toMatchObject({ __support_xen: 'true', hw_firmware_type: 'uefi', min_ram: 1024, min_disk: 40 })
    expect(body).toMatchObject({ __description: 'what it is' })
    expect(body).not.toHaveProperty('gone')
  })

  it('an empty patch changes nothing', async () => {
    const id = await world.image()
    const before = await world.call('GET', `/v2/images/${id}`)
    const { status, body, headers } = await patch(id, [])
    expect([status, body]).toEqual([200, before.body])
    expect(headers.get('x-tagwerk-revision')).toBe(before.headers.get('x-tagwerk-revision'))
  })
})

describe('absent attributes: 400 IMG.0035, after which Terraform adds them', () => {
  it.each<readonly [name: string, steps: readonly object[]]>([
    ['that replaces it', [{ op: 'replace', path: '/max_ram', value: 2048 }]],
    ['that removes it', [{ op: 'remove', path: '/max_ram' }]],
    [
      'that removes an attribute twice',
      [
        { op: 'remove', path: '/there' },
        { op: 'remove', path: '/there' },
      ],
    ],
  ])('a patch of an absent attribute is answered with 400 and changes nothing: %s', async (_name, steps) => {
    const id = await world.image({ there: 'y' })
    const before = (await world.call('GET', `/v2/images/${id}`)).body
    const answer = await patch(id, steps)
    expect(answer).toMatchObject(imsError(400, 'IMG.0035', `[${steps.length - 1}].path`, 'required'))
    expect((await world.call('GET', `/v2/images/${id}`)).body).toEqual(before)
  })
})

it.each([
  [2048, '2048'],
  [0, '0'],
  [-1, '-1'],
  [true, 'true'],
  [false, 'false'],
])('the value %j of a custom attribute is returned as a string', async (value, shown) => {
  const id = await world.image()
  const { status, body } = await patch(id, [{ op: 'add', path: '/max_ram', value }])
  expect([status, body.max_ram]).toEqual([200, shown])
  expect((await world.call('GET', `/v2/cloudimages?id=${id}&max_ram=${shown}`)).body.images).toEqual([body])
})

describe('images that are not active: 400 IMG.0046', () => {
  it.each(['queued', 'saving', 'killed', 'deleted'])('an image with status %s cannot be updated', async (status) => {
    const id = await world.image({ status })
    const answer = await patch(id, [{ op: 'replace', path: '/name', value: 'x' }])
    expect(answer).toMatchObject(imsError(400, 'IMG.0046', 'status', 'active'))
    expect((await world.call('GET', `/v2/images/${id}`)).body.name).not.toBe('x')
  })
})

function refused(name: string, body: unknown, code: string, ...fragments: string[]): Scenario {
  return {
    name: `updating an image is refused: ${name}`,
    request: { method: 'PATCH', path: PATH, body },
    ...imsError(400, code, ...fragments),
  }
}

describe('invalid requests', () => {
  const add = (path: string, value: unknown = 'x') => [{ op: 'add', path, value }]
  runScenarios(
    () => world.target,
    [
      refused('upper-case letters in a name', add('/Name_of_mine'), 'IMG.0001', '[0].path', 'capital', 'Name_of_mine'),
      refused('upper-case letters of other scripts', add('/Änderung'), 'IMG.0001', '[0].path', 'capital'),
      refused('a body that is not an array', { op: 'add', path: '/x', value: 'y' }, 'IMG.0001', 'body', 'array'),
      refused('no operation', [{ path: '/x', value: 'y' }], 'IMG.0001', '[0].op', 'required'),
      refused('an unknown operation', [{ op: 'move', path: '/x' }], 'IMG.0001', '[0].op', 'replace', 'move'),
      refused('no path', [{ op: 'add', value: 'y' }], 'IMG.0001', '[0].path', 'required'),
      refused('a path that is not a string', [{ op: 'add', path: 1, value: 'y' }], 'IMG.0001', '[0].path', 'string'),
      refused('no value', [{ op: 'add', path: '/x' }], 'IMG.0001', '[0].value', 'required'),
      refused('a fraction', add('/x', 0.5), 'IMG.0001', '[0].value', 'string'),
      refused('an integer above 2^53 - 1', add('/x', 2 ** 53), 'IMG.0001', '[0].value', 'string'),
      refused('a number as disk_format', add('/disk_format', 1), 'IMG.0001', '[0].value', 'string'),
      refused('an invalid second step', [...add('/x'), ...add('no slash')], 'IMG.0001', '[1].path', 'no slash'),
      refused('an empty body', '', 'IMG.0007'),
    ],
  )
})

testImageAccess(() => world, { method: 'PATCH', path: PATH, body: [{ op: 'replace', path: '/name', value: 'x' }] })
