import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { needsManager, PASSWORD, withWorld } from './world.ts'

// PATCH /v3/domains/{domain_id} (Keystone v3, "Update domain").

const world = withWorld()

async function newDomain(name: string): Promise<string> {
  const domain = { name, administrator: { name: 'boss', password: PASSWORD } }
  return (await world().ask('POST', '/v3/domains', { domain })).body.domain.id
}

function logIn(domain: string) {
  const user = { name: 'boss', password: PASSWORD, domain: { name: domain } }
  const auth = { identity: { methods: ['password'], password: { user } }, scope: { domain: { name: domain } } }
  return world().service.call('POST', '/v3/auth/tokens', { token: null, body: { auth } })
}

it('name, description and status of a domain are changed', async () => {
  const id = await newDomain('before')
  const change = { name: 'after', description: 'text', enabled: false }
  const { status, body } = await world().ask('PATCH', `/v3/domains/${id}`, { domain: change })
  expect([status, body.domain]).toMatchObject([200, { id, ...change }])
  expect((await world().ask('GET', `/v3/domains/${id}`)).body).toEqual(body)
  expect((await world().ask('PATCH', `/v3/domains/${id}`, { domain: { name: 'default' } })).status).toBe(409)
  expect((await world().ask('PATCH', '/v3/domains/none', { domain: { name: 'x' } })).status).toBe(404)
})

it('a disabled domain locks its users out, revokes their tokens and refuses their access keys', async () => {
  const id = await newDomain('locked')
  const { service, ask } = world()
  const session = await logIn('locked')
  const token = session.headers.get('x-subject-token') as string
  expect((await ask('GET', '/v3/users', undefined, token)).status).toBe(200)
  expect((await ask('PATCH', `/v3/domains/${id}`, { domain: { enabled: false } })).status).toBe(200)
  expect((await ask('GET', '/v3/users', undefined, token)).status).toBe(401)
  expect((await logIn('locked')).status).toBe(401)
  expect((await ask('PATCH', `/v3/domains/${id}`, { domain: { enabled: true } })).status).toBe(200)
  expect((await service.call('GET', '/v3/users', { token })).status).toBe(401)
  expect((await logIn('locked')).status).toBe(201)
})

it('a domain without an administrator gets one, who manages it, and no second one', async () => {
  const { ask } = world()
  const { body } = await ask('POST', '/v3/domains', { domain: { name: 'handed-over' } })
  const path = `/v3/domains/${body.domain.id}`
  expect((await logIn('handed-over')).status).toBe(401)
  const weak = await ask('PATCH', path, { domain: { administrator: { name: 'boss', password: 'Password1' } } })
  expect([weak.status, weak.text]).toEqual([400, expect.not.stringContaining('Password1')])
  const administrator = { name: 'boss', password: PASSWORD }
  const added = await ask('PATCH', path, { domain: { administrator, description: 'of boss' } })
  expect([added.status, added.body.domain.description]).toEqual([200, 'of boss'])
  const session = await logIn('handed-over')
  expect([session.status, session.body.token.roles]).toMatchObject([201, [{ name: 'te_admin' }]])
  const second = await ask('PATCH', path, { domain: { administrator: { name: 'other', password: PASSWORD } } })
  expect([second.status, second.body.error.message]).toEqual([
    409,
    'There is one already. The domain has an administrator, who adds further users and sets their roles.',
  ])
  const token = session.headers.get('x-subject-token') as string
  const users = await ask('GET', '/v3/users', undefined, token)
  expect(users.body.users.map(({ name }: { name: string }) => name)).toEqual(['boss'])
})

it('the first domain keeps its name and cannot be disabled', async () => {
  const { ask, ids } = world()
  for (const change of [{ name: 'other' }, { enabled: false }]) {
    const { status, body } = await ask('PATCH', `/v3/domains/${ids.domain}`, { domain: change })
    expect([status, body.error.message]).toEqual([403, expect.stringContaining('keeps its name')])
  }
  const described = await ask('PATCH', `/v3/domains/${ids.domain}`, { domain: { name: 'default', description: 'd' } })
  expect(described.status).toBe(200)
})

describe('answers to PATCH', () =>
  runScenarios(
    () => world().target,
    needsManager({ method: 'PATCH', path: '/v3/domains/{domain}', body: { domain: { description: 'x' } } }),
  ))
