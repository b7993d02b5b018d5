import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, instance, logIn, newImageId, READER_PASSWORD, tagOf } from '../fixtures.ts'

// POST /tagwerk/v1/import?replace=true: projects and types become what the body says.

let service: TestService
let admin: string
let project = 0
beforeAll(async () => {
  service = await startTestService()
  admin = await service.tokenFor(undefined)
})
afterAll(() => service.stop())
// Each test has a project of its own.
beforeEach(() => {
  project++
})

const here = () => `p${project}`
const line = (id: string, ...tags: string[]) => ({ ...image(id, ...tags), project: here() })
const lines = (count: number, from = 0) => Array.from({ length: count }, (_, i) => line(`i${i + from}`, 'a=1'))
const toBody = (resources: readonly unknown[]) => resources.map((each) => JSON.stringify(each)).join('\n')

async function send(resources: readonly unknown[], query = '', token = admin) {
  const answer = await service.call('POST', `/tagwerk/v1/import${query}`, { body: toBody(resources), token })
  return answer.status === 200 ? answer.body : [answer.status, answer.body]
}

async function idsIn(name: string): Promise<string[]> {
  const { text } = await service.call('GET', `/tagwerk/v1/export?project=${name}`, { token: admin })
  return text
    .split('\n')
    .slice(0, -1)
    .map((each) => JSON.parse(each).resource_id)
}

describe('an import that replaces', () => {
  it('deletes what the body does not have, and nothing of other types and projects', async () => {
    const other = { ...instance('kept'), project: here() }
    await send([...lines(20), other, { ...line('i19'), project: `${here()}-other` }])
    const report = await send([...lines(18), line('new')], '?replace=true')
    expect(report).toMatchObject({
      ...{ created: 1, unchanged: 18, refused: 0 },
      replaced: { deleted: 2, types: [{ project: here(), resource_type: 'images', resources: 20, absent: 2 }] },
    })
    expect(await idsIn(here())).toEqual([...lines(18).map(({ resource_id }) => resource_id), 'new', 'kept'])
    expect(await idsIn(`${here()}-other`)).toEqual(['i19'])
    expect(await send([...lines(18), line('new')], '?replace=true')).toMatchObject({ replaced: { deleted: 0 } })
  })

  it('deletes nothing if more than the share of a type would be deleted, not counting new resources', async () => {
    await send(lines(20))
    const body = [...lines(17), ...lines(100, 1000)]
    const report = await send(body, '?replace=true')
    expect(report).toMatchObject({
      created: 100,
      replaced: { deleted: 0, held_back: 'too-many-deletions', types: [{ resources: 20, absent: 3 }] },
    })
    expect(await idsIn(here())).toHaveLength(120)
    expect(await send(lines(17), '?replace=true&max_delete_percent=85')).toMatchObject({ replaced: { deleted: 0 } })
    expect(await send(lines(17), '?replace=true&max_delete_percent=86')).toMatchObject({ replaced: { deleted: 103 } })
    expect(await idsIn(here())).toHaveLength(17)
  })

  it('deletes nothing if a line is refused, and does so if only tags are left out', async () => {
    await send(lines(20))
    const bad = { ...line('i0'), tags: [tagOf('a=not allowed!')] }
    expect(await send([...lines(19), bad], '?replace=true')).toMatchObject({
      refused: 1,
      replaced: { deleted: 0, held_back: 'refused-lines' },
    })
    expect(await send([...lines(19), bad], '?replace=true&bad_tags=drop&last_wins=true')).toMatchObject({
      dropped_tags: 1,
      replaced: { deleted: 1 },
    })
  })

  it('deletes in several batches', async () => {
    await send(lines(1300))
    expect(await send([line('i0', 'a=1')], '?replace=true&max_delete_percent=100')).toMatchObject({
      replaced: { deleted: 1299 },
    })
    expect(await idsIn(here())).toEqual(['i0'])
  })

  it('a dry run tells what would be deleted, lists it after the lines, and deletes nothing', async () => {
    await send(lines(20))
    const report = await send(
      [...lines(18), line('new'), line('new')],
      '?replace=true&dry_run=true&changes_limit=10&max_delete_percent=50',
    )
    expect(report).toMatchObject({
      ...{ created: 1, unchanged: 19, changes_total: 3 },
      replaced: { deleted: 2, types: [{ resources: 20, absent: 2 }] },
      changes: [
        { line: 19, effect: 'created', resource_id: 'new' },
        { effect: 'deleted', resource_id: 'i18', tags_removed: [tagOf('a=1')] },
        { effect: 'deleted', resource_id: 'i19' },
      ],
    })
    expect(await idsIn(here())).toHaveLength(20)
  })

  it('an empty body deletes nothing', async () => {
    await send(lines(3))
    expect(await send([], '?replace=true&max_delete_percent=100')).toMatchObject({
      replaced: { deleted: 0, types: [] },
    })
    expect(await idsIn(here())).toHaveLength(3)
  })
})

