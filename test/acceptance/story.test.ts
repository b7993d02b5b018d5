import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Client, type Login } from './client.ts'
import { removeProject } from './stage.ts'
import { openTarget, type Target } from './target.ts'

// The main scenario of the tag APIs, against a service known by its URL only. It creates two projects with unique names
// and deletes them at the end. The steps depend on their order.

const RUN = randomUUID().slice(0, 8)
const HOME = `acceptance-${RUN}`
const ELSEWHERE = `acceptance-${RUN}-other`
const IMAGES = Array.from({ length: 5 }, () => randomUUID())
const INSTANCES = Array.from({ length: 2 }, () => `${randomUUID().replaceAll('-', '')}in07`)

let target: Target
let client: Client
let domain: Login
let home: Login
let elsewhere: Login

beforeAll(async () => {
  target = await openTarget()
  client = new Client(target)
})

afterAll(async () => {
  const left: string[] = []
  for (const name of domain === undefined ? [] : [HOME, ELSEWHERE]) {
    const { body } = await client.call(domain.token, 'GET', `/v3/projects?name=${name}`)
    for (const { id } of body.projects) {
      const { status } = await removeProject(client, domain, name, id)
      if (status !== 204) left.push(`${name}: ${status}`)
    }
  }
  await target?.close()
  expect(left, 'what could not be removed').toEqual([])
})

const imageTags = (id = IMAGES[0]) => `/v2/${home.projectId}/images/${id}/tags`
const query = () => `/v2/${home.projectId}/images/resource_instances/action`
const add = (key: string, value: unknown, id = IMAGES[0]) =>
  client.call(home.token, 'POST', imageTags(id), { tag: { key, value } })
const namesOf = ({ body }: { body: { resources: { resource_name: string }[] } }) =>
  body.resources.map(({ resource_name }) => resource_name)
const revisionOf = ({ headers }: { headers: Headers }) => Number(headers.get('x-tagwerk-revision'))

/** Lines of an import: five images and two instances in one project, and an image with an equal id in another. */
function registration(): string {
  const image = (id: string | undefined, i: number, project = HOME) => ({
    resource_type: 'images',
    project,
    resource_id: id,
    resource_name: `镜像 Web-${i}`,
    tags: [],
  })
  const instance = (id: string, i: number) => ({
    resource_type: 'instances',
    project: HOME,
    resource_id: id,
    resource_name: `db-${i}`,
    tags: [
      { key: 'key1', value: `value${i + 1}` },
      { key: `only${i}`, value: '' },
    ],
  })
  const lines = [...IMAGES.map((id, i) => image(id, i)), ...INSTANCES.map(instance), image(IMAGES[0], 9, ELSEWHERE)]
  return lines.map((line) => JSON.stringify(line)).join('\n')
}

describe('a user with a password', () => {
  it('a user gets a domain token, and none with a wrong password', async () => {
    domain = await client.logIn()
    expect(domain).toMatchObject({
      status: 201,
      body: { token: { methods: ['password'], user: { name: target.user } } },
    })
    const wrong = await client.logIn(undefined, `not ${target.password}`)
    expect([wrong.status, wrong.body]).toEqual([
      401,
      { error: { code: 401, message: 'The username or password is wrong.', title: 'Unauthorized' } },
    ])
  })

  it('a dry run of an import reports its effect and changes nothing', async () => {
    for (let i = 0; i < 2; i++) {
      const dry = await client.call(domain.token, 'POST', '/tagwerk/v1/import?dry_run=true', registration())
      expect(dry.body).toMatchObject({ dry_run: true, created: 8, refused: 0, projects_created: [HOME, ELSEWHERE] })
    }
  })

  it('an import registers images and instances in new projects', async () => {
    const done = await client.call(domain.token, 'POST', '/tagwerk/v1/import', registration())
    expect(done.body).toMatchObject({ dry_run: false, created: 8, refused: 0, projects_created: [HOME, ELSEWHERE] })
    const again = await client.call(domain.token, 'POST', '/tagwerk/v1/import', registration())
    expect(again.body).toMatchObject({ created: 0, unchanged: 8 })
  })

  it('a user lists the projects and gets tokens for them', async () => {
    home = await client.logIn(HOME)
    elsewhere = await client.logIn(ELSEWHERE)
    const { body } = await client.call(home.token, 'GET', `/v3/projects?name=${HOME}`)
    expect(body.projects.map(({ id }: { id: string }) => id)).toEqual([home.projectId])
    const mine = await client.call(home.token, 'GET', '/v3/auth/projects')
    expect(mine.body.projects.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining([HOME, ELSEWHERE]),
    )
  })

  it('a token can be shown and validated', async () => {
    const subject = { 'X-Subject-Token': home.token }
    const shown = await client.call(home.token, 'GET', '/v3/auth/tokens', undefined, subject)
    expect([shown.status, shown.body.token.project.name]).toEqual([200, HOME])
    expect((await client.call(home.token, 'HEAD', '/v3/auth/tokens', undefined, subject)).status).toBe(200)
  })
})

