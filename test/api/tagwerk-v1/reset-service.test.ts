import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN_PASSWORD, startTestService, type TestService } from '../../support/service.ts'
import { sendSigned } from '../../support/signing.ts'
import { tagwerkError } from '../expected.ts'
import { image, logIn, makeUser, newImageId } from '../fixtures.ts'

// POST /tagwerk/v1/reset: puts an ephemeral service back to its state after the start.

const PATH = '/tagwerk/v1/reset'
const KEY = { access: 'ABCDEFGHIJKLMNOP1234', secret: 'abcdefghijklmnopqrstuvwxyz0123456789ABCD' }
const seeded = newImageId()

let service: TestService
let domain: string
beforeAll(async () => {
  service = await startTestService({
    flags: { ephemeral: 'on', resettable: 'on', faults: 'on' },
    env: { TAGWERK_ACCESS_KEY: KEY.access, TAGWERK_ACCESS_KEY_SECRET: KEY.secret },
    seed: async (importLines) => {
      const bytes = new TextEncoder().encode(`${JSON.stringify(image(seeded, 'env=prod'))}\n`)
      await importLines({ bytes, firstLine: 1 }, new AbortController().signal)
    },
  })
  domain = await service.tokenFor(undefined)
})
afterAll(() => service.stop())
afterEach(() => reset())

async function reset(): Promise<void> {
  expect((await service.call('POST', PATH, { token: domain })).status).toBe(204)
}

const tagsOf = (id: string) => service.call('GET', `/v2/${service.project}/images/${id}/tags`)

async function imageIds(): Promise<string[]> {
  const { body } = await service.call('GET', '/v2/cloudimages')
  return body.images.map(({ id }: { id: string }) => id)
}

