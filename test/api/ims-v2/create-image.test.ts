import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { texts } from '../fixtures.ts'
import { runScenarios, type Scenario } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// I14: POST /v2/cloudimages/action (contract 2.1, 2.5).

const PATH = '/v2/cloudimages/action'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

/** Creates an image and gives its response form. */
async function made(body: object) {
  const answer = await world.call('POST', PATH, { body })
  expect([answer.status, answer.body]).toEqual([200, { job_id: expect.stringMatching(/^[0-9a-f]{32}$/) }])
  const job = await world.call('GET', `/v1/${world.service.project}/jobs/${answer.body.job_id}`)
  return (await world.call('GET', `/v2/images/${job.body.entities.image_id}`)).body
}

const server = { name: 'ims_test', instance_id: '877a2cda-ba63-4e1e-b95f-e67e48b6129a' }

describe('creation', () => {
  it('an image created from a server is active and shows all given members', async () => {
    const image = await made({
      ...server,
      description: 'made from a server',
      min_ram: 0,
      enterprise_project_id: 'e1',
      cmk_id: 'c1',
      image_tags: [
        { key: 'key2', value: 'value2' },
        { key: 'key1', value: '' },
      ],
      max_ram: 2048,
    })
    expect(image).toEqual({
      id: expect.any(String),
      name: 'ims_test',
      owner: world.service.project,
      status: 'active',
      visibility: 'private',
      tags: ['key2=value2', 'key1'],
      protected: false,
      min_disk: 0,
      min_ram: 0,
      disk_format: 'zvhd2',
      container_format: 'bare',
      created_at: expect.any(String),
      updated_at: expect.any(String),
      self: `/v2/images/${image.id}`,
      file: `/v2/images/${image.id}/file`,
      schema: '/v2/schemas/image',
      __imagetype: 'private',
      __isregistered: 'true',
      __image_source_type: 'uds',
      virtual_env_type: 'FusionCompute',
      __data_origin: `instance,${server.instance_id}`,
      max_ram: '2048',
      __description: 'made from a server',
      enterprise_project_id: 'e1',
      __system__cmkid: 'c1',
    })
  })

  it.each<readonly [name: string, body: object, shown: object]>([
    [
      'from a file',
      { name: 'n', image_url: 'bucket:file.vhd', min_disk: 40, os_version: 'Ubuntu' },
      { __data_origin: 'file,bucket:file.vhd', min_disk: 40, __os_version: 'Ubuntu' },
    ],
    ['from a disk', { name: 'n', volume_id: 'v1', os_version: 'Ubuntu' }, { __data_origin: 'volume,v1' }],
    [
      'from a data disk, ignoring name and tags outside of it',
      {
        name: 'out',
        tags: ['out.1'],
        data_images: [{ name: 'in', volume_id: 'v2', description: 'd', tags: ['in.1'] }],
      },
      { name: 'in', tags: ['in=1'], __description: 'd', virtual_env_type: 'DataImage', __data_origin: 'volume,v2' },
    ],
    [
      'with tags as strings of both notations',
      { ...server, tags: ['a.b.c', 'd=e.f', 'g'] },
      { tags: ['a=b.c', 'd=e.f', 'g'] },
    ],
    [
      'with all members that clients read back',
      { ...server, os_type: 'Linux', architecture: 'arm', hw_firmware_type: 'uefi', max_ram: 0, type: 'ECS' },
      {
        __os_type: 'Linux',
        __support_arm: 'true',
        hw_firmware_type: 'uefi',
        max_ram: '0',
        virtual_env_type: 'FusionCompute',
      },
    ],
    ['of the type IsoImage', { ...server, type: 'IsoImage' }, { virtual_env_type: 'IsoImage' }],
    ['of the type BMS', { ...server, type: 'BMS' }, { virtual_env_type: 'Ironic' }],
    ['of the type FusionCompute', { ...server, type: 'FusionCompute' }, { virtual_env_type: 'FusionCompute' }],
    ['with the largest memory', { ...server, max_ram: 2 ** 31 - 1 }, { max_ram: '2147483647' }],
    ['with ten tags', { ...server, tags: texts('k', 10) }, { tags: texts('k', 10) }],
    ['with the longest name', { ...server, name: 'n'.repeat(255) }, { name: 'n'.repeat(255) }],
    ['with the longest description', { ...server, description: 'd'.repeat(1024) }, { __description: 'd'.repeat(1024) }],
  ])('an image is created %s', async (_name, body, shown) => {
    expect(await made(body)).toMatchObject(shown)
  })

  it('an x86 image has no __support_arm', async () => {
    expect(await made({ ...server, architecture: 'x86' })).not.toHaveProperty('__support_arm')
  })

  it('an empty description is not stored', async () => {
    expect(await made({ ...server, description: '' })).not.toHaveProperty('__description')
  })
})