describe('a body that is not complete deletes nothing', () => {
  it('when the connection breaks within it', async () => {
    await send(lines(20))
    const url = new URL(service.url)
    const socket = connect(Number(url.port), url.hostname)
    const head = [
      'POST /tagwerk/v1/import?replace=true&max_delete_percent=100 HTTP/1.1',
      `Host: ${url.host}`,
      `X-Auth-Token: ${admin}`,
      'Content-Type: application/x-ndjson',
      'Transfer-Encoding: chunked',
    ]
    const part = `${toBody([line('i0', 'a=2'), ...lines(600, 1000)])}\n`
    socket.write(`${head.join('\r\n')}\r\n\r\n${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`)
    // Lines of a whole batch are written while the body is read.
    while ((await idsIn(here())).length < 500) await new Promise((resolve) => setTimeout(resolve, 20))
    socket.destroy()
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await idsIn(here())).toEqual(expect.arrayContaining(lines(20).map(({ resource_id }) => resource_id)))
  })

  it('when its compression is cut off', async () => {
    await send(lines(20))
    const packed = gzipSync(toBody(lines(20).map((each) => ({ ...each, resource_name: newImageId() }))))
    const answer = await service.call('POST', '/tagwerk/v1/import?replace=true&max_delete_percent=100', {
      body: packed.subarray(0, packed.length - 40),
      token: admin,
      headers: { 'content-encoding': 'gzip' },
    })
    expect([answer.status, answer.body.error_code]).toEqual([400, 'body-malformed'])
    expect(await idsIn(here())).toHaveLength(20)
  })
})

describe('who may replace', () => {
  it('a user who may import and not delete is refused before a line is read', async () => {
    const policy = { Version: '1.1', Statement: [{ Effect: 'Allow', Action: ['tagwerk:resources:import'] }] }
    const made = async (method: string, path: string, body?: unknown) =>
      (await service.call(method, path, { token: admin, ...(body === undefined ? {} : { body }) })).body
    const { role } = await made('POST', '/v3.0/OS-ROLE/roles', {
      role: { display_name: 'importer', type: 'AX', description: '', policy },
    })
    const { user } = await made('POST', '/v3/users', { user: { name: 'importer', password: READER_PASSWORD } })
    await send(lines(3))
    const { id } = (await made('GET', `/v3/projects?name=${here()}`)).projects[0]
    await made('PUT', `/v3/projects/${id}/users/${user.id}/roles/${role.id}`)
    const { token } = await logIn(service, 'importer', here())
    expect(await send([line('i0', 'a=9')], '', token)).toMatchObject({ updated: 1 })
    const [status, body] = await send([line('i0', 'a=8')], '?replace=true', token)
    expect([status, body.error_code, body.error_msg]).toEqual([
      403,
      'action-forbidden',
      expect.stringContaining('tagwerk:resources:delete'),
    ])
    expect(await send([line('i0', 'a=9')])).toMatchObject({ unchanged: 1 })
  })
})

it.each([
  ['replace=true&first_line=2', 'first_line'],
  ['replace=true&tags_only=merge', 'tags_only'],
  ['replace=true&max_delete_percent=101', 'max_delete_percent'],
  ['replace=yes', 'replace'],
])('the parameters %s are refused', async (query, words) => {
  expect(await send([line('x')], `?${query}`)).toEqual([400, tagwerkError(400, 'request-invalid', words).body])
})
