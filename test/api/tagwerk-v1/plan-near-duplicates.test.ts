import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../cli/run.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { line, planCalls } from './plan-calls.ts'

// POST /tagwerk/v1/{project_id}/near-duplicates/{group_id}/plan

let service: TestService
beforeAll(async () => {
  service = await startTestService()
  await service.register(
    line('images', 'a', { Env: 'prod', x: '1' }),
    line('images', 'b', { ENV: 'test' }),
    line('ecs', 'c', { env: 'Prod' }),
    line('ecs', 'd', { env: 'prod' }),
    line('ecs', 'e', { Env: 'prod', env: 'dev' }),
    line('ecs', 'f', { x: '2' }),
  )
})
afterAll(() => service.stop())

const { ok, apply, undo, items, contents } = planCalls(() => service)
const path = (rest = '') => `/tagwerk/v1/${service.project}/near-duplicates${rest}`
const groupsOf = async (query = '') => (await ok(200, service.call('GET', path(query)))).groups
const plan = (id: string, body: unknown = {}, headers = {}) =>
  service.call('POST', path(`/${id}/plan`), { body, headers })

describe('the plan that merges near-duplicate keys', () => {
  it('leaves one spelling and loses no value: a resource with two spellings is refused', async () => {
    const before = await contents()
    const [group] = await groupsOf()
    const made = await ok(201, plan(group.id))
    expect(made).toMatchObject({
      state: 'planned',
      select: { filter: '"Env" in tags || "ENV" in tags' },
      actions: group.plan.actions,
      summary: { matched: 3, changes: 2, refused: 1, codes: { 'both-keys': 1 } },
    })
    expect(await contents()).toEqual(before)
    await apply(made.id)
    expect(await contents()).toEqual([
      'ecs c env=Prod',
      'ecs d env=prod',
      'ecs e Env=prod env=dev',
      'ecs f x=2',
      'images a env=prod x=1',
      'images b env=test',
    ])
    await apply((await undo(made.id)).id)
    expect(await contents()).toEqual(before)
  })

  it.each([
    ['keep-to', 'ecs e env=dev'],
    ['keep-from', 'ecs e env=prod'],
  ])('with %s leaves no other spelling at all', async (if_both, merged) => {
    const [group] = await groupsOf()
    const made = await ok(201, plan(group.id, { if_both, note: 'one spelling' }))
    expect(made).toMatchObject({ note: 'one spelling', summary: { changes: 3, refused: 0 } })
    await apply(made.id)
    expect(await groupsOf('?kind=certain')).toEqual([])
    expect(await contents()).toContain(merged)
    await apply((await undo(made.id)).id)
  })

  it('keeps another spelling of the group on request, and refuses one that is none of it', async () => {
    const [group] = await groupsOf()
    const made = await ok(201, plan(group.id, { canonical: 'ENV' }))
    expect(made.summary).toMatchObject({ matched: 4, changes: 3, refused: 1 })
    const { status, body } = await plan(group.id, { canonical: 'eNV' })
    expect([status, body.error_msg]).toEqual([400, expect.stringMatching(/canonical.*"env", "Env", "ENV".*"eNV"/)])
  })

  it('keeps a predefined spelling rather than the most used one', async () => {
    const tag = { key: 'ENV', value: 'Prod' }
    const body = { action: 'create', tags: [tag] }
    await ok(
      204,
      service.call('POST', '/v1.0/predefine_tags/action', { body, token: await service.tokenFor(undefined) }),
    )
    expect((await groupsOf())[0]).toMatchObject({ canonical: 'ENV', affected: 5 })
    expect((await groupsOf('?key=env'))[0]).toMatchObject({ canonical: 'Prod' })
    await ok(
      204,
      service.call('POST', '/v1.0/predefine_tags/action', {
        body: { action: 'delete', tags: [tag] },
        token: await service.tokenFor(undefined),
      }),
    )
    expect((await groupsOf())[0]).toMatchObject({ canonical: 'env' })
  })

  it('keeps the spelling of a tag policy rather than a predefined one', async () => {
    const token = await service.tokenFor(undefined)
    const predefine = (action: string) =>
      ok(
        204,
        service.call('POST', '/v1.0/predefine_tags/action', {
          body: { action, tags: [{ key: 'ENV', value: 'prod' }] },
          token,
        }),
      )
    const policy = (method: string, body?: unknown) =>
      service.call(method, `/tagwerk/v1/${service.project}/policies/spelling`, body === undefined ? {} : { body })
    await predefine('create')
    await ok(200, policy('PUT', { tags: { env: { tag_key: { '@@assign': 'Env' } } } }))
    expect((await groupsOf())[0]).toMatchObject({ canonical: 'Env' })
    await ok(200, policy('PUT', { tags: { env: { tag_value: { '@@assign': ['Prod', 'pr*'] } } } }))
    expect((await groupsOf('?key=env'))[0]).toMatchObject({ canonical: 'Prod' })
    await ok(204, policy('DELETE'))
    await predefine('delete')
    expect((await groupsOf())[0]).toMatchObject({ canonical: 'env' })
  })

  it('is made once for one key of a request, also when the group is no more', async () => {
    const [group] = await groupsOf()
    const headers = { 'idempotency-key': 'merge-1' }
    const made = await ok(201, plan(group.id, { if_both: 'keep-to' }, headers))
    await apply(made.id)
    expect((await plan(group.id)).status).toBe(404)
    expect((await ok(201, plan(group.id, { if_both: 'keep-to' }, headers))).id).toBe(made.id)
    expect((await plan(group.id, {}, headers)).body.error_code).toBe('idempotency-key-reused')
    await apply((await undo(made.id)).id)
  })

  it('is made and shown by the command line', async () => {
    const [group] = await groupsOf()
    const { code, stdout, stderr } = await run(['near-duplicates', '--plan', group.id], { endpoint: service.url })
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Planned\. To apply it: tagwerk plan apply \w{26}\n$/)])
    expect(stderr).toContain('2 of 3 resources would change')
  })
})

describe('the plan that merges near-duplicate values', () => {
  it('leaves one value of the key', async () => {
    const [group] = await groupsOf('?key=env')
    const made = await ok(201, plan(group.id, { key: 'env' }))
    expect(made).toMatchObject({ select: { filter: 'tags.env == "prod"' }, summary: { matched: 1, changes: 1 } })
    expect(await items(made.id)).toMatchObject([{ resource_id: 'd', patch: { env: 'Prod' } }])
    await apply(made.id)
    expect(await groupsOf('?key=env')).toEqual([])
  })
})
