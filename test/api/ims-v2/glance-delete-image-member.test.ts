import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError } from '../expected.ts'
import { startWorld, turnsAway, type World } from './world.ts'

// DELETE /v2/images/{image_id}/members/{member_id} (contract 2.1; D27).

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

describe('takes an image back', () => {
  it('from one member, for which it is no longer there, and from no other', async () => {
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

  it('that can be shared again, and is to be accepted again then', async () => {
    const id = await world.sharedImage('accepted')
    await world.call('DELETE', `/v2/images/${id}/members/${world.service.project}`, world.asOther)
    const body = { member: world.service.project }
    const answer = await world.call('POST', `/v2/images/${id}/members`, { body, ...world.asOther })
    expect(answer.body.status).toBe('pending')
  })

  it('from none that is no member', async () => {
    const path = `/v2/images/${world.target.fills.image}/members/none`
    expect(await world.call('DELETE', path)).toMatchObject(imsError(404, 'IMG.0031'))
  })
})

turnsAway(() => world, { method: 'DELETE', path: '/v2/images/{image}/members/{other}' })
