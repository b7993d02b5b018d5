import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError } from '../expected.ts'
import { startWorld, testImageAccess, type World } from './world.ts'

// I11: DELETE /v2/images/{image_id}/tags/{tag} (contract 2.1, 2.2; D11, D13).

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

const remove = (id: string, tag: string) => world.call('DELETE', `/v2/images/${id}/tags/${encodeURIComponent(tag)}`)

describe('removal', () => {
  it.each([
    ['b', ['a=1']],
    ['b=', ['a=1']],
    ['a=1', ['b=']],
  ])('the text %s removes its tag', async (tag, after) => {
    const id = await world.image({}, ['a=1', 'b='])
    const answer = await remove(id, tag)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(await world.tagsOf(id)).toEqual(after)
    expect((await remove(id, tag)).status).toBe(404)
  })
})

describe('absent tags: 404 IMG.0031', () => {
  it.each(['a', 'a=', 'a=2', 'A=1', 'b=1', 'none', 'a=1=', ' b', 'x'.repeat(300)])(
    'removing the absent tag %s is answered with 404',
    async (tag) => {
      const id = await world.image({}, ['a=1', 'b='])
      const { status, body } = await remove(id, tag)
      expect({ status, body }).toEqual(imsError(404, 'IMG.0031'))
      expect(await world.tagsOf(id)).toEqual(['a=1', 'b='])
    },
  )
})

testImageAccess(() => world, { method: 'DELETE', path: '/v2/images/{image}/tags/b' })
