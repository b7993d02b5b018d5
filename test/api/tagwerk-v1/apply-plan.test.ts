import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { texts } from '../fixtures.ts'
import { line, planCalls, rename, renameEnv } from './plan-calls.ts'

// POST /tagwerk/v1/{project_id}/plans/{plan_id}/apply.

let service: TestService
beforeAll(async () => {
  service = await startTestService({ flags: { 'plan-atomic-max': '5500' } })
})
afterAll(() => service.stop())

const { call, create, show, items, apply, undo, tagsOf, setTag, count, contents, fresh } = planCalls(() => service)
beforeEach(() => fresh())

describe('a plan', () => {
  it('is applied as one, and a second call gives the same answer', async () => {
    const { id } = await create(renameEnv)
    const applied = await apply(id)
    expect(applied).toMatchObject({
      state: 'applied',
      applied: { changed: 2, conflicts: 0, remaining: 0, cause: `plan:${id}` },
    })
    expect(applied.applied.to_revision - applied.applied.from_revision).toBe(2)
    expect(await tagsOf('images', 'a')).toBe('x=1 env=prod y=2')
    expect(await tagsOf('ecs', 'c')).toBe('env=dev')
    expect(await apply(id)).toEqual(applied)
    expect(await apply(id, { on_conflict: 'skip' })).toEqual(applied)
  })

  it('answers with the revision that its changes have', async () => {
    const { id } = await create(renameEnv)
    const { headers, body } = await call('POST', `/${id}/apply`)
    expect(headers.get('x-tagwerk-revision')).toBe(String(body.applied.to_revision))
  })

  it('changes nothing where a resource has changed, and names each conflict', async () => {
    const { id } = await create(renameEnv)
    await setTag('ecs', 'c', 'Env', 'other')
    await service.call('DELETE', `/tagwerk/v1/${service.project}/resources/images/a`)
    const before = await contents()
    const { status, body } = await call('POST', `/${id}/apply`)
    expect([status, body]).toEqual([
      409,
      {
        error_code: 'plan-conflicts',
        error_msg: expect.stringContaining('2 resources are not as the plan expects them'),
        count: 2,
        conflicts: [
          { resource_type: 'ecs', resource_id: 'c', error_code: 'tag-conflict', key: 'Env', value: 'other' },
          { resource_type: 'images', resource_id: 'a', error_code: 'resource-not-found' },
        ],
      },
    ])
    expect(await contents()).toEqual(before)
    expect(await show(id)).toMatchObject({ state: 'planned' })
  })

  it('changes the others when conflicts are skipped, and lists the conflicts', async () => {
    const { id } = await create(renameEnv)
    await setTag('ecs', 'c', 'Env', 'other')
    expect(await apply(id, { on_conflict: 'skip' })).toMatchObject({
      state: 'applied',
      applied: { changed: 1, conflicts: 1 },
    })
    expect(await tagsOf('ecs', 'c')).toBe('Env=other')
    expect(await tagsOf('images', 'a')).toBe('x=1 env=prod y=2')
    expect(await items(id, '?state=conflict')).toMatchObject([{ resource_id: 'c', error_code: 'tag-conflict' }])
  })

  it('is applied when only other tags have changed, and its keys keep their positions', async () => {
    const { id } = await create(renameEnv)
    await setTag('ecs', 'c', 'other', '1')
    await apply(id)
    expect(await tagsOf('ecs', 'c')).toBe('env=dev other=1')
  })

  it('is applied once by two calls at once, and loses no change of writers beside it', async () => {
    const ids = texts('m', 600)
    await service.register(...ids.map((id) => line('evs', id, { batch: 'x' })))
    const evs = { resource_types: ['evs'] }
    const plan = await create({ select: evs, actions: [rename('batch', 'Batch')] })
    const writers = ids.slice(0, 40).map((id) => setTag('evs', id, 'own', id))
    const [one, two] = await Promise.all([apply(plan.id), apply(plan.id), ...writers])
    expect(one).toEqual(two)
    expect(one.applied.changed).toBe(600)
    expect(await count({ ...evs, tags: [{ key: 'own', values: [] }] })).toBe(40)
    expect(await count({ ...evs, tags: [{ key: 'Batch', values: ['x'] }] })).toBe(600)
  })

  it('and concurrent writers agree: each resource has the change, or is listed as a conflict', async () => {
    const ids = texts('w', 300)
    await service.register(...ids.map((id) => line('vpcs', id, { k: 'old' })))
    const vpcs = { resource_types: ['vpcs'] }
    const plan = await create({ select: vpcs, actions: [{ map_value: { key: 'k', from: ['old'], to: 'new' } }] })
    const applying = apply(plan.id, { on_conflict: 'skip' })
    await Promise.all(ids.slice(0, 60).map((id) => setTag('vpcs', id, 'k', 'mine')))
    const { applied } = await applying
    expect(applied.changed + applied.conflicts).toBe(300)
    expect(await items(plan.id, '?state=conflict&limit=1000')).toHaveLength(applied.conflicts)
    expect(await count({ ...vpcs, tags: [{ key: 'k', values: ['mine'] }] })).toBe(60)
    expect(await count({ ...vpcs, tags: [{ key: 'k', values: ['new'] }] })).toBe(240)
  })

  it('is not applied by a caller who may not change tags', async () => {
    const { id } = await create(renameEnv)
    const domainToken = await service.tokenFor(undefined)
    const policy = { Version: '1.1', Statement: [{ Effect: 'Allow', Action: ['tagwerk:plans:*'] }] }
    const role = { display_name: 'planner', type: 'XA', description: 'd', policy }
    const made = await service.call('POST', '/v3.0/OS-ROLE/roles', { token: domainToken, body: { role } })
    const user = { name: 'planner', password: 'a long Passphrase 1' }
    const created = await service.call('POST', '/v3/users', { token: domainToken, body: { user } })
    const path = `/v3/projects/${service.project}/users/${created.body.user.id}/roles/${made.body.role.id}`
    expect((await service.call('PUT', path, { token: domainToken })).status).toBe(204)
    const identity = { methods: ['password'], password: { user: { ...user, domain: { name: 'default' } } } }
    const scope = { project: { id: service.project } }
    const answer = await service.call('POST', '/v3/auth/tokens', { token: null, body: { auth: { identity, scope } } })
    const token = answer.headers.get('x-subject-token') as string
    expect((await call('GET', `/${id}`, { token })).status).toBe(200)
    const refused = await call('POST', `/${id}/apply`, { token })
    expect([refused.status, refused.body.error_code]).toEqual([403, 'action-forbidden'])
    expect(refused.text).toContain('tagwerk:tags:update')
  })
})