describe('adding tags to an image (1) and listing them (2)', () => {
  it('an imported image has no tags', async () => {
    expect((await client.call(home.token, 'GET', imageTags())).body).toEqual({ tags: [] })
  })

  it('adding, overwriting and a no-op return 204, and each effective write raises the revision by one', async () => {
    const first = await add('key1', 'value1')
    expect([first.status, first.body]).toEqual([204, ''])
    const start = revisionOf(first)
    expect(revisionOf(await add(' 环境 ', '生产'))).toBe(start + 1)
    expect(revisionOf(await add('key1', 'value2'))).toBe(start + 2)
    expect(revisionOf(await add('key1', 'value2'))).toBe(start + 2)
    const listed = await client.call(home.token, 'GET', imageTags())
    expect(listed.body).toEqual({
      tags: [
        { key: 'key1', value: 'value2' },
        { key: '环境', value: '生产' },
      ],
    })
    expect(revisionOf(listed)).toBe(start + 2)
  })

  it('an invalid tag is refused with 400 IMG.0115, naming field, rule and value', async () => {
    const refused = await add('k'.repeat(37), '')
    expect(refused.status).toBe(400)
    expect(refused.body.error.code).toBe('IMG.0115')
    expect(refused.body.error.message).toMatch(/^The image tag is invalid\. .*tag\.key.*36.*37/)
    for (const [key, value] of [
      ['', 'v'],
      ['a b', 'v'],
      ['k', 'v'.repeat(44)],
      ['k', 'a@b'],
    ] as const) {
      expect((await add(key, value)).body.error.code).toBe('IMG.0115')
    }
    expect((await add('k', null)).body.error.code).toBe('IMG.0001')
  })

  it('an eleventh tag is refused with 400 IMG.0116', async () => {
    for (let i = 0; i < 8; i++) expect((await add(`k${i}`, '')).status).toBe(204)
    const over = await add('eleventh', '')
    expect([over.status, over.body.error.code]).toEqual([400, 'IMG.0116'])
    expect((await client.call(home.token, 'GET', imageTags())).body.tags).toHaveLength(10)
  })

  it('an unknown image is answered with 404 IMG.0027', async () => {
    const missing = await client.call(home.token, 'GET', imageTags(randomUUID()))
    expect([missing.status, missing.body.error.code]).toEqual([404, 'IMG.0027'])
  })
})