function refused(name: string, body: unknown, code: string, ...fragments: string[]): Scenario {
  return {
    name: `creating an image from a source is refused: ${name}`,
    request: { method: 'POST', path: PATH, body },
    ...imsError(400, code, ...fragments),
  }
}

describe('invalid requests', () => {
  const disk = { name: 'n', volume_id: 'v' }
  runScenarios(
    () => world.target,
    [
      refused('no source', { name: 'n' }, 'IMG.0001', 'instance_id', 'required'),
      refused('two sources', { ...server, volume_id: 'v' }, 'IMG.0001', 'volume_id', 'left out'),
      refused('a server and a data disk', { ...server, data_images: [disk] }, 'IMG.0001', 'data_images', 'left out'),
      refused('two data disks', { data_images: [disk, disk] }, 'IMG.0001', 'data_images', 'at most 1'),
      refused('an empty list of data disks', { data_images: [] }, 'IMG.0001', 'data_images', 'at least 1'),
      refused('a file without min_disk', { name: 'n', image_url: 'b:f' }, 'IMG.0001', 'min_disk', 'required'),
      refused('a disk without os_version', disk, 'IMG.0001', 'os_version', 'required'),
      refused('no name', { instance_id: 'i' }, 'IMG.0001', 'name', 'required'),
      refused('an empty name', { ...server, name: '' }, 'IMG.0001', 'name'),
      refused('256 characters of a name', { ...server, name: 'n'.repeat(256) }, 'IMG.0001', 'name', '255', '256'),
      refused(
        '1025 characters of a description',
        { ...server, description: 'd'.repeat(1025) },
        'IMG.0001',
        'description',
        '1024',
      ),
      refused('angle brackets in a description', { ...server, description: '<' }, 'IMG.0001', 'description', '"<"'),
      refused('a disk that is not a number', { ...server, min_disk: '40' }, 'IMG.0001', 'min_disk', 'integer'),
      refused('a disk above the maximum', { ...server, min_disk: 2 ** 31 }, 'IMG.0001', 'min_disk', '2147483647'),
      refused('memory above the maximum', { ...server, max_ram: 2 ** 31 }, 'IMG.0001', 'max_ram', '2147483647'),
      refused('memory below zero', { ...server, max_ram: -1 }, 'IMG.0001', 'max_ram', '0'),
      refused('an unknown architecture', { ...server, architecture: 'ppc' }, 'IMG.0001', 'architecture', 'arm', 'ppc'),
      refused('an unknown type', { ...server, type: 'Cloud' }, 'IMG.0001', 'type', 'IsoImage', 'Cloud'),
      refused('an unknown firmware', { ...server, hw_firmware_type: 'x' }, 'IMG.0001', 'hw_firmware_type', 'uefi'),
      refused('both kinds of tags', { ...server, tags: [], image_tags: [] }, 'IMG.0001', 'image_tags', 'left out'),
      refused(
        'a repeated key',
        { ...server, tags: ['a.1', 'a=2'] },
        'IMG.0001',
        'tags[1]',
        'repeats the key "a" of "a.1"; remove one of the two tags first',
      ),
      refused('no value in image_tags', { ...server, image_tags: [{ key: 'k' }] }, 'IMG.0001', 'image_tags[0].value'),
      refused('an empty key', { ...server, tags: ['.v'] }, 'IMG.0115', 'tags[0].key'),
      refused('37 characters of a key', { ...server, tags: ['k'.repeat(37)] }, 'IMG.0115', 'tags[0].key', '36'),
      refused('256 characters of a tag', { ...server, tags: ['k'.repeat(256)] }, 'IMG.0115', 'tags[0]', '255'),
      refused(
        'an invalid tag of a data disk',
        { data_images: [{ ...disk, image_tags: [{ key: 'a b', value: '' }] }] },
        'IMG.0115',
        'data_images[0].image_tags[0].key',
        'a b',
      ),
      refused('eleven tags', { ...server, tags: texts('k', 11) }, 'IMG.0116', 'tags', '10', '11'),
      refused('a detail above 8192 bytes', { ...server, instance_id: 'i'.repeat(8192) }, 'IMG.0001', '8192'),
      refused('an empty body', '', 'IMG.0007'),
      {
        name: 'creating an image from a source is refused without a token',
        request: { method: 'POST', path: PATH, body: server, token: null },
        ...TOKEN_MISSING,
      },
      {
        name: 'creating an image from a source is refused with a token of the domain',
        request: { method: 'POST', path: PATH, body: server, token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
    ],
  )
})
