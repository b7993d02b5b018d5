import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { projectNamed } from '../fixtures.ts'

// Services whose paths name no project (contract 12.3).

let service: TestService
let domainToken: string
let domainId: string
let otherToken: string
let otherId: string
const tagsOf = (key: string) => [
  { key, value: 'v' },
  { key: 'all', value: key },
]

beforeAll(async () => {
  service = await startTestService()
  domainToken = await service.tokenFor(undefined)
  domainId = (await service.call('GET', `/v3/projects/${service.project}`)).body.project.domain_id
  const gcb = (project: string, id: string) => ({
    ...{ project, resource_type: 'gcb', resource_id: id, resource_name: `name of ${id}`, resource_detail: { at: id } },
    tags: tagsOf(id),
  })
  // Projects come by name: `another` before `default`.
  await service.register(gcb('default', 'd1'), gcb('another', 'a1'), gcb('default', 'd2'), gcb('another', 'a2'))
  const other = await projectNamed(service, 'another')
  otherToken = other.token
  otherId = other.id
})
afterAll(() => service.stop())

const call = (method: string, path: string, token: string, body?: unknown) =>
  service.call(method, path, { token, body })
const filter = (token: string, body: object, page = '') =>
  call('POST', `/v3/gcb/resource-instances/filter${page}`, token, body)
const idsOf = ({ body }: { body: { resources: { resource_id: string }[] } }) =>
  body.resources.map((each) => each.resource_id)

it('a token of the domain finds the resources of all projects, by name of the project and oldest first', async () => {
  const all = await filter(domainToken, {})
  expect([idsOf(all), all.body.total_count]).toEqual([['a1', 'a2', 'd1', 'd2'], 4])
  expect(all.headers.get('x-tagwerk-revision')).toBeNull()
  const pages = await Promise.all([0, 1, 2, 3, 4].map((offset) => filter(domainToken, {}, `?limit=2&offset=${offset}`)))
  expect(pages.map(idsOf)).toEqual([['a1', 'a2'], ['a2', 'd1'], ['d1', 'd2'], ['d2'], []])
  const [found] = (await filter(domainToken, { tags: [{ key: 'd2', values: [] }] })).body.resources
  expect(found).toEqual({
    resource_id: 'd2',
    resource_name: 'name of d2',
    resource_detail: { at: 'd2' },
    tags: tagsOf('d2'),
  })
  const count = await call('POST', '/v3/gcb/resource-instances/count', domainToken, {
    tags: [{ key: 'all', values: ['a1', 'd1'] }],
  })
  expect(count.body).toEqual({ total_count: 2 })
})

it("a project's token finds the resources of its project", async () => {
  expect(idsOf(await filter(service.token, {}))).toEqual(['d1', 'd2'])
  expect(idsOf(await filter(otherToken, {}))).toEqual(['a1', 'a2'])
  expect((await call('GET', '/v3/gcb/a1/tags', service.token)).status).toBe(404)
})

it('the tags in use are those of all projects, each once, ascending', async () => {
  const { body } = await call('GET', '/v3/gcb/tags', domainToken)
  expect(body.tags[2]).toEqual({ key: 'all', values: ['a1', 'a2', 'd1', 'd2'] })
  expect(body.tags.map(({ key }: { key: string }) => key)).toEqual(['a1', 'a2', 'all', 'd1', 'd2'])
  const { body: own } = await call('GET', '/v3/gcb/tags', service.token)
  expect(own.tags.map(({ key }: { key: string }) => key)).toEqual(['all', 'd1', 'd2'])
})

it('pages of the tags in use of a domain have each key once', async () => {
  const line = (project: string, id: string, key: string) => ({
    ...{ project, resource_type: 'config-rule', resource_id: id, resource_name: '' },
    tags: [{ key, value: id }],
  })
  await service.register(
    line('default', 'r1', 'b'),
    line('another', 'r2', 'b'),
    line('another', 'r3', 'a'),
    line('default', 'r4', 'c'),
  )
  const page = async (query: string) =>
    (await call('GET', `/v1/resource-manager/config:policyAssignments/tags${query}`, domainToken)).body
  const all = [
    { key: 'a', values: ['r3'] },
    { key: 'b', values: ['r1', 'r2'] },
    { key: 'c', values: ['r4'] },
  ]
  expect(await page('')).toEqual({ tags: all, total_count: 3 })
  expect(await page('?limit=1&offset=1')).toEqual({ tags: [all[1]], total_count: 3 })
  expect(await page('?offset=3')).toEqual({ tags: [], total_count: 3 })
})

it('a change finds the project of the resource', async () => {
  const added = await call('POST', '/v3/gcb/a2/tags/create', domainToken, { tags: [{ key: 'new', value: '1' }] })
  expect(added.status).toBe(204)
  expect((await call('GET', '/v3/gcb/a2/tags', otherToken)).body.tags).toContainEqual({ key: 'new', value: '1' })
  expect((await call('DELETE', '/v3/gcb/a2/tags/new', domainToken)).status).toBe(204)
  const absent = await call('DELETE', '/v3/gcb/a2/tags/new', domainToken)
  expect([absent.status, absent.body.error_code]).toEqual([404, 'CC.4041'])
  const missing = await call('POST', '/v3/gcb/none/tags/create', domainToken, { tags: [{ key: 'new', value: '1' }] })
  expect([missing.status, missing.body.error_code]).toEqual([404, 'CC.4042'])
  expect(missing.body.error_msg).toContain('"none"')
})

it('a path with a domain is that of the token', async () => {
  const path = (domain: string) => `/v3/${domain}/ccaas/cloud-connections/tags`
  expect((await call('GET', path(domainId), domainToken)).body).toEqual({ tags: [] })
  for (const token of [domainToken, service.token]) {
    const refused = await call('GET', path('0'.repeat(32)), token)
    expect([refused.status, refused.body.error_code]).toEqual([403, 'CC.4030'])
  }
})

it('a project that is disabled does not count', async () => {
  const path = `/v3-ext/projects/${otherId}`
  expect((await call('PUT', path, domainToken, { project: { status: 'suspended' } })).status).toBe(204)
  expect(idsOf(await filter(domainToken, {}))).toEqual(['d1', 'd2'])
  await call('PUT', path, domainToken, { project: { status: 'normal' } })
  expect(idsOf(await filter(domainToken, {}))).toHaveLength(4)
})
