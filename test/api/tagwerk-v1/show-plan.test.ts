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

  it('that does not exist is answered with 404, whatever its id', async () => {
    for (const id of ['01ARYZ6S41TSV4RRFFQ69G5FAV', 'nonsense', '%00']) {
      const { status, body } = await call('GET', `/${id}`)
      expect([status, body.error_code]).toEqual([404, 'plan-not-found'])
    }
  })
})