describe('finding images by tag (3)', () => {
  const ask = (body: object) => client.call(home.token, 'POST', query(), body)
  const item = (key: string, ...values: string[]) => ({ key, values })

  beforeAll(async () => {
    // The worked table: 1 is A, 2 is B, 3 is AB, 4 is A2; image 0 has other tags.
    await add('a', '1', IMAGES[1])
    await add('b', '1', IMAGES[2])
    await add('a', '1', IMAGES[3])
    await add('b', '1', IMAGES[3])
    await add('a', '2', IMAGES[4])
  })

  const both = [item('a', '1'), item('b', '1')]
  const cases: readonly (readonly [name: string, body: object, expected: readonly number[]])[] = [
    ['tags', { tags: both }, [3]],
    ['tags_any', { tags_any: both }, [1, 2, 3]],
    ['not_tags', { not_tags: both }, [0, 1, 2, 4]],
    ['not_tags_any', { not_tags_any: both }, [0, 4]],
    ['any value', { tags: [item('a')] }, [1, 3, 4]],
    ['without_any_tag', { without_any_tag: true }, []],
    ['a name', { matches: [{ key: 'resource_name', value: 'wEB-3' }] }, [3]],
    ['a Chinese name', { matches: [{ key: 'resource_name', value: '镜像' }], tags: [item('b', '1')] }, [2, 3]],
    ['a Chinese tag', { tags: [item('环境', '生产')] }, [0]],
    ['nothing asked', {}, [0, 1, 2, 3, 4]],
  ]
  for (const [name, body, expected] of cases) {
    it(`the query "${name}" returns the same images as filter and as count`, async () => {
      const found = await ask({ action: 'filter', limit: '1000', ...body })
      expect(namesOf(found)).toEqual(expected.map((i) => `镜像 Web-${i}`))
      expect(found.body.total_count).toBe(expected.length)
      expect((await ask({ action: 'count', ...body })).body).toEqual({ total_count: expected.length })
    })
  }

  it('a query shows all properties of an image', async () => {
    const { body } = await ask({ action: 'filter', matches: [{ key: 'resource_id', value: IMAGES[3] }] })
    expect(body.resources).toEqual([
      {
        resource_id: IMAGES[3],
        resource_name: '镜像 Web-3',
        resource_detail: { status: 'active' },
        tags: [
          { key: 'a', value: '1' },
          { key: 'b', value: '1' },
        ],
      },
    ])
  })

  it('a query is paged by limit and offset, given as strings, until an empty page', async () => {
    const seen: string[] = []
    for (let offset = 0; ; offset += 2) {
      const page = await ask({ action: 'filter', limit: '2', offset: String(offset) })
      expect(page.body.total_count).toBe(5)
      if (page.body.resources.length === 0) break
      seen.push(...namesOf(page))
    }
    expect(seen).toEqual(IMAGES.map((_, i) => `镜像 Web-${i}`))
  })

  it('an invalid query is refused with 400 IMG.0001', async () => {
    for (const body of [{}, { action: 'Filter' }, { action: 'filter', limit: '1001' }, { action: 'count', tags: [] }]) {
      const { status, body: error } = await ask(body)
      expect([status, error.error.code]).toEqual([400, 'IMG.0001'])
    }
    expect((await ask({ action: 'count', limit: '0', offset: '-1' })).status).toBe(200)
  })
})

describe('listing the tags of a project (4) and of an instance (5)', () => {
  const projectTags = (text = '', headers = {}) =>
    client.call(home.token, 'GET', `/v3/${home.projectId}/tags${text}`, undefined, headers)
  const instanceTags = (id = INSTANCES[0], text = '', headers = {}) =>
    client.call(home.token, 'GET', `/v3/${home.projectId}/instances/${id}/tags${text}`, undefined, headers)

  it('the tag keys of instances are paged, each with all its values', async () => {
    expect((await projectTags()).body).toEqual({
      total_count: 3,
      tags: [
        { key: 'key1', values: ['value1', 'value2'] },
        { key: 'only0', values: [''] },
        { key: 'only1', values: [''] },
      ],
    })
    expect((await projectTags('?limit=1&offset=1')).body).toEqual({
      total_count: 3,
      tags: [{ key: 'only0', values: [''] }],
    })
    expect((await projectTags('?offset=3')).body).toEqual({ total_count: 3, tags: [] })
  })

  it('the tags of one instance are paged', async () => {
    const page = await instanceTags(INSTANCES[1], '?offset=0&limit=1')
    expect(page.body).toEqual({ total_count: 2, tags: [{ key: 'key1', value: 'value2' }] })
  })

  it('an invalid limit is refused with 400 DBS.280439, in Chinese on request', async () => {
    const english = await projectTags('?limit=101')
    expect([english.status, english.body.error_code]).toEqual([400, 'DBS.280439'])
    expect(english.body.error_msg).toMatch(/^Invalid records\. Enter a positive integer less than 100\. .*limit/)
    const chinese = await instanceTags(`${'0'.repeat(32)}in07`, '', { 'X-Language': 'zh-cn' })
    expect([chinese.status, chinese.body]).toEqual([
      404,
      { error_code: 'DBS.200045', error_msg: expect.stringMatching(/^实例不存在或已删除。/) },
    ])
    expect((await instanceTags('malformed')).body.error_code).toBe('DBS.280404')
  })
})

