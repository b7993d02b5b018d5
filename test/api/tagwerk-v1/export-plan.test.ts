import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { line, planCalls, renameEnv } from './plan-calls.ts'

// GET /tagwerk/v1/{project_id}/plans/{plan_id}/file, and plans from files.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const { ok, call, create, send, apply, items, file, tagsOf, setTag, contents, fresh } = planCalls(() => service)
beforeEach(() => fresh())

const NDJSON = 'application/x-ndjson'
const head = '{"format":"tagwerk-plan/1"}'
const lines = (...each: readonly object[]) => [head, ...each.map((one) => JSON.stringify(one))].join('\n')
const withoutStates = (list: readonly Record<string, unknown>[]) =>
  list.map(({ state: _, revision: _none, ...item }) => item)

/** Expects an error that names a place and a code. */
async function refused(answer: ReturnType<typeof send>, code: string, ...fragments: readonly string[]) {
  const { status, body } = await answer
  expect([status, body.error_code]).toEqual([400, code])
  for (const fragment of fragments) expect(body.error_msg).toContain(fragment)
  expect((await ok(200, call('GET', ''))).plans).toEqual([])
}

describe('a plan file', () => {
  it('has the changes of a plan, and makes the same plan again', async () => {
    const plan = await create(renameEnv)
    const text = await file(plan.id)
    const [first = '', ...rest] = text.trimEnd().split('\n')
    expect(JSON.parse(first)).toMatchObject({
      format: 'tagwerk-plan/1',
      project_id: service.project,
      plan_id: plan.id,
      revision: plan.revision,
      note: 'one spelling',
      actions: renameEnv.actions.map(({ rename_key }) => ({ rename_key: { ...rename_key, if_both: 'refuse' } })),
    })
    expect(rest.map((each) => JSON.parse(each))).toEqual(withoutStates(await items(plan.id, '?state=change')))
    const again = await ok(201, send(NDJSON, text))
    expect(again).toMatchObject({ note: 'one spelling', summary: { changes: 2, unchanged: 0, refused: 0 } })
    expect(await items(again.id)).toEqual(await items(plan.id, '?state=change'))
    await apply(again.id)
    expect(await file(again.id)).toBe(
      text
        .replace(plan.id, again.id)
        .replace(/"created_at":"[^"]*"/, `"created_at":"${again.created_at}"`)
        .replace(/"revision":\d+/, `"revision":${again.revision}`),
    )
    expect(await tagsOf('images', 'a')).toBe('x=1 env=prod y=2')
  })

  it('of a plan that was applied makes a plan with conflicts only', async () => {
    const plan = await create(renameEnv)
    await apply(plan.id)
    const again = await ok(201, send(NDJSON, await file(plan.id)))
    expect(again.summary).toMatchObject({ changes: 0, conflicts: 2, codes: { 'tag-conflict': 2 } })
  })

  it('expects the present value of keys for which it expects none', async () => {
    const patch = { Env: null, env: 'new' }
    const { id, summary } = await ok(201, send(NDJSON, lines({ resource_type: 'ecs', resource_id: 'c', patch })))
    expect(summary).toMatchObject({ changes: 1 })
    expect(await items(id)).toMatchObject([{ expect: { Env: 'dev', env: null }, patch }])
    await setTag('ecs', 'c', 'Env', 'other')
    expect((await call('POST', `/${id}/apply`)).status).toBe(409)
  })

  it('is refused as a whole for a line that breaks a rule, which is named', async () => {
    const item = { resource_type: 'ecs', resource_id: 'c', patch: { env: 'x' } }
    await refused(send(NDJSON, '{"format":"other/1"}'), 'request-invalid', 'line 1: format', 'tagwerk-plan/1')
    await refused(send(NDJSON, ''), 'body-missing')
    await refused(send(NDJSON, `${head}\nnonsense`), 'body-malformed', 'line 2')
    await refused(send(NDJSON, lines(item, { ...item, patch: { env: 1 } })), 'request-invalid', 'line 3: patch.env')
    await refused(send(NDJSON, lines(item, item)), 'request-invalid', 'line 3: resource_id')
    await refused(send(NDJSON, lines({ ...item, patches: {} })), 'request-invalid', 'line 2: patches')
    await refused(send(NDJSON, lines({ ...item, patch: {} })), 'request-invalid', 'line 2: patch')
    await refused(send(NDJSON, lines({ ...item, expect: { other: '1' } })), 'request-invalid', 'line 2: expect.other')
    await refused(send(NDJSON, lines({ ...item, order: 'env' })), 'request-invalid', 'line 2: order')
    await refused(send(NDJSON, lines({ ...item, resource_type: 'a b' })), 'request-invalid', 'line 2: resource_type')
    await refused(send(NDJSON, '{"format":"tagwerk-plan/1","project_id":"p"}'), 'request-invalid', 'line 1: project_id')
  })

  it('makes one plan for calls with one key, and a key is not good for another file', async () => {
    const text = lines({ resource_type: 'ecs', resource_id: 'c', patch: { env: 'x' } })
    const headers = { 'idempotency-key': 'file' }
    const first = await ok(201, send(NDJSON, text, headers))
    expect(await ok(201, send(NDJSON, text, headers))).toEqual(first)
    const { status, body } = await send(NDJSON, `${text}\n`, headers)
    expect([status, body.error_code]).toEqual([422, 'idempotency-key-reused'])
    expect((await ok(200, call('GET', ''))).plans).toHaveLength(1)
  })
})