describe('a plan that is too large to be applied as one', () => {
  const types = { resource_types: ['eip'] }
  const ids = texts('e', 6000)
  const withValue = (value: string) => count({ ...types, tags: [{ key: 'k', values: [value] }] })
  const plan = () => create({ select: types, actions: [{ map_value: { key: 'k', from: ['old'], to: 'new' } }] })
  beforeAll(() => service.register(...ids.map((id) => line('eip', id, { k: 'old' }))))

  it('is applied in parts by one call, and taken back as a whole', async () => {
    const { id } = await plan()
    expect(await apply(id)).toMatchObject({ state: 'applied', applied: { changed: 6000, remaining: 0 } })
    expect(await withValue('new')).toBe(6000)
    const back = await undo(id)
    expect(await apply(back.id)).toMatchObject({ state: 'applied', applied: { changed: 6000 } })
    expect(await withValue('old')).toBe(6000)
  })

  it('changes nothing when a resource of a later part has changed', async () => {
    const { id } = await plan()
    await setTag('eip', 'e5999', 'k', 'mine')
    const { status, body } = await call('POST', `/${id}/apply`)
    expect([status, body.count, body.conflicts]).toEqual([
      409,
      1,
      [{ resource_type: 'eip', resource_id: 'e5999', error_code: 'tag-conflict', key: 'k', value: 'mine' }],
    ])
    expect(await withValue('new')).toBe(0)
    expect(await apply(id, { on_conflict: 'skip' })).toMatchObject({ applied: { changed: 5999, conflicts: 1 } })
    expect(await withValue('new')).toBe(5999)
  })
})
