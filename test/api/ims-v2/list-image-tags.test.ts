import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { imsError, ROUTE_NOT_FOUND, TOKEN_MISSING, TOKEN_UNREADABLE } from '../expected.ts'
import { IMAGE_OF_OTHER, image, instance, newImageId, newInstanceId, targetOf, texts } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// I3: GET /v2/{project_id}/images/{image_id}/tags (S0; contract 2.3; D9, D11, D15).

const PATH = '/v2/{project}/images/{image}/tags'

let service: TestService
let target: Target
const fills = { image: newImageId(), bare: newImageId(), full: newImageId(), instance: newInstanceId() }

beforeAll(async () => {
  service = await startTestService()
  await service.register(
    image(fills.image, 'key0=value0', 'key1=value0'),
    image(fills.bare),
    image(
      fills.full,
      ...texts('k', 10)
        .reverse()
        .map((key) => `${key}=`),
    ),
    instance(fills.instance),
  )
  target = await targetOf(service, fills)
})
afterAll(() => service.stop())

describe('lists the tags of an image', () => {
  runScenarios(
    () => target,
    [
      {
        name: 'as S0 shows them, without total_count',
        request: { method: 'GET', path: PATH },
        status: 200,
        body: {
          tags: [
            { key: 'key0', value: 'value0' },
            { key: 'key1', value: 'value0' },
          ],
        },
      },
      {
        name: 'none',
        request: { method: 'GET', path: '/v2/{project}/images/{bare}/tags' },
        status: 200,
        body: { tags: [] },
      },
      {
        name: 'all ten in the order in which they were added (D9)',
        request: { method: 'GET', path: '/v2/{project}/images/{full}/tags' },
        status: 200,
        body: {
          tags: texts('k', 10)
            .reverse()
            .map((key) => ({ key, value: '' })),
        },
      },
      {
        name: 'all of them whatever limit and offset say: there is no paging',
        request: { method: 'GET', path: `${PATH}?limit=1&offset=1&limit=x` },
        status: 200,
        body: {
          tags: [
            { key: 'key0', value: 'value0' },
            { key: 'key1', value: 'value0' },
          ],
        },
      },
      {
        name: 'with a content type though there is no body',
        request: { method: 'GET', path: PATH, headers: { 'content-type': 'application/json;charset=utf8' } },
        status: 200,
      },
    ],
  )
})

describe('answers', () => {
  runScenarios(
    () => target,
    [
      {
        name: '404 IMG.0027 for an unknown image (D11)',
        request: { method: 'GET', path: '/v2/{project}/images/11111111-2222-4333-8444-555555555555/tags' },
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: '404 IMG.0027 for an id that is no UUID (D11)',
        request: { method: 'GET', path: '/v2/{project}/images/%E9%95%9C%20%00/tags' },
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: '404 IMG.0027 for an id of 10000 characters',
        request: { method: 'GET', path: `/v2/{project}/images/${'a'.repeat(10_000)}/tags` },
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: '404 IMG.0027 for the id of an instance',
        request: { method: 'GET', path: '/v2/{project}/images/{instance}/tags' },
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: '404 IMG.0027 for an image of another project, asked for under the own one',
        request: { method: 'GET', path: `/v2/{project}/images/${IMAGE_OF_OTHER}/tags` },
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'in English whatever X-Language asks for (D14)',
        request: { method: 'GET', path: '/v2/{project}/images/no/tags', headers: { 'x-language': 'zh-cn' } },
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: '403 IMG.0030 for another project (D15)',
        request: { method: 'GET', path: `/v2/{other}/images/${IMAGE_OF_OTHER}/tags` },
        ...imsError(403, 'IMG.0030'),
      },
      {
        name: '403 IMG.0030 to a token of the domain',
        request: { method: 'GET', path: PATH, token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
      { name: '401 without a token', request: { method: 'GET', path: PATH, token: null }, ...TOKEN_MISSING },
      {
        name: '401 to an empty token',
        request: { method: 'GET', path: PATH, headers: { 'x-auth-token': '' } },
        ...TOKEN_MISSING,
      },
      {
        name: '401 to what is no token',
        request: { method: 'GET', path: PATH, headers: { 'x-auth-token': 'a.b.c' } },
        ...TOKEN_UNREADABLE,
      },
    ],
  )
  runScenarios(
    () => ({ ...target, hasRevisions: false }),
    [{ name: '405 APIGW.0101 to DELETE', request: { method: 'DELETE', path: PATH }, ...ROUTE_NOT_FOUND, status: 405 }],
  )
  it('405 without a body to HEAD', async () => {
    const answer = await service.call('HEAD', `/v2/${service.project}/images/${fills.image}/tags`)
    expect([answer.status, answer.text]).toEqual([405, ''])
  })
})

it('shows every acknowledged write to the next read, and the revision that the write was given', async () => {
  const path = `/v2/${service.project}/images/${fills.bare}/tags`
  for (const value of texts('v', 20)) {
    const written = await service.call('POST', path, { body: { tag: { key: 'k', value } } })
    const read = await service.call('GET', path)
    expect(read.body).toEqual({ tags: [{ key: 'k', value }] })
    expect(read.headers.get('x-tagwerk-revision')).toBe(written.headers.get('x-tagwerk-revision'))
  }
})

it('says the same bytes as JSON has', async () => {
  const id = newImageId()
  const tags = [
    { key: '键', value: '值_1.x-' },
    { key: 'a', value: '' },
  ]
  const imported = await service.register({ ...image(id), tags })
  expect(imported.status).toBe(200)
  const answer = await service.call('GET', `/v2/${service.project}/images/${id}/tags`)
  expect(answer.text).toBe(JSON.stringify({ tags }))
})

describe('of an image of another project', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.service.stop())

  const list = (id: string) => world.call('GET', `/v2/${world.service.project}/images/${id}/tags`)

  it("lists its owner's tags once the project has accepted it (D27)", async () => {
    const id = await world.sharedImage('accepted', ['a=1', 'b='])
    const answer = await list(id)
    const tags = [
      { key: 'a', value: '1' },
      { key: 'b', value: '' },
    ]
    expect([answer.status, answer.body]).toEqual([200, { tags }])
    const body = { tag: { key: 'c', value: '3' } }
    await world.call('POST', `/v2/${world.other}/images/${id}/tags`, { body, ...world.asOther })
    expect((await list(id)).body).toEqual({ tags: [...tags, body.tag] })
  })

  it.each(['pending', 'rejected'] as const)('does not know it while it is %s', async (status) => {
    expect(await list(await world.sharedImage(status))).toMatchObject(imsError(404, 'IMG.0027'))
  })

  it('lets nobody but its owner write: 400 IMG.0047', async () => {
    for (const status of ['pending', 'accepted', 'rejected'] as const) {
      const id = await world.sharedImage(status, ['a=1'])
      const answer = await world.call('POST', `/v2/${world.service.project}/images/${id}/tags`, {
        body: { tag: { key: 'c', value: '3' } },
      })
      expect(answer).toMatchObject(imsError(400, 'IMG.0047'))
    }
  })
})
