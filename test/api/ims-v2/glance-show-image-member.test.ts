import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// GET /v2/images/{image_id}/members/{member_id} (contract 2.10; D27).

const PATH = '/v2/images/{image}/members/{other}'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

const show = (id: string, member: string, options: object = {}) =>
  world.call('GET', `/v2/images/${id}/members/${member}`, options)

describe('the member', () => {
  it('a member is shown to the owner and to itself, and to no other member', async () => {
    const id = await world.sharedImage('rejected')
    await world.call('POST', `/v2/images/${id}/members`, { body: { member: 'third' }, ...world.asOther })
    const time = expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    const member = {
      status: 'rejected',
      created_at: time,
      updated_at: time,
      image_id: id,
      member_id: world.service.project,
      schema: '/v2/schemas/member',
    }
    expect(await show(id, world.service.project)).toMatchObject({ status: 200, body: member })
    expect((await show(id, world.service.project, world.asOther)).body).toEqual(member)
    expect((await show(id, 'third', world.asOther)).body).toMatchObject({ member_id: 'third', status: 'pending' })
    expect(await show(id, 'third')).toMatchObject(imsError(404, 'IMG.0031'))
  })
})

describe('access control', () => {
  const get = (path: string, token: string | null = 'project') => ({ method: 'GET', path, token })
  runScenarios(
    () => world.target,
    [
      {
        name: 'showing a member is refused for a project that is not a member',
        request: get(PATH),
        ...imsError(404, 'IMG.0031'),
      },
      {
        name: 'showing a member is refused for an unknown image',
        request: get('/v2/images/{unknown}/members/{other}'),
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'showing a member is refused for an image of another project',
        request: get('/v2/images/{imageOfOther}/members/x'),
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'showing a member is refused with a token of another project',
        request: get(PATH, 'other'),
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'showing a member is refused with a token of the domain',
        request: get(PATH, 'domain'),
        ...imsError(403, 'IMG.0030'),
      },
      { name: 'showing a member is refused without a token', request: get(PATH, null), ...TOKEN_MISSING },
    ],
  )
})
