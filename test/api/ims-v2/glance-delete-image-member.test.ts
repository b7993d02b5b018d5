import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError } from '../expected.ts'
import { startWorld, testImageAccess, type World } from './world.ts'

// DELETE /v2/images/{image_id}/members/{member_id} (contract 2.10; D27).

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

describe('removal by the owner', () => {
  it('a removed member no longer sees the image, and other members stay', async () => {
    const id = await world.sharedImage('accepted')
    await world.call('POST', `/v2/images/${id}/members`, { body: { member: 'third' }, ...world.asOther })
    const path = `/v2/images/${id}/members/${world.service.project}`
    const answer = await world.call('DELETE', path, world.asOther)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(await world.call('GET', `/v2/images/${id}`)).toMatchObject(imsError(404, 'IMG.0027'))
    expect((await world.call('GET', `/v2/cloudimages?id=${id}`)).body).toEqual({ images: [] })
    const { body } = await world.call('GET', `/v2/images/${id}/members`, world.asOther)
    expect(body.members.map(({ member_id }: { member_id: string }) => member_id)).toEqual(['third'])
    expect(await world.call('DELETE', path, world.asOther)).toMatchObject(imsError(404, 'IMG.0031'))
  })

  it('a member that is added again is pending', async () => {
    const id = await world.sharedImage('accepted')
    await world.call('DELETE', `/v2/images/${id}/members/${world.service.project}`, world.asOther)
    const body = { member: world.service.project }
    const answer = await world.call('POST', `/v2/images/${id}/members`, { body, ...world.asOther })
    expect(answer.body.status).toBe('pending')
  })

  it('removing a project that is not a member is answered with 404', async () => {
    const path = `/v2/images/${world.target.fills.image}/members/none`
    expect(await world.call('DELETE', path)).toMatchObject(imsError(404, 'IMG.0031'))
  })
})

testImageAccess(() => world, { method: 'DELETE', path: '/v2/images/{image}/members/{other}' })
