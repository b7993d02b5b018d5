import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, conflict, NAME_TAKEN, needsManager, PASSWORD, withWorld } from './world.ts'

// POST /v3/domains (Keystone v3, "Create domain").

const world = withWorld()
const PATH = '/v3/domains'
const administrator = { name: 'boss', password: PASSWORD }
const domain = (name: string, more: object = {}) => ({ domain: { name, administrator, ...more } })

it('a new domain has an administrator and a project named after the region', async () => {
  const { ask, service } = world()
  const { status, body } = await ask('POST', PATH, domain('acme', { description: 'tenant' }))
  expect([status, body]).toEqual([
    201,
    {
      domain: {
        id: expect.stringMatching(/^\w{32}$/),
        name: 'acme',
        description: 'tenant',
        enabled: true,
        links: { self: `${service.url}/v3/domains/${body.domain.id}` },
      },
    },
  ])
  const user = { ...administrator, domain: { name: 'acme' } }
  const auth = {
    identity: { methods: ['password'], password: { user } },
    scope: { project: { name: 'default', domain: { name: 'acme' } } },
  }
  const login = await service.call('POST', '/v3/auth/tokens', { token: null, body: { auth } })
  expect(login.status).toBe(201)
  expect(login.body.token.project.domain).toMatchObject({ id: body.domain.id, name: 'acme' })
  expect(login.body.token.roles).toMatchObject([{ name: 'te_admin' }])
})

describe('answers to POST', () =>
  runScenarios(
    () => world().target,
    [
      ...needsManager({ method: 'POST', path: PATH, body: domain('x') }),
      asked('an administrator has a password', 'POST', PATH, bad('domain.administrator.password'), {
        domain: { name: 'x', administrator: { name: 'boss' } },
      }),
      asked('a name is taken once', 'POST', PATH, conflict(NAME_TAKEN, 'domain.name'), domain('default')),
      asked('a name has no outer blanks', 'POST', PATH, bad('domain.name'), domain(' x')),
    ],
  ))

it('a weak password of the administrator is refused, and no domain is left', async () => {
  const { status, body } = await world().ask(
    'POST',
    PATH,
    domain('weak', { administrator: { name: 'a', password: 'Password1' } }),
  )
  expect([status, body.error.message]).toEqual([400, expect.stringContaining('most common passwords')])
  expect((await world().ask('GET', `${PATH}?name=weak`)).body.domains).toEqual([])
})

it('a domain without an administrator has a project and no user', async () => {
  const { ask, service } = world()
  const { status, body } = await ask('POST', PATH, { domain: { name: 'empty' } })
  expect([status, body.domain]).toMatchObject([201, { name: 'empty', enabled: true, description: '' }])
  const user = { ...administrator, domain: { name: 'empty' } }
  const auth = { identity: { methods: ['password'], password: { user } } }
  const login = await service.call('POST', '/v3/auth/tokens', { token: null, body: { auth } })
  expect(login.status).toBe(401)
})
