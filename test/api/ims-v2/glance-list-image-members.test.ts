import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// GET /v2/images/{image_id}/members (contract 2.10; D27).

const PATH = '/v2/images/{image}/members'

let world: World
let nowMs = Date.now()
beforeAll(async () => {
  world = await startWorld(() => nowMs)
})
afterAll(() => world.service.stop())

const members = (id: string, options: object = {}) => world.call('GET', `/v2/images/${id}/members`, options)

describe('the list of members', () => {
  it('the owner sees all members in the order of addition, a member sees only itself', async () => {
    const id = await world.image()
    for (const member of ['zz', world.other, 'aa']) {
      nowMs += 1000
      await world.call('POST', `/v2/images/${id}/members`, { body: { member } })
    }
    const { status, body } = await members(id)
    const time = expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    const of = (member_id: string) => ({
      status: 'pending',
      created_at: time,
      updated_at: time,
      image_id: id,
      member_id,
      schema: '/v2/schemas/member',
    })
    expect([status, body]).toEqual([
      200,
      { members: [of('zz'), of(world.other), of('aa')], schema: '/v2/schemas/members' },
    ])
    expect((await members(id, world.asOther)).body).toEqual({
      members: [of(world.other)],
      schema: '/v2/schemas/members',
    })
  })

  it('a page has at most as many members as the limit and begins after the marker', async () => {
    const id = await world.image()
    for (const member of ['c', 'a', 'b']) {
      nowMs += 1000
      await world.call('POST', `/v2/images/${id}/members`, { body: { member } })
    }
    const page = async (query: string) => {
      const { body } = await world.call('GET', `/v2/images/${id}/members?${query}`)
      return body.members.map(({ member_id }: { member_id: string }) => member_id)
    }
    expect(await page('limit=2')).toEqual(['c', 'a'])
    expect(await page('limit=2&marker=a')).toEqual(['b'])
    expect([await page('marker=c'), await page('marker=b'), await page('limit=9')]).toEqual([
      ['a', 'b'],
      [],
      ['c', 'a', 'b'],
    ])
    const refused = await world.call('GET', `/v2/images/${id}/members?marker=none`)
    expect({ status: refused.status, body: refused.body }).toEqual(imsError(400, 'IMG.0001', 'marker', 'none'))
  })

  it('an image that is not shared has no members', async () => {
    expect((await members(await world.image())).body).toEqual({ members: [], schema: '/v2/schemas/members' })
  })
})

describe('access control', () => {
  const get = (path: string, token: string | null = 'project') => ({ method: 'GET', path, token })
  runScenarios(
    () => world.target,
    [
      {
        name: 'listing members is refused for an unknown image',
        request: get('/v2/images/{unknown}/members'),
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'listing members is refused for an image of another project',
        request: get('/v2/images/{imageOfOther}/members'),
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'listing members is refused to a project that is not a member',
        request: get(PATH, 'other'),
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'listing members is refused with a token of the domain',
        request: get(PATH, 'domain'),
        ...imsError(403, 'IMG.0030'),
      },
      { name: 'listing members is refused without a token', request: get(PATH, null), ...TOKEN_MISSING },
    ],
  )
})
