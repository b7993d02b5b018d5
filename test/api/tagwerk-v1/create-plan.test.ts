import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { targetOf, texts } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'
import { line, planCalls, rename, renameEnv } from './plan-calls.ts'

// POST /tagwerk/v1/{project_id}/plans with JSON: plans from actions.

let service: TestService
let target: Target
beforeAll(async () => {
  service = await startTestService()
  target = await targetOf(service, {})
})
afterAll(() => service.stop())

const { call, ok, create, apply, items, tagsOf, contents, fresh } = planCalls(() => service)
beforeEach(() => fresh())

const idsOf = (list: readonly { resource_id: string }[]) => list.map(({ resource_id }) => resource_id)

describe('a plan from actions', () => {
  it('says what would change in numbers, and changes nothing', async () => {
    const before = await contents()
    const plan = await create(renameEnv)
    expect(plan).toMatchObject({
      state: 'planned',
      note: 'one spelling',
      select: {},
      actions: [{ rename_key: { from: 'Env', to: 'env', if_both: 'refuse' } }],
      summary: {
        matched: 4,
        changes: 2,
        unchanged: 1,
        refused: 1,
        conflicts: 0,
        types: { ecs: 1, images: 1 },
        keys: { Env: { removed: 2, added: 0, changed: 0 }, env: { added: 2, removed: 0, changed: 0 } },
        codes: { 'both-keys': 1 },
      },
    })
    expect(plan.id).toMatch(/^[0-9A-Z]{26}$/)
    expect(Date.parse(plan.expires_at) - Date.parse(plan.created_at)).toBeGreaterThan(6.9 * 86_400_000)
    expect(await contents()).toEqual(before)
  })

  it('of all actions changes values, sets and removes tags', async () => {
    const actions = [
      { map_value: { key: 'Env', from: ['prod', 'Prod'], to: 'production' } },
      { set: { team: 'web', x: '9' }, only_if_absent: true },
      { remove: { keys: ['y', 'env'] } },
      { change_case: { key: 'Env', to: 'upper' } },
    ]
    const { id } = await create({ select: { resource_types: ['images'] }, actions })
    await apply(id)
    expect(await tagsOf('images', 'a')).toBe('x=1 Env=PRODUCTION team=web')
    expect(await tagsOf('images', 'b')).toBe('Env=PRODUCTION team=web x=9')
  })

  it('removes a key with any value, and a tag with one value only', async () => {
    const remove = { keys: ['y'], tags: { Env: ' prod ' } }
    const { summary, id } = await create({ select: { resource_types: ['images'] }, actions: [{ remove }] })
    expect(summary).toMatchObject({ matched: 2, changes: 1, unchanged: 1 })
    await apply(id)
    expect(await tagsOf('images', 'a')).toBe('x=1')
    expect(await tagsOf('images', 'b')).toContain('Env=Prod')
  })

  it('reaches the resources that match conditions, or are named', async () => {
    const action = { set: { seen: '1' } }
    const some = await create({ select: { tags: [{ key: 'env', values: ['dev'] }] }, actions: [action] })
    expect(idsOf(await items(some.id))).toEqual(['d'])
    const ids = [
      { resource_type: 'images', resource_id: 'b' },
      { resource_type: 'images', resource_id: 'none' },
    ]
    const named = await create({ select: { ids }, actions: [action] })
    expect(named.summary).toMatchObject({ matched: 2, changes: 1, conflicts: 1, codes: { 'resource-not-found': 1 } })
  })

  it('shows before which resources would have too many tags, and which texts break a rule', async () => {
    const full = Object.fromEntries(texts('k', 10).map((key) => [key, '']))
    await service.register(line('images', 'full', full))
    const images = { resource_types: ['images'] }
    const many = await create({ select: images, actions: [{ set: { more: '1' } }] })
    expect(many.summary).toMatchObject({ changes: 2, refused: 1, codes: { 'tag-quota-exceeded': 1 } })
    const bad = await create({ select: images, actions: [rename('Env', 'e=nv')] })
    expect(bad.summary).toMatchObject({ changes: 0, refused: 2, unchanged: 1, codes: { 'tag-invalid': 2 } })
    await service.call('DELETE', `/tagwerk/v1/${service.project}/resources/images/full`)
  })

  it('is made of all resources at one revision, beside writers', async () => {
    const ids = texts('p', 2000)
    await service.register(...ids.map((id) => line('nat', id, { n: '0' })))
    const planning = create({ select: { resource_types: ['nat'] }, actions: [rename('n', 'N')] })
    await service.register(...ids.map((id) => line('nat', id, { n: '1' })))
    const plan = await planning
    expect(plan.summary.changes).toBe(2000)
    const values: string[] = []
    for (let marker = 0; marker < 2000; marker += 1000) {
      for (const { expect } of await items(plan.id, `?limit=1000&marker=${marker}`)) values.push(expect.n)
    }
    // The lines of an import are applied in order, so at each revision the first some are changed.
    const changed = values.filter((value) => value === '1').length
    expect(values).toEqual([...Array(changed).fill('1'), ...Array(2000 - changed).fill('0')])
  })

  it('is made once by calls with one key, and a key is not good for another call', async () => {
    const headers = { 'idempotency-key': 'once' }
    const first = await create(renameEnv, { headers })
    expect(await create(renameEnv, { headers })).toEqual(first)
    const { status, body } = await call('POST', '', { body: { ...renameEnv, note: 'other' }, headers })
    expect([status, body.error_code]).toEqual([422, 'idempotency-key-reused'])
    const both = { 'idempotency-key': 'twice' }
    const [one, two] = await Promise.all([create(renameEnv, { headers: both }), create(renameEnv, { headers: both })])
    expect(one).toEqual(two)
    expect((await ok(200, call('GET', ''))).plans).toHaveLength(2)
  })

  it('is one of twenty that are not applied at most', async () => {
    for (let i = 0; i < 20; i++) await create(renameEnv)
    const { status, body } = await call('POST', '', { body: renameEnv })
    expect([status, body.error_code]).toEqual([409, 'plan-limit-reached'])
  })
})

