import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// PUT /v2/images/{image_id}/members/{member_id} (contract 2.10; D27).

let world: World
let nowMs = Date.UTC(2026, 0, 2, 3, 4, 5)
beforeAll(async () => {
  world = await startWorld(() => nowMs)
})
afterAll(() => world.service.stop())

const update = (id: string, status: unknown, options: object = {}, member = world.service.project) =>
  world.call('PUT', `/v2/images/${id}/members/${member}`, { body: { status }, ...options })

describe('the status', () => {
  it('a member can change its status repeatedly, which decides what it sees', async () => {
    const id = await world.sharedImage('pending', ['a=1'])
    const listed = async () => (await world.call('GET', `/v2/cloudimages?id=${id}`)).body.images.length
    const tags = () => world.call('GET', `/v2/${world.service.project}/images/${id}/tags`)
    const created_at = new Date(nowMs).toISOString().replace('.000', '')
    for (const status of ['accepted', 'rejected', 'accepted', 'pending'] as const) {
      nowMs += 1000
      const answer = await update(id, status)
      const updated_at = new Date(nowMs).toISOString().replace('.000', '')
      expect([answer.status, answer.body]).toEqual([
        200,
        {
          status,
          created_at,
          updated_at,
          image_id: id,
          member_id: world.service.project,
          schema: '/v2/schemas/member',
        },
      ])
      expect((await world.call('GET', `/v2/images/${id}/members/${world.service.project}`)).body).toEqual(answer.body)
      const isAccepted = status === 'accepted'
      expect(await listed()).toBe(isAccepted ? 1 : 0)
      // An accepted image shows its owner's tags (D27).
      expect(await tags()).toMatchObject(
        isAccepted ? { status: 200, body: { tags: [{ key: 'a', value: '1' }] } } : imsError(404, 'IMG.0027'),
      )
    }
  })
})

describe('invalid requests', () => {
  const path = '/v2/images/{shared}/members/{project}'
  const refused = (name: string, body: unknown, ...fragments: string[]) => ({
    name: `changing the status of a member is refused: ${name}`,
    request: { method: 'PUT', path, body },
    ...imsError(400, 'IMG.0001', ...fragments),
  })
  runScenarios(
    () => world.target,
    [
      refused('no status', {}, 'status', 'required'),
      refused('an unknown status', { status: 'maybe' }, 'status', 'accepted', 'maybe'),
      refused('a status in the wrong letter case', { status: 'Accepted' }, 'status', 'Accepted'),
      {
        name: 'changing the status of a member is refused: an empty body',
        request: { method: 'PUT', path, body: '' },
        ...imsError(400, 'IMG.0007'),
      },
    ],
  )
})

describe('access control', () => {
  const body = { status: 'accepted' }
  const put = (path: string, token: string | null = 'project') => ({ method: 'PUT', path, body, token })
  runScenarios(
    () => world.target,
    [
      {
        name: 'changing the status of a member is refused without a token',
        request: put('/v2/images/{shared}/members/{project}', null),
        ...TOKEN_MISSING,
      },
      {
        name: 'changing the status of a member is refused with a token of the domain',
        request: put('/v2/images/{shared}/members/x', 'domain'),
        ...imsError(403, 'IMG.0030'),
      },
      {
        name: 'changing the status of a member is refused for an unknown image',
        request: put('/v2/images/{unknown}/members/{project}'),
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'changing the status of a member is refused for an image that is not shared',
        request: put('/v2/images/{imageOfOther}/members/{project}'),
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'changing the status of a member is refused for an own image',
        request: put('/v2/images/{image}/members/{project}'),
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'changing the status of another member is refused',
        request: put('/v2/images/{shared}/members/x'),
        ...imsError(404, 'IMG.0031'),
      },
      {
        name: 'changing the status of a project that is not a member is refused',
        request: put('/v2/images/{image}/members/{other}'),
        ...imsError(404, 'IMG.0031'),
      },
    ],
  )

  it('the owner cannot change the status of a member and is answered with 403 IMG.0026', async () => {
    const id = await world.sharedImage('pending')
    expect(await update(id, 'accepted', world.asOther)).toMatchObject(imsError(403, 'IMG.0026'))
    const { body: member } = await world.call('GET', `/v2/images/${id}/members/${world.service.project}`)
    expect(member.status).toBe('pending')
  })
})
