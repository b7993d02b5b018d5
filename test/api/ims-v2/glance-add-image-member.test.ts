import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, turnsAway, type World } from './world.ts'

// POST /v2/images/{image_id}/members (contract 2.1; D27).

const PATH = '/v2/images/{image}/members'
const CLOCK_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678)

let world: World
beforeAll(async () => {
  world = await startWorld(() => CLOCK_MS)
})
afterAll(() => world.service.stop())

const add = (id: string, member: unknown) => world.call('POST', `/v2/images/${id}/members`, { body: { member } })

describe('shares an image', () => {
  it('with a project, which has yet to accept it', async () => {
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

  it('with a project that there may not be: the answer does not tell', async () => {
    const image_id = await world.image()
    const [there, not] = [await add(image_id, world.other), await add(image_id, 'f'.repeat(32))]
    expect(not).toMatchObject({ status: there.status, body: { ...there.body, member_id: 'f'.repeat(32) } })
  })

  it('once with each: 409 from then on', async () => {
    const image_id = await world.image()
    expect((await add(image_id, 'p1')).status).toBe(200)
    expect(await add(image_id, 'p1')).toMatchObject(imsError(409, 'IMG.0105'))
    expect((await add(image_id, 'p2')).status).toBe(200)
  })

  it('with up to 256', async () => {
    const image_id = await world.image()
    for (let i = 0; i < 256; i++) expect((await add(image_id, `p${i}`)).status).toBe(200)
    expect(await add(image_id, 'p256')).toMatchObject(imsError(400, 'IMG.0105', 'members', '256'))
    await world.call('DELETE', `/v2/images/${image_id}/members/p7`)
    expect((await add(image_id, 'p256')).status).toBe(200)
  })

  it('whose id a project has too: each member sees its own', async () => {
    const id = await world.image({}, ['of=project'])
    await world.image({}, ['of=other'], { resource_id: id, project: 'other' })
    await add(id, world.other)
    expect((await world.call('GET', `/v2/images/${id}`, world.asOther)).body.tags).toEqual(['of=other'])
    const accepted = await world.call('PUT', `/v2/images/${id}/members/${world.other}`, {
      ...{ body: { status: 'accepted' }, ...world.asOther },
    })
    expect(accepted.body).toMatchObject({ status: 'accepted', member_id: world.other })
  })
})

describe('refuses', () => {
  const refused = (name: string, body: unknown, ...fragments: string[]) => ({
    name,
    request: { method: 'POST', path: PATH, body },
    ...imsError(400, 'IMG.0001', ...fragments),
  })
  runScenarios(
    () => world.target,
    [
      refused('no member', {}, 'member', 'required'),
      refused('a member that is no text', { member: 1 }, 'member', 'string'),
      refused('an empty member', { member: '' }, 'member'),
      refused('65 characters of a member', { member: 'm'.repeat(65) }, 'member', '64', '65'),
      refused('a member that cannot be an id', { member: 'a b' }, 'member', 'a b'),
    ],
  )

  it('the project itself', async () => {
    expect(await add(await world.image(), world.service.project)).toMatchObject(
      imsError(400, 'IMG.0001', 'member', 'another project'),
    )
  })

  it('not 64 characters of a member', async () => {
    expect((await add(await world.image(), 'm'.repeat(64))).status).toBe(200)
  })
})

turnsAway(() => world, { method: 'POST', path: PATH, body: { member: 'f'.repeat(32) } })
