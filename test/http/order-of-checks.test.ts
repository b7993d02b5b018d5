import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { image, newImageId, projectNamed, texts } from '../api/fixtures.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { exchange, head } from './raw.ts'

// Contract section 9: route, size, credentials, scope, JSON shape, field rules, existence, quota, effect. A request that
// breaks every rule is corrected step by step; each step shows the next error. Requests are sent as raw bytes, because fetch
// refuses to send most of them.

const URL_BYTES_MAX = 16_384
const BODY_BYTES_MAX = 1_048_576
const LONG_QUERY = `?${'x'.repeat(URL_BYTES_MAX)}`
const UNKNOWN = '11111111-2222-4333-8444-555555555555'

let service: TestService
let otherToken: string
const free = newImageId()
const full = newImageId()

beforeAll(async () => {
  service = await startTestService()
  await service.register(image(free), image(full, ...texts('k', 10).map((key) => `${key}=v`)), {
    ...image(newImageId()),
    project: 'other',
  })
  otherToken = (await projectNamed(service, 'other')).token
})
afterAll(() => service.stop())

type Request = {
  readonly method: string
  readonly path: string
  readonly token?: string
  readonly type?: string
  readonly body?: string
  readonly length?: number
}

async function codeOf({ method, path, token, type, body = '', length }: Request): Promise<string> {
  const headers = {
    'Content-Length': length ?? Buffer.byteLength(body),
    ...(token === undefined ? {} : { 'X-Auth-Token': token }),
    ...(type === undefined ? {} : { 'Content-Type': type }),
  }
  const answer = await exchange(service.url, head(method, path, headers) + body)
  const parsed = answer.text === '' ? {} : JSON.parse(answer.text)
  return [answer.status, parsed.error_code ?? parsed.error?.code].filter((part) => part !== undefined).join(' ')
}

/** Applies changes to a request one after the other and expects the named answer after each. */
async function expectSteps(steps: readonly (readonly [change: Partial<Request>, expected: string])[]): Promise<void> {
  let request: Request = { method: 'POST', path: '/' }
  const seen: string[] = []
  for (const [change] of steps) {
    request = { ...request, ...change }
    seen.push(await codeOf(request))
  }
  expect(seen).toEqual(steps.map(([, expected]) => expected))
}

describe('the errors of a request come in the order of section 9', () => {
  it('when a tag is added to an image', async () => {
    const path = (id: string) => `/v2/${service.project}/images/${id}/tags`
    const body = (tag: unknown) => JSON.stringify({ tag })
    await expectSteps([
      [{ path: `/v2/x/imagez/tags${LONG_QUERY}`, length: BODY_BYTES_MAX + 1, type: 'text/plain' }, '404 APIGW.0101'],
      [{ path: path(UNKNOWN) + LONG_QUERY }, '414 APIGW.0201'],
      [{ path: path(UNKNOWN) }, '413 APIGW.0201'],
      [{ length: 1, body: '{' }, '401 APIGW.0301'],
      [{ token: 'broken' }, '401 APIGW.0301'],
      [{ token: otherToken }, '403 IMG.0030'],
      [{ token: service.token }, '415 IMG.0001'],
      [{ type: 'application/json', length: 0, body: '' }, '400 IMG.0007'],
      [{ body: '{', length: 1 }, '400 IMG.0001'],
      [{ body: body({ key: '', value: 7 }), length: undefined as never }, '400 IMG.0001'],
      [{ body: body({ key: '', value: '' }) }, '400 IMG.0115'],
      [{ body: body({ key: 'k', value: '' }) }, '404 IMG.0027'],
      [{ path: path(full) }, '400 IMG.0116'],
      [{ path: path(free) }, '204'],
    ])
  })

  it('when images are queried by tag', async () => {
    const path = `/v2/${service.project}/images/resource_instances/action`
    const body = (value: unknown) => JSON.stringify(value)
    await expectSteps([
      [{ path: `${path}s`, length: BODY_BYTES_MAX + 1, type: 'image/png' }, '404 APIGW.0101'],
      [{ path: path + LONG_QUERY }, '414 APIGW.0201'],
      [{ path }, '413 APIGW.0201'],
      [{ length: 1, body: '[' }, '401 APIGW.0301'],
      [{ token: otherToken }, '403 IMG.0030'],
      [{ token: service.token }, '415 IMG.0001'],
      [{ type: 'application/json' }, '400 IMG.0001'],
      [{ body: body({ action: 'no', tags: [] }), length: undefined as never }, '400 IMG.0001'],
      [{ body: body({ action: 'filter', tags: [{ key: '', values: [] }] }) }, '400 IMG.0115'],
      [{ body: body({ action: 'filter', limit: '0', tags: [{ key: 'k', values: [] }] }) }, '400 IMG.0001'],
      [{ body: body({ action: 'filter', tags: [{ key: 'k', values: [] }] }) }, '200'],
    ])
  })

  it('when the tags of an instance are listed', async () => {
    const path = (id: string, query = '') => `/v3/${service.project}/instances/${id}/tags${query}`
    await service.register({ resource_type: 'instances', resource_id: 'known', resource_name: '' })
    await expectSteps([
      [{ method: 'GET', path: `/v4/x/instances/y/tags${LONG_QUERY}` }, '404 APIGW.0101'],
      [{ path: path('no', `${LONG_QUERY}&limit=0`) }, '414 APIGW.0201'],
      [{ path: path('no', '?limit=0&offset=x') }, '401 APIGW.0301'],
      [{ token: otherToken }, '403 DBS.200044'],
      [{ token: service.token, path: path('no', '?limit=0') }, '400 DBS.280439'],
      [{ path: path('no', '?offset=x') }, '400 DBS.200001'],
      [{ path: path('no') }, '400 DBS.280404'],
      [{ path: path('00000000000000000000000000000000in07') }, '404 DBS.200045'],
      [{ path: path('known') }, '200'],
    ])
  })

  it('when a token is requested, which needs no authentication', async () => {
    const body = (password: string) =>
      JSON.stringify({
        auth: {
          identity: { methods: ['password'], password: { user: { name: 'admin', password } } },
          scope: { project: { name: 'nowhere' } },
        },
      })
    await expectSteps([
      [{ path: `/v3/auth/token${LONG_QUERY}`, length: BODY_BYTES_MAX + 1, type: 'text/html' }, '404 404'],
      [{ path: `/v3/auth/tokens${LONG_QUERY}` }, '414 414'],
      [{ path: '/v3/auth/tokens' }, '413 413'],
      [{ length: 1, body: '{' }, '415 415'],
      [{ type: 'application/json' }, '400 400'],
      [{ body: '{"auth":1}', length: undefined as never }, '400 400'],
      [{ body: body('wrong') }, '401 401'],
      [{ body: body('correct horse battery staple') }, '403 403'],
    ])
  })
})