describe('answers to a plan from actions', () => {
  const of = (body: unknown, headers?: Record<string, string>) => ({
    method: 'POST',
    path: '/tagwerk/v1/{project}/plans',
    body,
    ...(headers && { headers }),
  })
  const withAction = (action: object) => of({ select: {}, actions: [action] })
  const id = { resource_type: 'images', resource_id: 'a' }
  runScenarios(
    () => target,
    [
      {
        name: 'no actions are answered with 400',
        request: of({ select: {}, actions: [] }),
        ...tagwerkError(400, 'request-invalid', 'actions'),
      },
      {
        name: 'an action that is two is answered with 400',
        request: withAction({ remove: { keys: ['a'] }, set: { a: '1' } }),
        ...tagwerkError(400, 'request-invalid', 'actions[0]'),
      },
      {
        name: 'an action that is none is answered with 400',
        request: withAction({}),
        ...tagwerkError(400, 'request-invalid', 'actions[0]'),
      },
      {
        name: 'a misspelt action is answered with 400 and a hint',
        request: withAction({ rename_keys: { from: 'a', to: 'b' } }),
        ...tagwerkError(400, 'request-invalid', 'rename_key'),
      },
      {
        name: 'renaming a key to itself is answered with 400',
        request: withAction(rename('a', ' a ')),
        ...tagwerkError(400, 'request-invalid', 'actions[0].rename_key.to'),
      },
      {
        name: 'only_if_absent without set is answered with 400',
        request: withAction({ remove: { keys: ['a'] }, only_if_absent: true }),
        ...tagwerkError(400, 'request-invalid', 'actions[0].only_if_absent'),
      },
      {
        name: 'a key that is set twice is answered with 400',
        request: withAction({ set: { a: '1', ' a': '2' } }),
        ...tagwerkError(400, 'tag-key-repeated', 'actions[0].set'),
      },
      {
        name: 'nothing to set is answered with 400',
        request: withAction({ set: {} }),
        ...tagwerkError(400, 'request-invalid', 'actions[0].set'),
      },
      {
        name: 'nothing to remove is answered with 400',
        request: withAction({ remove: {} }),
        ...tagwerkError(400, 'request-invalid', 'actions[0].remove'),
      },
      {
        name: 'a key that is removed twice is answered with 400',
        request: withAction({ remove: { keys: ['a'], tags: { ' a': '1' } } }),
        ...tagwerkError(400, 'tag-key-repeated', 'actions[0].remove'),
      },
      {
        name: 'a blank key of a tag to remove is answered with 400',
        request: withAction({ remove: { tags: { ' ': '1' } } }),
        ...tagwerkError(400, 'tag-invalid', 'actions[0].remove.tags'),
      },
      {
        name: 'a blank key is answered with 400',
        request: withAction({ set: { ' ': '1' } }),
        ...tagwerkError(400, 'tag-invalid', 'actions[0].set'),
      },
      {
        name: 'ids together with conditions are answered with 400',
        request: of({ select: { ids: [id], without_any_tag: true }, actions: [rename('a', 'b')] }),
        ...tagwerkError(400, 'request-invalid', 'select.without_any_tag'),
      },
      {
        name: 'an unknown type is answered with 400',
        request: of({ select: { resource_types: ['robots'] }, actions: [rename('a', 'b')] }),
        ...tagwerkError(400, 'request-invalid', 'select.resource_types[0]'),
      },
      {
        name: 'an empty key of the request is answered with 400',
        request: of(renameEnv, { 'idempotency-key': '' }),
        ...tagwerkError(400, 'request-invalid', 'Idempotency-Key'),
      },
      {
        name: 'a key of the request that is too long is answered with 400',
        request: of(renameEnv, { 'idempotency-key': 'k'.repeat(256) }),
        ...tagwerkError(400, 'request-invalid', 'Idempotency-Key'),
      },
      {
        name: 'another media type is answered with 415',
        request: of('a=1', { 'content-type': 'application/x-www-form-urlencoded' }),
        ...tagwerkError(415, 'media-type-unsupported', 'Content-Type'),
      },
    ],
  )
})
