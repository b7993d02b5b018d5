import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError } from '../expected.ts'
import { startWorld, testImageAccess, type World } from './world.ts'

// PUT /v2/images/{image_id}/file: openstackclient sends it after creating an image (contract 7).

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

async function created(): Promise<string> {
  const { status, body } = await world.call('POST', '/v2/images', { body: { name: 'new', tags: ['k=v'] } })
  expect([status, body.status]).toEqual([201, 'queued'])
  return body.id
}

const upload = (id: string, body: string) =>
  world.call('PUT', `/v2/images/${id}/file`, { body, headers: { 'content-type': 'application/octet-stream' } })

describe('uploads', () => {
  it.each([
    ['a few bytes', 'data', 4],
    ['more than the limit of request bodies', 'x'.repeat(3_000_000), 3_000_000],
    ['no bytes', '', 0],
  ])('an upload of %s sets the size and makes the image active', async (_name, data, size) => {
    const id = await created()
    const answer = await upload(id, data)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(answer.headers.get('x-tagwerk-revision')).toMatch(/^\d+$/)
    const { body } = await world.call('GET', `/v2/images/${id}`)
    expect(body).toMatchObject({ status: 'active', size, tags: ['k=v'] })
  })

  it('a second upload is answered with 409', async () => {
    const id = await created()
    expect((await upload(id, 'data')).status).toBe(204)
    const again = await upload(id, 'other data')
    expect(again).toMatchObject(imsError(409, 'IMG.0105', 'status', '"queued"'))
    expect((await world.call('GET', `/v2/images/${id}`)).body.size).toBe(4)
  })

  it('exactly one of two concurrent uploads succeeds', async () => {
    const id = await created()
    const answers = await Promise.all([upload(id, 'a'.repeat(100_000)), upload(id, 'b'.repeat(200_000))])
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409])
  })
})

testImageAccess(() => world, { method: 'PUT', path: '/v2/images/{image}/file', body: 'data' })
