import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, testImageAccess, type World } from './world.ts'

// I18: DELETE /v2/images/{image_id} (contract 2.1; D27).

const PATH = '/v2/images/{image}'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

describe('deletion', () => {
  it.each<readonly [name: string, options: object]>([
    ['without a body', {}],
    ['with an empty body of content type JSON', { body: '' }],
    ['with an empty object', { body: {} }],
    ['with delete_backup true', { body: { delete_backup: true } }],
    ['with delete_backup false', { body: { delete_backup: false } }],
  ])('an image and its tags are deleted %s', async (_name, options) => {
    const id = await world.image({}, ['gone=1'])
    const answer = await world.call('DELETE', `/v2/images/${id}`, options)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect((await world.call('GET', `/v2/images/${id}`)).status).toBe(404)
    expect((await world.call('DELETE', `/v2/images/${id}`)).status).toBe(404)
    const { body } = await world.call('GET', '/v1/cloudimages/tags')
    expect(body.tags).not.toContain('gone=1')
  })

  it('deleting a protected image is answered with 403', async () => {
    for (const value of [true, 'true']) {
      const id = await world.image({ protected: value })
      const answer = await world.call('DELETE', `/v2/images/${id}`)
      expect(answer).toMatchObject(
        imsError(403, 'IMG.0105', 'protected: must be false before the image can be deleted.'),
      )
      expect((await world.call('GET', `/v2/images/${id}`)).status).toBe(200)
      await world.call('PATCH', `/v2/images/${id}`, { body: [{ op: 'replace', path: '/protected', value: false }] })
      expect((await world.call('DELETE', `/v2/images/${id}`)).status).toBe(204)
    }
  })
})

describe('members of a deleted image', () => {
  const deletions = {
    GlanceDeleteImage: (id: string) => world.call('DELETE', `/v2/images/${id}`, world.asOther),
    DeleteResource: (id: string) =>
      world.call('DELETE', `/tagwerk/v1/${world.other}/resources/images/${id}`, world.asOther),
  }
  it.each(Object.entries(deletions))(
    '%s ends all shares, also when an image of that id is created again',
    async (_name, remove) => {
      const id = await world.sharedImage('accepted')
      const seen = async () => {
        const list = await world.call('GET', `/v2/images?id=${id}&member_status=all`)
        return [(await world.call('GET', `/v2/images/${id}`)).status, list.body.images.length]
      }
      expect(await seen()).toEqual([200, 1])
      expect((await remove(id)).status).toBe(204)
      expect(await seen()).toEqual([404, 0])
      expect((await world.call('POST', '/v2/images', { body: { id }, ...world.asOther })).status).toBe(201)
      expect(await seen()).toEqual([404, 0])
      expect((await world.call('GET', `/v2/images/${id}/members`, world.asOther)).body.members).toEqual([])
      const update = await world.call('PUT', `/v2/images/${id}/members/${world.service.project}`, {
        body: { status: 'accepted' },
      })
      expect(update.status).toBe(404)
    },
  )
})

describe('invalid requests', () => {
  const refused = (name: string, body: unknown, ...fragments: string[]) => ({
    name: `deleting an image is refused: ${name}`,
    request: { method: 'DELETE', path: PATH, body },
    ...imsError(400, 'IMG.0001', ...fragments),
  })
  runScenarios(
    () => world.target,
    [
      refused(
        'a value of delete_backup that is not a boolean',
        { delete_backup: 'yes' },
        'delete_backup',
        'true or false',
      ),
      refused('an array as body', [], 'body', 'object'),
      refused('invalid JSON', '{', 'body', 'JSON'),
    ],
  )
})

testImageAccess(() => world, { method: 'DELETE', path: PATH })