describe('access control', () => {
  const routes = () =>
    [
      ['GET', imageTags(), undefined],
      ['POST', imageTags(), { tag: { key: 'k', value: 'v' } }],
      ['POST', query(), { action: 'count' }],
      ['GET', `/v3/${home.projectId}/tags`, undefined],
      ['GET', `/v3/${home.projectId}/instances/${INSTANCES[0]}/tags`, undefined],
    ] as const

  it('a request without a token is answered with 401 APIGW.0301, with a request id and without a revision', async () => {
    for (const [method, path, body] of routes()) {
      const refused = await client.call(undefined, method, path, body)
      expect([refused.status, refused.body.error_code]).toEqual([401, 'APIGW.0301'])
      expect(refused.body.request_id).toBe(refused.headers.get('x-request-id'))
      expect(refused.headers.get('x-tagwerk-revision')).toBeNull()
    }
  })

  it('a token of another project or of the domain is answered with 403, as for an unknown project', async () => {
    for (const [method, path, body] of routes()) {
      for (const token of [elsewhere.token, domain.token]) {
        const refused = await client.call(token, method, path, body)
        const unknown = await client.call(token, method, path.replace(home.projectId, '0'.repeat(32)), body)
        expect([refused.status, refused.body]).toEqual([403, unknown.body])
        expect(['IMG.0030', 'DBS.200044']).toContain(refused.body.error?.code ?? refused.body.error_code)
      }
    }
  })

  it('a revoked token is answered with 401 APIGW.0307', async () => {
    const { token } = await client.logIn(HOME)
    const revoked = await client.call(home.token, 'DELETE', '/v3/auth/tokens', undefined, { 'X-Subject-Token': token })
    expect(revoked.status).toBe(204)
    const refused = await client.call(token, 'GET', imageTags())
    expect([refused.status, refused.body.error_code]).toEqual([401, 'APIGW.0307'])
  })
})

describe('export and deletion of resources', () => {
  it('importing an export changes nothing', async () => {
    const { status, body } = await client.call(home.token, 'GET', '/tagwerk/v1/export')
    expect(status).toBe(200)
    expect(body.trimEnd().split('\n')).toHaveLength(7)
    const again = await client.call(home.token, 'POST', '/tagwerk/v1/import', body)
    expect(again.body).toMatchObject({ created: 0, updated: 0, unchanged: 7, refused: 0 })
  })

  it('deleted resources are no longer exported', async () => {
    const path = `/tagwerk/v1/${home.projectId}/resources/images/${IMAGES[4]}`
    expect((await client.call(home.token, 'DELETE', path)).status).toBe(204)
    expect((await client.call(home.token, 'DELETE', path)).status).toBe(404)
    const counted = await client.call(home.token, 'POST', query(), { action: 'count' })
    expect(counted.body).toEqual({ total_count: 4 })
  })
})

it('the service answers its health, readiness and version endpoints', async () => {
  for (const path of ['/healthz', '/readyz', '/version']) {
    expect((await client.call(undefined, 'GET', path)).status).toBe(200)
  }
})
