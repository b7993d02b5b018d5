import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// GET /tagwerk/v1/account-log.

const CLOCK = Date.UTC(2026, 0, 31, 12)
const PATH = '/tagwerk/v1/account-log'

let service: TestService
let target: Target
let token: string
beforeAll(async () => {
  service = await startTestService({ internals: { clock: () => CLOCK } })
  target = await targetOf(service, {}, false)
  token = target.tokens.domain as string
})
afterAll(() => service.stop())

const call = (method: string, path: string, body?: object) =>
  service.call(method, path, { token, ...(body && { body }) })
const newest = async (count: number) => (await call('GET', `${PATH}?limit=${count}`)).body.entries

async function createUser(name: string): Promise<string> {
  const { body } = await call('POST', '/v3/users', { user: { name, password: 'a good Passphrase 1' } })
  return body.user.id
}

describe('the account log', () => {
  runScenarios(
    () => target,
    [
      {
        name: 'a project token is answered with 403',
        request: { method: 'GET', path: PATH },
        ...tagwerkError(403, 'scope-forbidden'),
      },
      {
        name: 'a request without a token is answered with 401',
        request: { method: 'GET', path: PATH, token: null },
        ...tagwerkError(401, 'token-missing'),
      },
      {
        name: 'a limit above the maximum is answered with 400',
        request: { method: 'GET', path: `${PATH}?limit=1001`, token: 'domain' },
        ...tagwerkError(400, 'limit-invalid'),
      },
      {
        name: 'a marker that is no number is answered with 400',
        request: { method: 'GET', path: `${PATH}?marker=x`, token: 'domain' },
        ...tagwerkError(400, 'marker-invalid'),
      },
    ],
  )

  it('has who changed which account when and from where, without the password', async () => {
    const answer = await call('POST', '/v3/users', { user: { name: 'ann', password: 'a good Passphrase 1' } })
    const { id } = answer.body.user
    const [entry] = await newest(1)
    expect(entry).toEqual({
      id: expect.any(Number),
      time: '2026-01-31T12:00:00.000Z',
      event: 'user.created',
      user: { id: expect.stringMatching(/^[0-9a-f]{32}$/), name: 'admin' },
      address: '127.0.0.1',
      request_id: answer.headers.get('x-request-id'),
      target: { type: 'user', id, name: 'ann' },
      detail: { enabled: true, hasPassword: true },
    })
  })

  it('has an entry for every kind of change', async () => {
    const user = await createUser('bob')
    const { domain_id: domain } = (await call('GET', `/v3/users/${user}`)).body.user
    const { body: created } = await call('POST', '/v3/projects', { project: { name: 'default_logged' } })
    const project = created.project.id
    const { credential } = (
      await call('POST', '/v3.0/OS-CREDENTIAL/credentials', { credential: { user_id: user, description: '' } })
    ).body
    const { roles } = (await call('GET', '/v3/roles')).body
    const role = roles.find(({ name }: { name: string }) => name === 'readonly').id
    const steps: readonly (readonly [method: string, path: string, body: object | undefined, event: string])[] = [
      ['PATCH', `/v3/users/${user}`, { user: { enabled: false, password: 'another Passphrase 2' } }, 'user.updated'],
      ['PUT', `/v3/domains/${domain}/users/${user}/roles/${role}`, undefined, 'role.assigned'],
      ['DELETE', `/v3/domains/${domain}/users/${user}/roles/${role}`, undefined, 'role.unassigned'],
      [
        'PUT',
        `/v3.0/OS-CREDENTIAL/credentials/${credential.access}`,
        { credential: { status: 'inactive' } },
        'access-key.updated',
      ],
      ['DELETE', `/v3.0/OS-CREDENTIAL/credentials/${credential.access}`, undefined, 'access-key.deleted'],
      ['PUT', `/v3/projects/${project}/tags/a`, undefined, 'project.updated'],
      ['DELETE', `/v3/projects/${project}`, undefined, 'project.deleted'],
      ['DELETE', `/v3/users/${user}`, undefined, 'user.deleted'],
    ]
    for (const [method, path, body, event] of steps) {
      const { status, text } = await call(method, path, body)
      expect(status, `${path} ${text}`).toBeLessThan(300)
      expect([path, (await newest(1))[0].event]).toEqual([path, event])
    }
    const all = await newest(1000)
    const update = all.find(({ event }: { event: string }) => event === 'user.updated')
    expect(update.target.name).toBe('bob')
    expect(update.detail).toEqual({ changed: ['enabled', 'password'], enabled: false })
    expect(JSON.stringify(all)).not.toMatch(/Passphrase|scrypt/)
    expect(JSON.stringify(all)).not.toContain(credential.secret)
  })

  it('has the projects that an import created', async () => {
    const line = { resource_type: 'images', resource_id: 'i1', project: 'made by import', tags: [] }
    expect((await service.call('POST', '/tagwerk/v1/import', { token, body: JSON.stringify(line) })).status).toBe(200)
    const [entry] = await newest(1)
    expect(entry).toMatchObject({ event: 'project.created', target: { name: 'made by import' } })
  })

  it('has no entry for a change that was refused', async () => {
    const before = await newest(1)
    const refused = await call('POST', '/v3/users', { user: { name: 'admin', password: 'a good Passphrase 1' } })
    expect(refused.status).toBe(409)
    expect(await newest(1)).toEqual(before)
  })

  it('is read page by page to its end', async () => {
    for (const name of ['page1', 'page2', 'page3']) await createUser(name)
    const seen: number[] = []
    let query = '?limit=2'
    for (;;) {
      const { entries, next_marker: next } = (await call('GET', PATH + query)).body
      seen.push(...entries.map(({ id }: { id: number }) => id))
      if (next === undefined) break
      expect(entries).toHaveLength(2)
      query = `?limit=2&marker=${next}`
    }
    expect(seen).toEqual((await newest(1000)).map(({ id }: { id: number }) => id))
    expect(seen).toEqual(seen.toSorted((a, b) => b - a))
  })

  it('is refused to a user with the role readonly in the domain', async () => {
    const user = await createUser('reader')
    const { domain_id: domain } = (await call('GET', `/v3/users/${user}`)).body.user
    const { roles } = (await call('GET', '/v3/roles')).body
    const role = roles.find(({ name }: { name: string }) => name === 'readonly').id
    await call('PUT', `/v3/domains/${domain}/users/${user}/roles/${role}`)
    const login = { name: 'reader', password: 'a good Passphrase 1', domain: { id: domain } }
    const auth = { identity: { methods: ['password'], password: { user: login } }, scope: { domain: { id: domain } } }
    const issued = await service.call('POST', '/v3/auth/tokens', { token: null, body: { auth } })
    const reader = issued.headers.get('x-subject-token') as string
    expect((await service.call('GET', '/v3/users', { token: reader })).status).toBe(200)
    expect((await service.call('GET', PATH, { token: reader })).status).toBe(403)
  })
})
