import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// I15: GET /v2/images/{image_id} (contract 2.1, 2.5; D13, D27).

const PATH = '/v2/images/{image}'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

describe('the response', () => {
  it('an image shows its stored attributes and the defaults', async () => {
    const detail = {
      __os_type: 'Linux',
      __support_kvm: 'true',
      created_at: '2018-09-06T14:03:27.123Z',
      owner: 'x',
      id: 'y',
    }
    const id = await world.image(detail, ['a=1', 'b=', 'c=x.y'])
    const { status, body } = await world.call('GET', `/v2/images/${id}`)
    expect([status, body]).toEqual([
      200,
      {
        id,
        name: `image ${id.slice(-4)}`,
        owner: world.service.project,
        status: 'active',
        visibility: 'private',
        tags: ['a=1', 'b', 'c=x.y'],
        protected: false,
        min_disk: 0,
        min_ram: 0,
        disk_format: 'zvhd2',
        container_format: 'bare',
        created_at: '2018-09-06T14:03:27Z',
        updated_at: expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        self: `/v2/images/${id}`,
        file: `/v2/images/${id}/file`,
        schema: '/v2/schemas/image',
        __imagetype: 'private',
        __isregistered: 'true',
        __image_source_type: 'uds',
        virtual_env_type: 'FusionCompute',
        __os_type: 'Linux',
        __support_kvm: 'true',
      },
    ])
  })

  it('an imported image has the JSON types of the schema', async () => {
    const detail = {
      status: 'killed',
      visibility: 'public',
      protected: 'true',
      min_disk: '40',
      size: '7',
      max_ram: 5,
      checksum: null,
      mine: true,
    }
    const { body } = await world.call('GET', `/v2/images/${await world.image(detail)}`)
    expect(body).toMatchObject({
      status: 'killed',
      visibility: 'public',
      protected: true,
      min_disk: 40,
      size: 7,
      max_ram: '5',
      mine: 'true',
      __imagetype: 'gold',
    })
    expect(body).not.toHaveProperty('checksum')
  })

  it.each(['pending', 'accepted', 'rejected'] as const)(
    'a shared image with status %s is shown with its owner',
    async (status) => {
      const id = await world.sharedImage(status, ['a=1'])
      const answer = await world.call('GET', `/v2/images/${id}`)
      expect(answer.body).toMatchObject({
        id,
        owner: world.other,
        visibility: 'shared',
        __imagetype: 'shared',
        tags: ['a=1'],
      })
      // The revision is that of the asking project.
      const own = await world.call('GET', `/v2/images/${world.target.fills.image}`)
      expect(answer.headers.get('x-tagwerk-revision')).toBe(own.headers.get('x-tagwerk-revision'))
    },
  )

  it('an own image takes precedence over a shared one of the same id', async () => {
    const id = await world.sharedImage('accepted', ['of=other'])
    await world.image({}, ['of=own'], { resource_id: id })
    expect((await world.call('GET', `/v2/images/${id}`)).body).toMatchObject({
      owner: world.service.project,
      tags: ['of=own'],
    })
    const { body } = await world.call('GET', `/v2/images?id=${id}`)
    expect(body.images.map(({ tags }: { tags: string[] }) => tags)).toEqual([['of=own']])
  })
})

describe('access control', () => {
  const get = (path: string, token: string | null = 'project') => ({ method: 'GET', path, token })
  runScenarios(
    () => world.target,
    [
      {
        name: 'showing an image is refused for an unknown image',
        request: get('/v2/images/{unknown}'),
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'showing an image is refused for an id that is not a UUID',
        request: get('/v2/images/a%2Fb'),
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'showing an image is refused for an image of another project',
        request: get('/v2/images/{imageOfOther}'),
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'showing an image is refused with a token of another project',
        request: get(PATH, 'other'),
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'showing an image is refused with a token of the domain',
        request: get(PATH, 'domain'),
        ...imsError(403, 'IMG.0030'),
      },
      { name: 'showing an image is refused without a token', request: get(PATH, null), ...TOKEN_MISSING },
    ],
  )
})

describe('routing', () => {
  // Static path segments take precedence over parameters; ids of images and projects may equal segments.
  it.each([
    ['GET', '/v2/images/images', 404, 'IMG.0027'],
    ['GET', '/v2/images/tags', 404, 'IMG.0027'],
    ['GET', '/v2/images/images/tags', 403, 'IMG.0030'],
    ['GET', '/v2/images/images/tags/tags', 403, 'IMG.0030'],
    ['GET', '/v2/images/images/x/tags', 403, 'IMG.0030'],
    ['DELETE', '/v2/images/images/x/tags/y', 403, 'IMG.0030'],
    ['DELETE', '/v2/images/images/tags/y', 404, 'IMG.0027'],
    ['PUT', '/v2/images/tags/tags/tags', 404, 'IMG.0027'],
    ['GET', '/v2/images/images/members/x', 404, 'IMG.0027'],
    ['POST', '/v2/images/images/resource_instances/action', 403, 'IMG.0030'],
    ['GET', '/v2/cloudimages/images/x/tags', 403, 'IMG.0030'],
    ['GET', '/v2/schemas/images/x/tags', 403, 'IMG.0030'],
    ['DELETE', '/v1/cloudimages/cloudimages/x/tags/delete', 403, 'IMG.0030'],
    ['GET', '/v1/cloudimages/jobs/x', 403, 'IMG.0030'],
  ])('%s %s is answered with %i %s', async (method, path, status, code) => {
    const answer = await world.call(method, path)
    expect([answer.status, answer.body.error?.code]).toEqual([status, code])
  })

  it('paths with similar segments reach their routes', async () => {
    const project = world.service.project
    const id = world.target.fills.image
    const paths = [`/v2/${project}/images/tags`, `/v2/${project}/images/${id}/tags`, '/v2/images', '/v2/schemas/images']
    const bodies = await Promise.all(paths.map(async (path) => Object.keys((await world.call('GET', path)).body)))
    expect(bodies).toEqual([['tags'], ['tags'], ['images', 'first', 'schema'], ['name', 'properties', 'links']])
  })
})