describe('CSV', () => {
  const csv = (...rows: readonly string[]) => ok(201, send('text/csv; charset=utf-8', rows.join('\r\n')))

  it('makes the tags of a resource those of its row, as far as it has columns', async () => {
    const { id, summary } = await csv(
      '\uFEFFresource_type,resource_id,resource_name,tag:env,tag:Env,tag:y',
      'images,a,any,prod,,(empty)',
      'ecs,c,any,dev,dev,',
      "ecs,d,any,'-1,,",
    )
    expect(summary).toMatchObject({ matched: 3, changes: 3 })
    await apply(id)
    expect(await tagsOf('images', 'a')).toBe('x=1 y= env=prod')
    expect(await tagsOf('ecs', 'c')).toBe('Env=dev env=dev')
    expect(await items(id)).toMatchObject([{}, {}, { resource_id: 'd', patch: { env: '-1' } }])
  })

  it('with the tags as they are makes an empty plan', async () => {
    const before = await contents()
    const { summary } = await csv(
      'project,resource_type,resource_id,tag:Env,tag:env,tag:x,tag:y,created_at,updated_at,resource_detail',
      'default,images,a,prod,,1,2,,,{}',
      'default,images,b,Prod,test,,,,,"{""a"":""1,2""}"',
      '',
      'default,ecs,c,dev,,,,,,{}',
    )
    expect(summary).toMatchObject({ matched: 3, changes: 0, unchanged: 3, refused: 0, conflicts: 0 })
    expect(await contents()).toEqual(before)
  })

  it('is refused as a whole for a column or a cell that breaks a rule, which is named', async () => {
    const of = (...rows: readonly string[]) => send('text/csv', rows.join('\n'))
    const columns = 'resource_type,resource_id,tag:env'
    await refused(of('resource_type,resource_id,owner'), 'request-invalid', 'line 1, column 3')
    await refused(of('resource_type,tag:env'), 'request-invalid', 'line 1: column resource_id')
    await refused(of(`${columns},tag:env`), 'request-invalid', 'line 1, column 4')
    await refused(of(`${columns},tag: `), 'request-invalid', 'line 1, column 4')
    await refused(of(columns, 'ecs,c,x', 'a b,c,x'), 'request-invalid', 'line 3, column resource_type')
    await refused(of(columns, 'ecs,,x'), 'request-invalid', 'line 2, column resource_id')
    await refused(of(columns, 'ecs,c,"a\nb"', 'ecs,c,y'), 'request-invalid', 'line 4: resource_id')
    await refused(of(columns, 'ecs,c,"a\r\nb"', 'ecs,c,y'), 'request-invalid', 'line 4: resource_id')
    await refused(of(columns, 'ecs,c,x,more'), 'request-invalid', 'line 2')
    await refused(of(columns, 'ecs,c,"x'), 'body-malformed', 'line 2')
    await refused(of(''), 'body-missing')
  })

  it('shows values that break a rule, and resources that do not exist', async () => {
    await service.register(line('images', 'a', { env: 'x' }))
    const { summary, id } = await csv('resource_type,resource_id,tag:env', 'images,a,a=b', 'images,none,x')
    expect(summary).toMatchObject({ refused: 1, conflicts: 1 })
    expect(await items(id)).toMatchObject([
      { resource_id: 'a', state: 'refused', error_code: 'tag-invalid' },
      { resource_id: 'none', state: 'conflict', error_code: 'resource-not-found' },
    ])
  })
})
