import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { planCalls, renameEnv } from './plan-calls.ts'

// GET /tagwerk/v1/{project_id}/plans.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const { call, ok, create, fresh } = planCalls(() => service)
beforeEach(() => fresh())

describe('plans', () => {
  it('are listed page by page, the last made first', async () => {
    const ids: string[] = []
    for (let i = 0; i < 5; i++) ids.push((await create(renameEnv)).id)
    const seen: string[] = []
    let marker = ''
    do {
      const { plans, next_marker } = await ok(200, call('GET', `?limit=2${marker}`))
      seen.push(...plans.map(({ id }: { id: string }) => id))
      marker = next_marker === undefined ? '' : `&marker=${next_marker}`
    } while (marker !== '')
    expect(seen).toEqual(ids.toSorted().reverse())
  })

  it('are listed as they are shown', async () => {
    const plan = await create(renameEnv)
    expect(await ok(200, call('GET', ''))).toEqual({ plans: [plan] })
  })

  it('are not listed from a marker that is none', async () => {
    const { status, body } = await call('GET', '?marker=nonsense')
    expect([status, body.error_code]).toEqual([400, 'marker-invalid'])
  })
})
