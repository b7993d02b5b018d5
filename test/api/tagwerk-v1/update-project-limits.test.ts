import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { image, instance, newImageId, newInstanceId } from '../fixtures.ts'

// W9: PUT /tagwerk/v1/projects/{project_id}/limits.

let service: TestService
let domainToken: string
let folderOfLimits: string
beforeAll(async () => {
  service = await startTestService()
  domainToken = await service.tokenFor(undefined)
  folderOfLimits = `/tagwerk/v1/projects/${service.project}/limits`
})
afterAll(() => service.stop())

const limit = async (body: object) => {
  const answer = await service.call('PUT', folderOfLimits, { token: domainToken, body })
  expect(answer.status).toBe(200)
  return answer.body
}

const imported = async (...lines: object[]) => {
  const body = lines.map((line) => JSON.stringify(line)).join('\n')
  return (await service.call('POST', '/tagwerk/v1/import', { body })).body
}

describe('limits of a project', () => {
  it('limits are replaced as a whole, and those without a value are those of the service again', async () => {
    expect((await limit({ resources_max: 5, imports_max: 2 })).own).toEqual({ resources_max: 5, imports_max: 2 })
    const { own, limits } = await limit({ exports_max: 1 })
    expect([own, limits.resources_max, limits.exports_max]).toEqual([{ exports_max: 1 }, 5_000_000, 1])
    const shown = await service.call('GET', folderOfLimits, { token: domainToken })
    expect(shown.body.own).toEqual({ exports_max: 1 })
    expect((await limit({})).own).toEqual({})
  })

  it.each([
    [{ resources_max: -1 }, 'resources_max'],
    [{ resources_max: '5' }, 'resources_max'],
    [{ resource_max: 5 }, 'resources_max'],
  ])('a limit of another form is refused: %o', async (body, fragment) => {
    const answer = await service.call('PUT', folderOfLimits, { token: domainToken, body })
    expect([answer.status, answer.body.error_code]).toEqual([400, 'request-invalid'])
    expect(answer.body.error_msg).toContain(fragment)
  })

  it('a domain sees the limits of its projects, and only the first domain sets them', async () => {
    const administrator = { name: 'boss', password: 'a long Passphrase 1' }
    const domain = { name: 'acme', administrator }
    expect((await service.call('POST', '/v3/domains', { token: domainToken, body: { domain } })).status).toBe(201)
    const user = { ...administrator, domain: { name: 'acme' } }
    const auth = { identity: { methods: ['password'], password: { user } }, scope: { domain: { name: 'acme' } } }
    const login = await service.call('POST', '/v3/auth/tokens', { token: null, body: { auth } })
    const token = login.headers.get('x-subject-token') as string
    const { body } = await service.call('GET', '/v3/projects', { token })
    const path = `/tagwerk/v1/projects/${body.projects[0].id}/limits`
    const own = { resources_max: 7 }
    expect((await service.call('PUT', path, { token, body: own })).status).toBe(403)
    expect((await service.call('PUT', path, { token: domainToken, body: own })).status).toBe(200)
    for (const each of [token, domainToken]) {
      expect((await service.call('GET', path, { token: each })).body.own).toEqual(own)
    }
    expect((await service.call('GET', folderOfLimits, { token })).status).toBe(404)
    const none = '/tagwerk/v1/projects/none/limits'
    expect((await service.call('PUT', none, { token: domainToken, body: own })).status).toBe(404)
  })

  it('a token of the project cannot change its limits', async () => {
    expect((await service.call('PUT', folderOfLimits, { body: {} })).status).toBe(403)
  })

  it('an exceeded number of resources refuses new ones in every family, and changes of others are taken', async () => {
    const [first, second] = [newImageId(), newImageId()]
    expect(await imported(image(first), image(second))).toMatchObject({ created: 2 })
    await limit({ resources_max: 3 })
    const report = await imported(image(first, 'a=1'), instance(newInstanceId()), image(newImageId()))
    expect(report).toMatchObject({ created: 1, updated: 1, refused: 1 })
    expect(report.refusals[0]).toMatchObject({ line: 3, field: 'resources of the project', rule: 'items-max' })
    const created = await service.call('POST', '/v2/images', { body: { name: 'x' } })
    expect([created.status, created.body.error?.code]).toEqual([403, 'IMG.0105'])
    const tagged = await service.call('POST', `/v2/${service.project}/images/${first}/tags`, {
      body: { tag: { key: 'b', value: '2' } },
    })
    expect(tagged.status).toBe(204)
    const dry = await service.call('POST', '/tagwerk/v1/import?dry_run=true', {
      body: JSON.stringify(image(newImageId())),
    })
    expect(dry.body).toMatchObject({ created: 0, refused: 1 })
    await service.call('DELETE', `/tagwerk/v1/${service.project}/resources/images/${second}`)
    expect(await imported(image(newImageId()))).toMatchObject({ created: 1, refused: 0 })
    await limit({})
  })

  it('concurrent imports do not exceed the number of resources', async () => {
    const { usage } = await limit({})
    await limit({ resources_max: usage.resources + 50 })
    const batches = Array.from({ length: 8 }, () => imported(...Array.from({ length: 20 }, () => image(newImageId()))))
    const created = (await Promise.all(batches)).reduce((sum, report) => sum + report.created, 0)
    expect(created).toBe(50)
    expect((await limit({})).usage.resources).toBe(usage.resources + 50)
  })

  it('exceeded bytes of details refuse what adds to them, and what does not is taken', async () => {
    const id = newImageId()
    await imported({ ...image(id), resource_detail: { pad: 'x'.repeat(100) } })
    const { usage } = await limit({})
    await limit({ detail_bytes_max: usage.detail_bytes + 10 })
    const larger = await imported({ ...image(id), resource_detail: { pad: 'x'.repeat(111) } })
    expect(larger.refusals[0]).toMatchObject({ field: 'details of the project', rule: 'bytes-max' })
    expect(await imported({ ...image(id), resource_detail: { pad: 'y'.repeat(50) } })).toMatchObject({ updated: 1 })
    await limit({})
  })

  it('more requests per second than the limit are answered with 429 in the form of each family', async () => {
    await limit({ requests_per_second_max: 1 })
    const path = `/v2/${service.project}/images/tags`
    const answers = []
    for (let i = 0; i < 4; i++) answers.push(await service.call('GET', path))
    const refused = answers.find(({ status }) => status === 429)
    expect(refused?.body.error_code ?? refused?.body.error?.code).toBe('APIGW.0308')
    expect(refused?.headers.get('retry-after')).toBe('1')
    expect((await service.call('GET', '/tagwerk/v1/export')).body?.error_code).toBe('throttled')
    expect((await limit({})).own).toEqual({})
    expect((await service.call('GET', path)).status).toBe(200)
  })

  it('more requests in flight than the limit are answered with 429, until one of them ends', async () => {
    await limit({ requests_in_flight_max: 1 })
    const { readable: body, writable } = new TransformStream()
    const writer = writable.getWriter()
    const headers = { 'x-auth-token': service.token }
    const options = { method: 'POST', headers, body, duplex: 'half' } as RequestInit
    const importing = fetch(`${service.url}/tagwerk/v1/import`, options)
    const path = `/v2/${service.project}/images/tags`
    const get = () => service.call('GET', path)
    // The request is sent with the first part of its body.
    await writer.write(Buffer.from('\n'))
    await expect.poll(async () => (await get()).status).toBe(429)
    const answer = await get()
    expect([answer.status, answer.body.error_code]).toEqual([429, 'APIGW.0308'])
    expect(answer.headers.get('retry-after')).toBe('1')
    await writer.close()
    expect((await importing).status).toBe(200)
    expect((await get()).status).toBe(200)
    await limit({})
  })
})
