import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { needsManager, PASSWORD, withWorld } from './world.ts'

// DELETE /v3/domains/{domain_id} (Keystone v3, "Delete domain").

const world = withWorld()

it('a domain is deleted with its users, but not while a project of it has resources', async () => {
  const { ask, service } = world()
  const domain = { name: 'gone', administrator: { name: 'boss', password: PASSWORD } }
  const { id } = (await ask('POST', '/v3/domains', { domain })).body.domain
  const user = { name: 'boss', password: PASSWORD, domain: { name: 'gone' } }
  const logIn = (scope: object) => {
    const auth = { identity: { methods: ['password'], password: { user } }, scope }
    return service.call('POST', '/v3/auth/tokens', { token: null, body: { auth } })
  }
  const login = await logIn({ project: { name: 'default' } })
  const token = login.headers.get('x-subject-token') as string
  const path = `/v2/${login.body.token.project.id}/images`
  const headers = { 'content-type': 'application/x-ndjson' }
  const domainToken = (await logIn({ domain: { id } })).headers.get('x-subject-token') as string
  const image = '67e17426-359e-49fb-aa12-0bd1756ec240'
  const body = `{"resource_type":"images","resource_id":"${image}","project":"default"}\n`
  const imported = await service.call('POST', '/tagwerk/v1/import', { token: domainToken, headers, body })
  expect([imported.status, imported.body.created]).toEqual([200, 1])
  expect((await service.call('GET', `${path}/${image}/tags`, { token })).status).toBe(200)
  const refused = await ask('DELETE', `/v3/domains/${id}`)
  expect(refused.status).toBe(409)
  const { project } = login.body.token
  const deleted = await service.call('DELETE', `/tagwerk/v1/${project.id}/resources/images/${image}`, { token })
  expect(deleted.status).toBe(204)
  expect((await ask('DELETE', `/v3/domains/${id}`)).status).toBe(204)
  expect((await ask('DELETE', `/v3/domains/${id}`)).status).toBe(404)
  expect((await service.call('GET', `${path}/${image}/tags`, { token })).status).toBe(401)
  expect((await logIn({})).status).toBe(401)
})

it('the first domain cannot be deleted', async () => {
  const { status, body } = await world().ask('DELETE', '/v3/domains/{domain}')
  expect([status, body.error.message]).toEqual([403, expect.stringContaining('cannot be disabled or deleted')])
})

describe('answers to DELETE', () =>
  runScenarios(() => world().target, needsManager({ method: 'DELETE', path: '/v3/domains/{domain}' })))
