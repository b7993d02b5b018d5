import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Random } from '../../support/random.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { texts } from '../fixtures.ts'
import { line, planCalls, rename, renameEnv } from './plan-calls.ts'

// POST /tagwerk/v1/{project_id}/plans/{plan_id}/undo: a plan that takes back another.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const { call, ok, create, apply, undo, items, tagsOf, setTag, contents, fresh } = planCalls(() => service)
beforeEach(() => fresh())

describe('taking back a plan', () => {
  it('is a plan too, which restores the tags and their order, and can be taken back', async () => {
    const before = await contents()
    const { id } = await create(renameEnv)
    await apply(id)
    const after = await contents()
    const back = await undo(id)
    expect(back).toMatchObject({ state: 'planned', undo_of: id, summary: { changes: 2, tags_left: 0 } })
    expect(await contents()).toEqual(after)
    expect(await apply(back.id)).toMatchObject({ applied: { changed: 2, cause: `undo:${back.id}` } })
    expect(await contents()).toEqual(before)
    const again = await undo(back.id)
    await apply(again.id)
    expect(await contents()).toEqual(after)
  })

  it('concerns only tags that still have the values of the plan', async () => {
    const set = { set: { team: 'web', env: 'prod' } }
    const { id } = await create({ select: { resource_types: ['ecs'] }, actions: [set] })
    await apply(id)
    await setTag('ecs', 'c', 'env', 'mine')
    for (const key of ['env', 'team']) await setTag('ecs', 'd', key, 'mine')
    const back = await undo(id)
    expect(back.summary).toMatchObject({ matched: 2, changes: 1, conflicts: 1, tags_left: 3 })
    expect(await items(back.id, '?state=conflict')).toMatchObject([{ resource_id: 'd', error_code: 'changed-since' }])
    await apply(back.id)
    expect(await tagsOf('ecs', 'c')).toBe('Env=dev env=mine')
    expect(await tagsOf('ecs', 'd')).toBe('env=mine team=mine')
  })

  it('has nothing to do for a resource that was changed back by hand', async () => {
    const { id } = await create({ select: { resource_types: ['ecs'] }, actions: [{ set: { env: 'prod' } }] })
    await apply(id)
    await setTag('ecs', 'd', 'env', 'dev')
    expect((await undo(id)).summary).toMatchObject({ changes: 1, unchanged: 1, tags_left: 0 })
  })

  it('restores the state before a plan of random actions, and the changes name both plans', async () => {
    const random = new Random(5)
    const keys = ['a', 'A', 'b', 'B', 'c']
    const randomTags = () => Object.fromEntries(random.some(keys, 0.6).map((key) => [key, random.pick(['x', 'X', ''])]))
    const ids = texts('r', 40)
    for (let round = 0; round < 5; round++) {
      await service.register(...ids.map((id) => line('disk', id, randomTags())))
      const before = await contents()
      const actions = [
        rename(random.pick(['a', 'b']), random.pick(['A', 'B']), random.pick(['keep-to', 'keep-from', 'refuse'])),
        { change_case: { key: random.pick(keys), to: random.pick(['lower', 'upper']) } },
        { remove: { keys: random.some(keys, 0.3).concat('none') } },
        { set: { [random.pick(keys)]: 'set' }, only_if_absent: random.chance(0.5) },
      ]
      const plan = await create({ select: { resource_types: ['disk'] }, actions })
      const applied = await apply(plan.id)
      expect(applied.applied.changed).toBe(plan.summary.changes)
      const back = await undo(plan.id)
      expect(back.summary).toMatchObject({ changes: plan.summary.changes, conflicts: 0, refused: 0, tags_left: 0 })
      await apply(back.id)
      expect(await contents()).toEqual(before)
    }
  })

  it('is refused while nothing was applied', async () => {
    const { id } = await create(renameEnv)
    const { status, body } = await call('POST', `/${id}/undo`)
    expect([status, body.error_code]).toEqual([409, 'plan-state'])
  })

  it('gives the same plan to calls with one key', async () => {
    const { id } = await create(renameEnv)
    await apply(id)
    const headers = { 'idempotency-key': 'back' }
    const back = await ok(201, call('POST', `/${id}/undo`, { headers }))
    expect(await ok(201, call('POST', `/${id}/undo`, { headers }))).toEqual(back)
    const { status, body } = await call('POST', `/${back.id}/undo`, { headers })
    expect([status, body.error_code]).toEqual([422, 'idempotency-key-reused'])
  })
})
