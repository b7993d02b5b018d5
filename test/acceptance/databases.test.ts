import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Place, Stage } from './stage.ts'

// Tags of a database instance, from its creation to its deletion by the vendor's calls. The steps depend on their
// order.

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/)

let stage: Stage
let home: Place
/** The instance of the story; another one stands beside it. */
let first: string

beforeAll(async () => {
  stage = await Stage.open()
  home = await stage.project('databases')
})

afterAll(() => stage?.close())

const call = (method: string, rest: string, body?: unknown, headers: Record<string, string> = {}) =>
  stage.client.call(home.token, method, `/v3/${home.projectId}${rest}`, body, headers)
const tag = (key: string, value = '') => ({ key, value })
const tagsOf = async (id: string) => (await call('GET', `/instances/${id}/tags`)).body
const batch = (id: string, action: string, tags: readonly object[], headers = {}) =>
  call('POST', `/instances/${id}/tags/action`, { action, tags }, headers)
const namesIn = ({ body }: { body: { instances: { name: string }[] } }) => body.instances.map(({ name }) => name)

/** The example request of the vendor's page on creating an instance. */
const order = (name: string, tags: readonly object[]) => ({
  name,
  region: 'aaa',
  mode: 'Cluster',
  flavor_ref: 'gaussdb.mysql.xlarge.x86.4',
  datastore: { type: 'gaussdb-mysql', version: '8.0' },
  vpc_id: '3cedfc54-b105-4652-a4e0-847b11576b58',
  subnet_id: 'fda0a1f7-c7a5-4cda-9a40-bc1b0a6a2c9d',
  security_group_id: 'c7a5fda0-a1f7-4cda-9a40-bc1b0a6a2c9d',
  password: 'Acceptance_1234!',
  availability_zone_mode: 'single',
  slave_count: 1,
  tags,
})

describe("an instance made by the vendor's call", () => {
  it('a created instance is visible at once, with its tags and without its password', async () => {
    const made = await call('POST', '/instances', order('acceptance-1', [tag('key1', 'value1'), tag('owner', '王')]))
    expect(made.status).toBe(201)
    first = made.body.instance.id
    const { password, tags, ...kept } = order('acceptance-1', [])
    expect(made.body).toEqual({
      instance: { ...kept, id: expect.stringMatching(/^[\da-z]{32}in07$/), status: 'ACTIVE' },
      job_id: expect.any(String),
    })
    expect((await call('POST', '/instances', order('acceptance-2', [tag('key1', 'value2')]))).status).toBe(201)
    expect(await tagsOf(first)).toEqual({ total_count: 2, tags: [tag('key1', 'value1'), tag('owner', '王')] })
  })

  it('a created instance is shown by id and in the list', async () => {
    const shown = await call('GET', `/instances/${first}`)
    const common = {
      id: first,
      name: 'acceptance-1',
      status: 'ACTIVE',
      type: 'Cluster',
      created: TIME,
      updated: TIME,
      datastore: { type: 'gaussdb-mysql', version: '8.0' },
      tags: [tag('key1', 'value1'), tag('owner', '王')],
    }
    expect([shown.status, shown.body]).toMatchObject([
      200,
      { instance: { ...common, project_id: home.projectId, az_mode: 'single', node_count: 2 } },
    ])
    const { body } = await call('GET', '/instances?name=acceptance-1')
    expect(body).toMatchObject({ total_count: 1, instances: [{ ...common, region: 'aaa' }] })
    for (const answer of [shown.body, body]) expect(JSON.stringify(answer)).not.toContain('Acceptance_1234!')
  })

  it('the job of a created instance is completed', async () => {
    const made = await call('POST', '/instances', order('acceptance-3', []))
    const { body } = await call('GET', `/jobs?id=${made.body.job_id}`)
    expect(body.job).toMatchObject({
      id: made.body.job_id,
      name: 'CreateMysqlInstance',
      status: 'Completed',
      instance: { id: made.body.instance.id, name: 'acceptance-3' },
    })
    expect((await call('DELETE', `/instances/${made.body.instance.id}`)).status).toBe(200)
  })
})

