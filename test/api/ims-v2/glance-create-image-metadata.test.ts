import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { newImageId, texts } from '../fixtures.ts'
import { runScenarios, type Scenario } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// I16: POST /v2/images (contract 2.1, 2.5; D13).

const PATH = '/v2/images'
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const TIME = /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

const create = (body: object) => world.call('POST', PATH, { body })

describe('creation', () => {
  it('the documented request creates a queued image, which can be shown', async () => {
    const sent = {
      __os_version: 'Ubuntu 14.04 server 64bit',
      container_format: 'bare',
      disk_format: 'vhd',
      min_disk: 100,
      min_ram: 1024,
      name: 'test',
      visibility: 'private',
      protected: false,
      tags: ['test=testvalue', 'image=imagevalue'],
    }
    const { status, body, headers } = await create(sent)
    const { id } = body
    expect([status, body]).toEqual([
      201,
      {
        ...sent,
        id: expect.stringMatching(UUID),
        owner: world.service.project,
        status: 'queued',
        created_at: expect.stringMatching(TIME),
        updated_at: expect.stringMatching(TIME),
        self: `/v2/images/${id}`,
        file: `/v2/images/${id}/file`,
        schema: '/v2/schemas/image',
        __imagetype: 'private',
        __isregistered: 'true',
        __image_source_type: 'uds',
        virtual_env_type: 'FusionCompute',
      },
    ])
    expect(headers.get('location')).toBe(`${world.service.url}/v2/images/${id}`)
    expect((await world.call('GET', `/v2/images/${id}`)).body).toEqual(body)
    expect(await world.tagsOf(id)).toEqual(['test=testvalue', 'image=imagevalue'])
  })

  it('an empty request creates a new image each time', async () => {
    const [one, two] = [await create({}), await create({})]
    expect([one.status, two.status]).toEqual([201, 201])
    expect(one.body).toMatchObject({ name: '', tags: [], status: 'queued', visibility: 'private', protected: false })
    expect(one.body.id).not.toBe(two.body.id)
  })

  it('a given id is used once, then answered with 409', async () => {
    const id = newImageId()
    expect((await create({ id, name: 'first' })).body).toMatchObject({ id, name: 'first' })
    expect(await create({ id, name: 'second' })).toMatchObject(imsError(409, 'IMG.0066'))
    expect((await world.call('GET', `/v2/images/${id}`)).body.name).toBe('first')
  })

  it('an id in upper case is stored in lower case', async () => {
    const id = newImageId()
    const { status, body, headers } = await create({ id: id.toUpperCase() })
    expect([status, body.id, body.self]).toEqual([201, id, `/v2/images/${id}`])
    expect(headers.get('location')).toBe(`${world.service.url}/v2/images/${id}`)
    expect(await create({ id })).toMatchObject(imsError(409, 'IMG.0066'))
  })

  it('the owner may be given only as the project of the token', async () => {
    const { status, body } = await create({ name: 'mine', owner: world.service.project })
    expect([status, body]).toEqual([201, expect.objectContaining({ name: 'mine', owner: world.service.project })])
    expect(await create({ owner: world.other })).toMatchObject(imsError(403, 'IMG.0001', 'owner'))
  })

  it('exactly one of eight concurrent requests with the same id succeeds', async () => {
    const id = newImageId()
    const answers = await Promise.all(texts('n', 8).map((name) => create({ id, name })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)])
  })

  it.each<readonly [name: string, sent: object, shown: object]>([
    [
      'with custom attributes',
      { 'owner_specified.openstack.md5': '', Mine: 'x' },
      { 'owner_specified.openstack.md5': '', Mine: 'x' },
    ],
    ['with a tag without value', { tags: ['test', 'k='] }, { tags: ['test', 'k'] }],
    ['with ten tags', { tags: texts('k', 10) }, { tags: texts('k', 10) }],
    ['with the longest tag', { tags: [`${'k'.repeat(36)}=${'v'.repeat(43)}`] }, {}],
    ['with a tag whose blanks are trimmed', { tags: [' a = b '] }, { tags: ['a=b'] }],
    ['with a name of 255 characters', { name: 'n'.repeat(255) }, { name: 'n'.repeat(255) }],
    ['with numbers and booleans as strings', { min_ram: '512', protected: 'true' }, { min_ram: 512, protected: true }],
    ['with custom attributes that become strings', { max_ram: 2048, mine: true }, { max_ram: '2048', mine: 'true' }],
    ['as hidden', { os_hidden: true }, { os_hidden: true }],
    ['as protected', { protected: true }, { protected: true }],
    ['with visibility shared', { visibility: 'shared' }, { visibility: 'shared' }],
  ])('an image without data is created %s', async (_name, sent, shown) => {
    const { status, body } = await create(sent)
    expect([status, body]).toEqual([201, expect.objectContaining(shown)])
  })
})