describe('a reset', () => {
  it('resources, their tags and their ids are those of the seed again', async () => {
    const other = newImageId()
    await service.register(image(other))
    await service.call('POST', `/v2/${service.project}/images/${seeded}/tags`, {
      body: { tag: { key: 'a', value: 'b' } },
    })
    expect(await imageIds()).toHaveLength(2)
    await reset()
    expect(await imageIds()).toEqual([seeded])
    expect((await tagsOf(seeded)).body.tags).toEqual([{ key: 'env', value: 'prod' }])
    await service.register(image(other))
    expect(await imageIds()).toHaveLength(2)
  })

  it('a seeded resource that was deleted is there again', async () => {
    const path = `/tagwerk/v1/${service.project}/resources/images/${seeded}`
    expect((await service.call('DELETE', path)).status).toBe(204)
    expect(await imageIds()).toEqual([])
    await reset()
    expect(await imageIds()).toEqual([seeded])
  })

  it('users, projects and predefined tags are those of the seed again', async () => {
    await makeUser(service, domain, 'temporary', { role: 'te_admin' })
    await service.register({ ...image(newImageId()), project: 'temporary' })
    const tags = [{ key: 'k', value: 'v' }]
    await service.call('POST', '/v1.0/predefine_tags/action', { token: domain, body: { action: 'create', tags } })
    await reset()
    const names = async (path: string, list: string) =>
      (await service.call('GET', path, { token: domain })).body[list].map(({ name }: { name: string }) => name)
    expect(await names('/v3/users', 'users')).toEqual(['admin'])
    expect(await names('/v3/projects', 'projects')).toEqual(['default'])
    expect((await service.call('GET', '/v1.0/predefine_tags', { token: domain })).body.tags).toEqual([])
  })

  it('tokens and the access key go on working, also after the administrator had another password', async () => {
    const list = { method: 'GET', path: `/v2/${service.project}/images/${seeded}/tags` }
    expect((await sendSigned(service.url, KEY, list)).status).toBe(200)
    const users = await service.call('GET', '/v3/users', { token: domain })
    const body = { user: { password: 'another good password' } }
    expect(
      (await service.call('PUT', `/v3.0/OS-USER/users/${users.body.users[0].id}`, { token: domain, body })).status,
    ).toBeLessThan(300)
    expect((await tagsOf(seeded)).status).toBe(401)
    const changed = { name: 'admin', password: body.user.password, domain: { name: 'default' } }
    const auth = {
      identity: { methods: ['password'], password: { user: changed } },
      scope: { domain: { name: 'default' } },
    }
    const answer = await service.call('POST', '/v3/auth/tokens', { token: null, body: { auth } })
    const token = answer.headers.get('x-subject-token') as string
    expect((await service.call('POST', PATH, { token })).status).toBe(204)
    expect((await tagsOf(seeded)).status).toBe(200)
    expect((await sendSigned(service.url, KEY, list)).status).toBe(200)
    expect((await service.tokenFor(undefined)).length).toBeGreaterThan(0)
  })

  it('users that wrong passwords have locked can log in again', async () => {
    await makeUser(service, domain, 'temporary', { role: 'readonly' })
    const user = { name: 'admin', password: 'wrong', domain: { name: 'default' } }
    const auth = { identity: { methods: ['password'], password: { user } } }
    for (let tries = 0; tries < 11; tries++)
      await service.call('POST', '/v3/auth/tokens', { token: null, body: { auth } })
    const right = {
      ...auth,
      identity: { methods: ['password'], password: { user: { ...user, password: ADMIN_PASSWORD } } },
    }
    const logInRight = () => service.call('POST', '/v3/auth/tokens', { token: null, body: { auth: right } })
    expect((await logInRight()).status).not.toBe(201)
    await reset()
    expect((await logInRight()).status).toBe(201)
  })

  it('an access key that wrong signatures have locked is accepted again', async () => {
    const list = { method: 'GET', path: `/v2/${service.project}/images/${seeded}/tags` }
    for (let tries = 0; tries < 5; tries++) {
      expect((await sendSigned(service.url, { ...KEY, secret: 'wrong' }, list)).status).toBe(401)
    }
    expect((await sendSigned(service.url, KEY, list)).status).not.toBe(200)
    await reset()
    expect((await sendSigned(service.url, KEY, list)).status).toBe(200)
  })

  it('the fault plan is empty again', async () => {
    const families = { 'ims-v2': { throttled: 1 } }
    await service.call('PUT', '/tagwerk/v1/faults', { token: domain, body: { families } })
    expect((await tagsOf(seeded)).status).toBe(429)
    await reset()
    expect((await tagsOf(seeded)).status).toBe(200)
  })

  it('the account log names who has reset the service', async () => {
    const { body } = await service.call('GET', '/tagwerk/v1/account-log?limit=1', { token: domain })
    expect(body.entries).toMatchObject([{ event: 'service.reset', user: { name: 'admin' } }])
  })

  it('the revision of a project never goes back, so that no cache takes the old state for the new one', async () => {
    const revision = async () => Number((await tagsOf(seeded)).headers.get('x-tagwerk-revision'))
    const before = await revision()
    await service.register(image(newImageId()))
    await reset()
    expect(await revision()).toBe(before + 2)
  })

  it('concurrent calls see the state before or after it, and never an error', async () => {
    const ids = Array.from({ length: 20 }, newImageId)
    await service.register(...ids.map((id) => image(id)))
    const [answers] = await Promise.all([Promise.all(Array.from({ length: 100 }, imageIds)), reset(), reset()])
    expect(answers.filter(({ length }) => length !== 1 && length !== 21)).toEqual([])
    expect(await imageIds()).toEqual([seeded])
  })
})

describe('who may reset a service', () => {
  it('a project token, a query parameter and a user without the role are refused', async () => {
    expect(await service.call('POST', PATH)).toMatchObject(tagwerkError(403, 'scope-forbidden'))
    expect(await service.call('POST', `${PATH}?x=1`, { token: domain })).toMatchObject(
      tagwerkError(400, 'request-invalid'),
    )
    await makeUser(service, domain, 'looker', { role: 'readonly' })
    const { token } = await logIn(service, 'looker', undefined)
    expect(await service.call('POST', PATH, { token })).toMatchObject(tagwerkError(403, 'action-forbidden'))
  })

  it('a service started without --resettable refuses a reset', async () => {
    const plain = await startTestService({ flags: { ephemeral: 'on' } })
    try {
      const token = await plain.tokenFor(undefined)
      expect(await plain.call('POST', PATH, { token })).toMatchObject(
        tagwerkError(403, 'action-forbidden', '--resettable'),
      )
    } finally {
      await plain.stop()
    }
  })
})