describe('tags in a batch', () => {
  it('a batch adds tags and overwrites existing ones without reordering them', async () => {
    const done = await batch(first, 'create', [tag('stage', 'test'), tag('key1', 'v.2'), tag(' blank ', ' around ')])
    expect([done.status, done.body]).toEqual([200, ''])
    expect(await tagsOf(first)).toEqual({
      total_count: 4,
      tags: [tag('key1', 'v.2'), tag('owner', '王'), tag('stage', 'test'), tag('blank', 'around')],
    })
  })

  it('a batch with an invalid tag adds none', async () => {
    const before = await tagsOf(first)
    for (const [tags, code] of [
      [[tag('fine'), tag('fine', '2')], 'DBS.280272'],
      [[tag('fine'), tag('not fine')], 'DBS.200001'],
      [[tag('fine'), { key: 'valueless' }], 'DBS.200001'],
      [Array.from({ length: 17 }, (_, i) => tag(`more${i}`)), 'DBS.200087'],
      [[], 'DBS.200001'],
    ] as const) {
      const refused = await batch(first, 'create', tags)
      expect([refused.status, refused.body.error_code], JSON.stringify(tags)).toEqual([400, code])
    }
    expect(await tagsOf(first)).toEqual(before)
  })

  it('a batch deletes tags by key, or by key and value', async () => {
    const done = await batch(first, 'delete', [
      { key: 'blank' },
      tag('stage', 'other'),
      tag('owner', '王'),
      tag('none'),
    ])
    expect([done.status, done.body]).toEqual([200, ''])
    expect(await tagsOf(first)).toEqual({ total_count: 2, tags: [tag('key1', 'v.2'), tag('stage', 'test')] })
  })

  it('the action of a batch is case-sensitive', async () => {
    for (const [action, code] of [
      ['Create', 'DBS.290001'],
      ['add', 'DBS.200001'],
    ] as const) {
      const refused = await batch(first, action, [tag('k')])
      expect([refused.status, refused.body.error_code]).toEqual([400, code])
    }
  })
})

describe('finding instances by their tags', () => {
  it('a query by several pairs returns instances that match all of them', async () => {
    for (const [tags, names] of [
      ['key1=v.2', ['acceptance-1']],
      ['key1=value2', ['acceptance-2']],
      ['key1=v.2,stage=test', ['acceptance-1']],
      ['key1=value2,stage=test', []],
      ['key1=', []],
    ] as const) {
      const found = await call('GET', `/instances?tags=${encodeURIComponent(tags)}`)
      expect([found.status, namesIn(found), found.body.total_count]).toEqual([200, names, names.length])
    }
  })

  it('a query is paged by limit and offset', async () => {
    const pages = [['acceptance-1'], ['acceptance-2'], []]
    for (const [offset, names] of pages.entries()) {
      const page = await call('GET', `/instances?limit=1&offset=${offset}`)
      expect([namesIn(page), page.body.total_count]).toEqual([names, 2])
    }
  })

  it('a query with a repeated key or a pair without equals sign is refused', async () => {
    for (const tags of ['key1=a,key1=b', 'key1']) {
      const refused = await call('GET', `/instances?tags=${encodeURIComponent(tags)}`)
      expect([refused.status, refused.body.error_code]).toEqual([400, 'DBS.200001'])
    }
  })
})

describe('the tags of the project', () => {
  it('the tags of a project are paged by key, each with all its values', async () => {
    const all = [
      { key: 'key1', values: ['v.2', 'value2'] },
      { key: 'stage', values: ['test'] },
    ]
    expect((await call('GET', '/tags')).body).toEqual({ total_count: 2, tags: all })
    const seen: unknown[] = []
    for (let offset = 0; ; offset++) {
      const { body } = await call('GET', `/tags?limit=1&offset=${offset}`)
      expect(body.total_count).toBe(2)
      if (body.tags.length === 0) break
      seen.push(...body.tags)
    }
    expect(seen).toEqual(all)
  })
})

describe('with X-Language: zh-cn', () => {
  const CHINESE = { 'X-Language': 'zh-cn' }

  it('error messages are Chinese with X-Language: zh-cn and English without it', async () => {
    const unknown = `/instances/${'0'.repeat(32)}in07/tags`
    const told = await call('GET', unknown, undefined, CHINESE)
    expect([told.status, told.body]).toEqual([
      404,
      { error_code: 'DBS.200045', error_msg: expect.stringMatching(/^实例不存在或已删除。/) },
    ])
    expect((await call('GET', unknown)).body).toEqual({
      error_code: 'DBS.200045',
      error_msg: expect.stringMatching(/^The DB instance does not exist\./),
    })
  })

  it('Chinese error messages begin with the text of the code and name the field', async () => {
    const quota = await batch(
      first,
      'create',
      Array.from({ length: 19 }, (_, i) => tag(`k${i}`)),
      CHINESE,
    )
    expect(quota.body).toMatchObject({
      error_code: 'DBS.200087',
      error_msg: expect.stringMatching(/^单个实例标签数量达到最大配额。/),
    })
    const limit = await call('GET', '/tags?limit=101', undefined, CHINESE)
    expect(limit.body).toMatchObject({
      error_code: 'DBS.280439',
      error_msg: expect.stringMatching(/^限制查询数量不正确.*limit.*100.*101/),
    })
  })
})

it('deleting an instance deletes its tags', async () => {
  const deleted = await call('DELETE', `/instances/${first}`)
  expect([deleted.status, deleted.body]).toEqual([200, { job_id: expect.any(String) }])
  for (const [method, rest] of [
    ['GET', `/instances/${first}`],
    ['GET', `/instances/${first}/tags`],
    ['DELETE', `/instances/${first}`],
  ] as const) {
    const gone = await call(method, rest)
    expect([gone.status, gone.body.error_code]).toEqual([404, 'DBS.200045'])
  }
  expect((await call('GET', '/tags')).body).toEqual({
    total_count: 1,
    tags: [{ key: 'key1', values: ['value2'] }],
  })
})