function refused(name: string, body: unknown, status: number, code: string, ...fragments: string[]): Scenario {
  return {
    name: `creating an image without data is refused: ${name}`,
    request: { method: 'POST', path: PATH, body },
    ...imsError(status, code, ...fragments),
  }
}

describe('invalid requests', () => {
  runScenarios(
    () => world.target,
    [
      ...['x', '', '11111111222243338444555555555555', `${newImageId()}x`].map((id) =>
        refused(`the id ${JSON.stringify(id)}`, { id }, 400, 'IMG.0001', 'id'),
      ),
      refused('a name that is not a string', { name: 1 }, 400, 'IMG.0001', 'name', 'string'),
      refused('256 characters of a name', { name: 'n'.repeat(256) }, 400, 'IMG.0001', 'name', '255', '256'),
      refused('a custom attribute that is not a string', { mine: 1.5 }, 400, 'IMG.0001', 'mine', 'string'),
      refused('an attribute without a name', { '': 'x' }, 400, 'IMG.0001', 'empty'),
      refused('256 characters of its name', { ['n'.repeat(256)]: 'x' }, 400, 'IMG.0001', '255', '256'),
      refused('public visibility', { visibility: 'public' }, 400, 'IMG.0001', 'visibility', 'private'),
      refused('a disk below zero', { min_disk: -1 }, 400, 'IMG.0001', 'min_disk', '0'),
      refused('tags that are not an array', { tags: 'a=b' }, 400, 'IMG.0001', 'tags', 'array'),
      refused('a tag that is not a string', { tags: [{ key: 'a', value: 'b' }] }, 400, 'IMG.0001', 'tags[0]', 'string'),
      refused('an empty tag', { tags: [''] }, 400, 'IMG.0115', 'tags[0]'),
      refused('256 characters of a tag', { tags: ['k'.repeat(256)] }, 400, 'IMG.0115', 'tags[0]', '255'),
      refused('37 characters of a key', { tags: ['a', 'k'.repeat(37)] }, 400, 'IMG.0115', 'tags[1].key', '36'),
      refused('44 characters of a value', { tags: [`k=${'v'.repeat(44)}`] }, 400, 'IMG.0115', 'tags[0].value', '43'),
      refused(
        'a repeated key',
        { tags: ['a=1', 'a=2'] },
        400,
        'IMG.0001',
        'tags[1]',
        'repeats the key "a" of "a=1"; remove one of the two tags first',
      ),
      refused('eleven tags', { tags: texts('k', 11) }, 400, 'IMG.0116', 'tags', '10', '11'),
      refused('a detail above 8192 bytes', { mine: 'x'.repeat(8192) }, 400, 'IMG.0001', 'attributes', '8192'),
      refused('an empty body', '', 400, 'IMG.0007'),
      refused('an array as body', [], 400, 'IMG.0001', 'body', 'object'),
      {
        name: 'creating an image without data is refused without a token',
        request: { method: 'POST', path: PATH, body: {}, token: null },
        ...TOKEN_MISSING,
      },
      {
        name: 'creating an image without data is refused with a token of the domain',
        request: { method: 'POST', path: PATH, body: {}, token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
    ],
  )

  it.each(['status', 'owner', 'created_at', 'self', 'size', 'checksum', '__imagetype'])(
    'setting the read-only attribute %s at creation is answered with 403',
    async (name) => {
      expect(await create({ [name]: 'x' })).toMatchObject(imsError(403, 'IMG.0001', name))
    },
  )
})
