import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { planCalls, renameEnv } from './plan-calls.ts'

// DELETE /tagwerk/v1/{project_id}/plans/{plan_id}.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const { call, ok, create, apply, contents, fresh } = planCalls(() => service)
beforeEach(() => fresh())

describe('a plan that is deleted', () => {
  it('is gone for every call', async () => {
    const { id } = await create(renameEnv)
    expect(await ok(204, call('DELETE', `/${id}`))).toBeUndefined()
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/items'],
      ['GET', '/file'],
      ['POST', '/apply'],
      ['POST', '/undo'],
      ['DELETE', ''],
    ] as const) {
      const { status, body } = await call(method, `/${id}${path}`)
      expect([method, path, status, body.error_code]).toEqual([method, path, 404, 'plan-not-found'])
    }
    expect((await ok(200, call('GET', ''))).plans).toEqual([])
  })

  it('leaves what it has changed', async () => {
    const { id } = await create(renameEnv)
    await apply(id)
    const after = await contents()
    await ok(204, call('DELETE', `/${id}`))
    expect(await contents()).toEqual(after)
  })
})
