import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { planCalls, renameEnv } from './plan-calls.ts'

// GET /tagwerk/v1/{project_id}/plans/{plan_id}: a plan in numbers.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const { call, create, show, apply, fresh } = planCalls(() => service)
beforeEach(() => fresh())

describe('a plan', () => {
  it('is shown as it was made, and with what it has changed when it is applied', async () => {
    const plan = await create(renameEnv)
    expect(await show(plan.id)).toEqual(plan)
    expect(plan.applied).toBeUndefined()
    const applied = await apply(plan.id)
    expect(await show(plan.id)).toEqual(applied)
    expect(applied.applied).toMatchObject({ changed: 2, conflicts: 0, remaining: 0 })
    expect(Date.parse(applied.expires_at)).toBeGreaterThan(Date.parse(plan.expires_at))
  })

  it('names who made it and who applied it, while they are there', async () => {
    const token = await service.tokenFor(undefined)
    const { id } = await create(renameEnv)
    expect(await show(id)).toMatchObject({ created_by_name: 'admin' })
    const password = 'Staple-battery-7391'
    const made = await service.call('POST', '/v3/users', { token, body: { user: { name: 'planner', password } } })
    const user = made.body.user.id
    const roles = await service.call('GET', '/v3/roles?name=te_admin', { token })
    const role = `/v3/projects/${service.project}/users/${user}/roles/${roles.body.roles[0].id}`
    expect((await service.call('PUT', role, { token })).status).toBe(204)
    const identity = {
      methods: ['password'],
      password: { user: { name: 'planner', password, domain: { name: 'default' } } },
    }
    const auth = { identity, scope: { project: { id: service.project } } }
    const taken = await service.call('POST', '/v3/auth/tokens', { token: null, body: { auth } })
    const own = taken.headers.get('x-subject-token')
    expect((await call('POST', `/${id}/apply`, { token: own })).body).toMatchObject({
      created_by_name: 'admin',
      applied: { by: user, by_name: 'planner' },
    })
    expect((await service.call('DELETE', `/v3/users/${user}`, { token })).status).toBe(204)
    expect((await call('GET', '')).body.plans[0].applied).toMatchObject({ by: user, by_name: null })
  })

  it('that does not exist is answered with 404, whatever its id', async () => {
    for (const id of ['01ARYZ6S41TSV4RRFFQ69G5FAV', 'nonsense', '%00']) {
      const { status, body } = await call('GET', `/${id}`)
      expect([status, body.error_code]).toEqual([404, 'plan-not-found'])
    }
  })
})