describe('a URL of more than 16384 bytes', () => {
  const tooLong = '414 APIGW.0201'
  const path = (id: string) => `/v2/${service.project}/images/${id}/tags`

  it('is refused with 414 APIGW.0201 when the query exceeds the limit by one byte', async () => {
    // A list of images takes a parameter of any name.
    const fitting = `/v2/images?${'x'.repeat(URL_BYTES_MAX - '/v2/images?'.length)}`
    expect(await codeOf({ method: 'GET', path: fitting, token: service.token })).toBe('200')
    expect(await codeOf({ method: 'GET', path: `${fitting}x`, token: service.token })).toBe(tooLong)
  })

  it('is refused with 414 APIGW.0201 when an id is too long', async () => {
    const fitting = path('a'.repeat(URL_BYTES_MAX - path('').length))
    expect(await codeOf({ method: 'GET', path: fitting, token: service.token })).toBe('404 IMG.0027')
    expect(await codeOf({ method: 'GET', path: path('a'.repeat(URL_BYTES_MAX + 1)), token: service.token })).toBe(
      tooLong,
    )
  })
})

describe('a malformed content type', () => {
  const path = () => `/v2/${service.project}/images/${free}/tags`
  const request = () => ({ method: 'POST', path: path(), type: 'nonsense', body: '{}' })

  it('is refused after the checks of route, size, credentials and scope', async () => {
    expect(await codeOf({ ...request(), path: '/nothing' })).toBe('404 APIGW.0101')
    expect(await codeOf({ ...request(), path: path() + LONG_QUERY })).toBe('414 APIGW.0201')
    expect(await codeOf({ ...request(), length: BODY_BYTES_MAX + 1 })).toBe('413 APIGW.0201')
    expect(await codeOf(request())).toBe('401 APIGW.0301')
    expect(await codeOf({ ...request(), token: otherToken })).toBe('403 IMG.0030')
    expect(await codeOf({ ...request(), token: service.token })).toBe('415 IMG.0001')
  })

  it('is refused with the revision and the value, like other errors of the body', async () => {
    const answer = await service.call('POST', path(), { body: '{}', headers: { 'content-type': 'nonsense' } })
    expect([answer.status, answer.headers.get('x-tagwerk-revision')]).toEqual([415, expect.stringMatching(/^\d+$/)])
    expect(answer.body.error.message).toContain('"nonsense"')
  })

  it('is ignored by a call without a body', async () => {
    const gone = { method: 'DELETE', path: `/tagwerk/v1/${service.project}/resources/images/no`, type: 'nonsense' }
    expect(await codeOf({ ...gone, token: service.token })).toBe('404 resource-not-found')
  })
})
