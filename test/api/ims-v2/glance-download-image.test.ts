import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// GET /v2/images/{image_id}/file: no data is stored, and Glance answers 204 for an image without data.

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

const file = (id: string) => world.call('GET', `/v2/images/${id}/file`)

describe('empty answers', () => {
  it('the download is empty before and after an upload', async () => {
    const { body } = await world.call('POST', '/v2/images', { body: { name: 'new' } })
    const before = await file(body.id)
    expect([before.status, before.text]).toEqual([204, ''])
    expect(before.headers.get('x-tagwerk-revision')).toMatch(/^\d+$/)
    const headers = { 'content-type': 'application/octet-stream' }
    expect((await world.call('PUT', body.file, { body: 'data', headers })).status).toBe(204)
    const after = await file(body.id)
    expect([after.status, after.text]).toEqual([204, ''])
  })

  it.each(['accepted', 'pending', 'rejected'] as const)(
    'the download of a shared image with status %s is empty',
    async (status) => {
      expect((await file(await world.sharedImage(status))).status).toBe(204)
    },
  )
})

describe('access control', () => {
  const PATH = '/v2/images/{image}/file'
  const get = (path: string) => ({ method: 'GET', path })
  runScenarios(
    () => world.target,
    [
      {
        name: 'downloading an image is refused without a token',
        request: { ...get(PATH), token: null },
        ...TOKEN_MISSING,
      },
      {
        name: 'downloading an image is refused with a token of the domain',
        request: { ...get(PATH), token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
      {
        name: 'downloading an image is refused with a token of another project',
        request: { ...get(PATH), token: 'other' },
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'downloading an image is refused for an unknown image',
        request: get('/v2/images/{unknown}/file'),
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'downloading an image is refused for an id that is not a UUID',
        request: get('/v2/images/no-uuid/file'),
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'downloading an image is refused for an image of another project',
        request: get('/v2/images/{imageOfOther}/file'),
        ...imsError(404, 'IMG.0027'),
      },
    ],
  )
})
