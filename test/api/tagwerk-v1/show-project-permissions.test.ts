import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { makeUser, READER_PASSWORD, startWithUsers } from '../fixtures.ts'
import { consoleOf } from './session-calls.ts'

// W83: GET /tagwerk/v1/{project_id}/permissions.

let service: TestService
beforeAll(async () => {
  service = await startWithUsers()
})
afterAll(() => service.stop())

describe('the permissions in a project', () => {
  it('an administrator is allowed every action', async () => {
    const { status, body } = await service.call('GET', `/tagwerk/v1/${service.project}/permissions`)
    expect(status).toBe(200)
    expect(new Set(Object.values(body.actions))).toEqual(new Set(['allowed']))
    expect(Object.keys(body.actions)).toEqual(expect.arrayContaining(['tagwerk:plans:apply', 'tagwerk:history:get']))
  })

  it('a reader is allowed the calls that then succeed, and not the ones that are refused', async () => {
    const call = await consoleOf(service, 'reader', READER_PASSWORD)
    const path = `/tagwerk/v1/${service.project}`
    const { actions } = (await call('GET', `${path}/permissions`)).body
    expect([actions['tagwerk:resources:list'], actions['tagwerk:plans:create']]).toEqual(['allowed', 'not-granted'])
    expect((await call('POST', `${path}/resources/search`, { body: {} })).status).toBe(200)
    const plan = { actions: [{ rename_key: { from: 'a', to: 'b' } }] }
    expect((await call('POST', `${path}/plans`, { body: plan })).status).toBe(403)
  })

  it('an action that a policy denies is told from one that no role grants', async () => {
    const token = await service.tokenFor(undefined)
    const id = await makeUser(service, token, 'hindered', { project: service.project, role: 'te_admin' })
    const policy = { Version: '1.1', Statement: [{ Effect: 'Deny', Action: ['tagwerk:plans:apply'] }] }
    const role = { display_name: 'no-plans', type: 'XA', description: '', policy }
    const made = await service.call('POST', '/v3.0/OS-ROLE/roles', { token, body: { role } })
    const path = `/v3/projects/${service.project}/users/${id}/roles/${made.body.role.id}`
    expect((await service.call('PUT', path, { token })).status).toBe(204)
    const call = await consoleOf(service, 'hindered', READER_PASSWORD)
    const { actions } = (await call('GET', `/tagwerk/v1/${service.project}/permissions`)).body
    expect([actions['tagwerk:plans:apply'], actions['tagwerk:plans:create']]).toEqual(['denied', 'allowed'])
  })

  it('a project in which the caller has no role is refused', async () => {
    const call = await consoleOf(service, 'guest', READER_PASSWORD)
    const { status, body } = await call('GET', `/tagwerk/v1/${service.project}/permissions`)
    expect([status, body.error_code]).toEqual([403, 'scope-forbidden'])
  })
})
