import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// GET /v2/images/{image_id}/file: Glance answers 204 where there is no data, and here there never is any.

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

const file = (id: string) => world.call('GET', `/v2/images/${id}/file`)

describe('answers without a body', () => {
  it('for an image that has no data yet, and for one whose data was sent', async () => {
    const { body } = await world.call('POST', '/v2/images', { body: { name: 'new' } })
    const before = await file(body.id)
    expect([before.status, before.text]).toEqual([204, ''])
    expect(before.headers.get('x-tagwerk-revision')).toMatch(/^\d+$/)
    const headers = { 'content-type': 'application/octet-stream' }
    expect((await world.call('PUT', body.file, { body: 'data', headers })).status).toBe(204)
    const after = await file(body.id)
    expect([after.status, after.text]).toEqual([204, ''])
  })

  it.each(['accepted', 'pending', 'rejected'] as const)('for an image that is shared and %s', async (status) => {
    expect((await file(await world.sharedImage(status))).status).toBe(204)
  })
})

describe('turns away', () => {
  const PATH = '/v2/images/{image}/file'
  const get = (path: string) => ({ method: 'GET', path })
  runScenarios(
    () => world.target,
    [
      { name: 'whoever has no token', request: { ...get(PATH), token: null }, ...TOKEN_MISSING },
      { name: 'a token of the domain', request: { ...get(PATH), token: 'domain' }, ...imsError(403, 'IMG.0030') },
      { name: 'a token of another project', request: { ...get(PATH), token: 'other' }, ...imsError(404, 'IMG.0027') },
      { name: 'an unknown image', request: get('/v2/images/{unknown}/file'), ...imsError(404, 'IMG.0027') },
      { name: 'an id that is no UUID', request: get('/v2/images/no-uuid/file'), ...imsError(404, 'IMG.0027') },
      { name: "another project's image", request: get('/v2/images/{imageOfOther}/file'), ...imsError(404, 'IMG.0027') },
    ],
  )
})
