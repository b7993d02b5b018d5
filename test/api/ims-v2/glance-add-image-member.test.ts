import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, testImageAccess, type World } from './world.ts'

// POST /v2/images/{image_id}/members (contract 2.10; D27).

const PATH = '/v2/images/{image}/members'
const CLOCK_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678)

let world: World
beforeAll(async () => {
  world = await startWorld(() => CLOCK_MS)
})
afterAll(() => world.service.stop())

const add = (id: string, member: unknown) => world.call('POST', `/v2/images/${id}/members`, { body: { member } })

describe('sharing', () => {
  it('a new member is pending and does not see the image in its default list', async () => {
    const image_id = await world.image()
    const { status, body } = await add(image_id, world.other)
    const times = { created_at: '2026-01-02T03:04:05Z', updated_at: '2026-01-02T03:04:05Z' }
    const member = { status: 'pending', ...times, image_id, member_id: world.other, schema: '/v2/schemas/member' }
    expect([status, body]).toEqual([200, member])
    const list = async (query: string) =>
      (await world.call('GET', `/v2/cloudimages?id=${image_id}${query}`, world.asOther)).body.images
    expect(await list('')).toEqual([])
    expect(await list('&visibility=shared&member_status=pending')).toHaveLength(1)
  })

  it('the answer does not disclose whether the member project exists', async () => {
    const image_id = await world.image()
    const [there, not] = [await add(image_id, world.other), await add(image_id, 'f'.repeat(32))]
    expect(not).toMatchObject({ status: there.status, body: { ...there.body, member_id: 'f'.repeat(32) } })
  })

  it('adding a member twice is answered with 409', async () => {
    const image_id = await world.image()
    expect((await add(image_id, 'p1')).status).toBe(200)
    expect(await add(image_id, 'p1')).toMatchObject(imsError(409, 'IMG.0105'))
    expect((await add(image_id, 'p2')).status).toBe(200)
  })

  it('an image has at most 256 members', async () => {
    const image_id = await world.image()
    for (let i = 0; i < 256; i++) expect((await add(image_id, `p${i}`)).status).toBe(200)
    expect(await add(image_id, 'p256')).toMatchObject(imsError(400, 'IMG.0105', 'members', '256'))
    await world.call('DELETE', `/v2/images/${image_id}/members/p7`)
    expect((await add(image_id, 'p256')).status).toBe(200)
  })

  it('a member with an own image of the same id sees its own image', async () => {
    const id = await world.image({}, ['of=project'])
    await world.image({}, ['of=other'], { resource_id: id, project: 'other' })
    await add(id, world.other)
    expect((await world.call('GET', `/v2/images/${id}`, world.asOther)).body.tags).toEqual(['of=other'])
    const accepted = await world.call('PUT', `/v2/images/${id}/members/${world.other}`, {
      body: { status: 'accepted' },
      ...world.asOther,
    })
    expect(accepted.body).toMatchObject({ status: 'accepted', member_id: world.other })
  })
})

describe('invalid requests', () => {
  const refused = (name: string, body: unknown, ...fragments: string[]) => ({
    name: `sharing an image is refused: ${name}`,
    request: { method: 'POST', path: PATH, body },
    ...imsError(400, 'IMG.0001', ...fragments),
  })
  runScenarios(
    () => world.target,
    [
      refused('no member', {}, 'member', 'required'),
      refused('a member that is not a string', { member: 1 }, 'member', 'string'),
      refused('an empty member', { member: '' }, 'member'),
      refused('65 characters of a member', { member: 'm'.repeat(65) }, 'member', '64', '65'),
      refused('a member with characters that no id has', { member: 'a b' }, 'member', 'a b'),
    ],
  )

  it('sharing an image with its owner is refused', async () => {
    expect(await add(await world.image(), world.service.project)).toMatchObject(
      imsError(400, 'IMG.0001', 'member', 'another project'),
    )
  })

  it('a member id may have 64 characters', async () => {
    expect((await add(await world.image(), 'm'.repeat(64))).status).toBe(200)
  })
})

testImageAccess(() => world, { method: 'POST', path: PATH, body: { member: 'f'.repeat(32) } })
