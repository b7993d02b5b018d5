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

describe('the list', () => {
  runScenarios(
    () => target,
    [
      {
        name: 'tags are listed as in S0, without total_count',
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
        name: 'an image without tags has an empty list',
        request: { method: 'GET', path: '/v2/{project}/images/{bare}/tags' },
        status: 200,
        body: { tags: [] },
      },
      {
        name: 'ten tags are listed in the order of addition (D9)',
        request: { method: 'GET', path: '/v2/{project}/images/{full}/tags' },
        status: 200,
        body: {
          tags: texts('k', 10)
            .reverse()
            .map((key) => ({ key, value: '' })),
        },
      },
      {
        name: 'a limit is refused, because the list has no paging',
        request: { method: 'GET', path: `${PATH}?limit=1` },
        ...imsError(400, 'IMG.0001', 'limit: is not a known parameter'),
      },
      {
        name: 'a content type without a body is accepted',
        request: { method: 'GET', path: PATH, headers: { 'content-type': 'application/json;charset=utf8' } },
        status: 200,
      },
    ],
  )
})

describe('statuses', () => {
  runScenarios(
    () => target,
    [
      {
        name: 'the tags of an unknown image are answered with 404 IMG.0027 (D11)',
        request: { method: 'GET', path: '/v2/{project}/images/11111111-2222-4333-8444-555555555555/tags' },
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'the tags of an id that is not a UUID are answered with 404 IMG.0027 (D11)',
        request: { method: 'GET', path: '/v2/{project}/images/%E9%95%9C%20%00/tags' },
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'the tags of an id of 10000 characters are answered with 404 IMG.0027',
        request: { method: 'GET', path: `/v2/{project}/images/${'a'.repeat(10_000)}/tags` },
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'the image tags of the id of an instance are answered with 404 IMG.0027',
        request: { method: 'GET', path: '/v2/{project}/images/{instance}/tags' },
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'the tags of an image of another project are answered with 404 IMG.0027 in the own project',
        request: { method: 'GET', path: `/v2/{project}/images/${IMAGE_OF_OTHER}/tags` },
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'errors are in English whatever X-Language is (D14)',
        request: { method: 'GET', path: '/v2/{project}/images/no/tags', headers: { 'x-language': 'zh-cn' } },
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'tags in another project are answered with 403 IMG.0030 (D15)',
        request: { method: 'GET', path: `/v2/{other}/images/${IMAGE_OF_OTHER}/tags` },
        ...imsError(403, 'IMG.0030'),
      },
      {
        name: 'listing tags with a token of the domain is answered with 403 IMG.0030',
        request: { method: 'GET', path: PATH, token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
      {
        name: 'listing tags without a token is answered with 401',
        request: { method: 'GET', path: PATH, token: null },
        ...TOKEN_MISSING,
      },
      {
        name: 'listing tags with an empty token is answered with 401',
        request: { method: 'GET', path: PATH, headers: { 'x-auth-token': '' } },
        ...TOKEN_MISSING,
      },
      {
        name: 'listing tags with an invalid token is answered with 401',
        request: { method: 'GET', path: PATH, headers: { 'x-auth-token': 'a.b.c' } },
        ...TOKEN_UNREADABLE,
      },
    ],
  )
  runScenarios(
    () => ({ ...target, hasRevisions: false }),
    [
      {
        name: 'DELETE on the list of tags is answered with 405 APIGW.0101',
        request: { method: 'DELETE', path: PATH },
        ...ROUTE_NOT_FOUND,
        status: 405,
      },
    ],
  )
  it('HEAD on the list of tags is answered with 405 without a body', async () => {
    const answer = await service.call('HEAD', `/v2/${service.project}/images/${fills.image}/tags`)
    expect([answer.status, answer.text]).toEqual([405, ''])
  })
})

it('a read shows every acknowledged write, at the revision of the write', async () => {
  const path = `/v2/${service.project}/images/${fills.bare}/tags`
  for (const value of texts('v', 20)) {
    const written = await service.call('POST', path, { body: { tag: { key: 'k', value } } })
    const read = await service.call('GET', path)
    expect(read.body).toEqual({ tags: [{ key: 'k', value }] })
    expect(read.headers.get('x-tagwerk-revision')).toBe(written.headers.get('x-tagwerk-revision'))
  }
})

it('the response equals JSON.stringify byte for byte', async () => {
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

describe('shared images', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.service.stop())

  const list = (id: string) => world.call('GET', `/v2/${world.service.project}/images/${id}/tags`)

  it("an accepted shared image lists its owner's tags (D27)", async () => {
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

  it.each(['pending', 'rejected'] as const)('a shared image with status %s is answered with 404', async (status) => {
    expect(await list(await world.sharedImage(status))).toMatchObject(imsError(404, 'IMG.0027'))
  })

  it('a member that adds a tag to a shared image is answered with 400 IMG.0047', async () => {
    for (const status of ['pending', 'accepted', 'rejected'] as const) {
      const id = await world.sharedImage(status, ['a=1'])
      const answer = await world.call('POST', `/v2/${world.service.project}/images/${id}/tags`, {
        body: { tag: { key: 'c', value: '3' } },
      })
      expect(answer).toMatchObject(imsError(400, 'IMG.0047'))
    }
  })
})
