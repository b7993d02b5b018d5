import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { planCalls, renameEnv } from './plan-calls.ts'

// GET /tagwerk/v1/{project_id}/plans/{plan_id}/items.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const { call, ok, create, apply, items, fresh } = planCalls(() => service)
beforeEach(() => fresh())

const idsOf = (list: readonly { resource_id: string }[]) => list.map(({ resource_id }) => resource_id)

describe('the items of a plan', () => {
  it('are the changes key by key, and what is not changed with its reason', async () => {
    const { id } = await create(renameEnv)
    expect(await items(id)).toEqual([
      {
        resource_type: 'ecs',
        resource_id: 'c',
        state: 'change',
        expect: { Env: 'dev', env: null },
        patch: { Env: null, env: 'dev' },
        order: ['env'],
      },
      {
        resource_type: 'images',
        resource_id: 'a',
        state: 'change',
        expect: { Env: 'prod', env: null },
        patch: { Env: null, env: 'prod' },
        order: ['x', 'env', 'y'],
      },
      { resource_type: 'images', resource_id: 'b', state: 'refused', error_code: 'both-keys', expect: {}, patch: {} },
    ])
  })

  it('have the revisions of their changes when the plan is applied', async () => {
    const { id } = await create(renameEnv)
    const { applied } = await apply(id)
    const done = await items(id, '?state=applied')
    expect(idsOf(done)).toEqual(['c', 'a'])
    expect(done.map(({ revision }: { revision: number }) => revision)).toEqual([
      applied.to_revision - 1,
      applied.to_revision,
    ])
    expect(idsOf(await items(id, '?state=change'))).toEqual([])
  })

  it('are listed page by page, also those of one state', async () => {
    const { id } = await create(renameEnv)
    const seen: string[] = []
    for (let marker: number | undefined = 0; marker !== undefined; ) {
      const page = await ok(200, call('GET', `/${id}/items?limit=1&marker=${marker}`))
      seen.push(...idsOf(page.items))
      marker = page.next_marker
    }
    expect(seen).toEqual(['c', 'a', 'b'])
    expect(await ok(200, call('GET', `/${id}/items?limit=1&state=refused`))).toMatchObject({
      items: [{ resource_id: 'b' }],
    })
  })
})
