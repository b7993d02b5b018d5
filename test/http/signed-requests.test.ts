import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { image, newImageId, projectNamed } from '../api/fixtures.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { type AccessKey, makeAccessKey, type SignedCall, sendSigned } from '../support/signing.ts'

// Requests that are signed with an access key instead of carrying a token (contract 6.2, 6.3).

const WRONG = 'Incorrect IAM authentication information: verify aksk signature fail,'

let service: TestService
let key: AccessKey
let other: string
let nowMs = Date.now()
const imageId = newImageId()

beforeAll(async () => {
  service = await startTestService({ internals: { clock: () => nowMs } })
  await service.register(image(imageId, 'a=1'), { ...image(newImageId()), project: 'other' })
  other = (await projectNamed(service, 'other')).id
  key = await newKey()
})
afterAll(() => service.stop())

async function newKey(): Promise<AccessKey> {
  const { body } = await service.call('GET', '/v3/auth/tokens', { headers: { 'x-subject-token': service.token } })
  return makeAccessKey(service.call, body.token.user.id)
}

/** In the default project unless the call says otherwise. */
function send(call: SignedCall, credentials = key) {
  const headers = { 'x-project-id': service.project, ...call.headers }
  return sendSigned(service.url, credentials, { atMs: nowMs, ...call, headers })
}

const TAGS = () => ({ method: 'GET', path: `/v2/${service.project}/images/${imageId}/tags` })

function refusal(message: unknown) {
  return {
    status: 401,
    body: { error_code: 'APIGW.0301', error_msg: message, request_id: expect.stringMatching(/^[0-9a-f]{32}$/) },
  }
}

describe('a signed request', () => {
  it('is authorized like a token of its project, in both signature forms', async () => {
    for (const form of ['access', 'credential'] as const) {
      const answer = await send({ ...TAGS(), form })
      expect([answer.status, answer.body]).toEqual([200, { tags: [{ key: 'a', value: '1' }] }])
      expect(answer.headers.get('x-tagwerk-revision')).toMatch(/^\d+$/)
    }
  })

  it('is verified with the path as sent when that path is an alias (D37)', async () => {
    const path = `/v3/${service.project}/tags`
    for (const form of ['access', 'credential'] as const) {
      expect((await send({ method: 'GET', path: `/mysql${path}`, form })).status).toBe(200)
      for (const [signed, sentPath] of [
        [path, `/mysql${path}`],
        [`/mysql${path}`, path],
      ]) {
        const answer = await send({ method: 'GET', path: signed!, sentPath: sentPath!, form })
        expect({ status: answer.status, body: answer.body }).toEqual(refusal(expect.stringContaining(WRONG)))
      }
    }
  })

  it('can write', async () => {
    const answer = await send({ ...TAGS(), method: 'POST', body: { tag: { key: 'b', value: '2' } } })
    expect(answer.status).toBe(204)
    expect((await send(TAGS())).body.tags).toEqual([
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ])
  })

  it('can have its query in any order, and covers the values of the query', async () => {
    const path = `/v3/${service.project}/tags?offset=0&limit=5&engine_name=a%20b%2Fc`
    expect((await send({ method: 'GET', path })).status).toBe(200)
    const answer = await send({ method: 'GET', path, sentPath: path.replace('limit=5', 'limit=6') })
    expect(answer.status).toBe(401)
  })

  it('works in the project of its path without a project header, or with an unsigned one', async () => {
    const bare = { ...TAGS(), atMs: nowMs }
    expect((await sendSigned(service.url, key, bare)).status).toBe(200)
    const unsigned = { 'x-project-id': service.project }
    expect((await sendSigned(service.url, key, { ...bare, unsigned })).status).toBe(200)
    expect((await sendSigned(service.url, key, { ...bare, unsigned: { 'x-project-id': other } })).status).toBe(403)
  })

  it('without a project works in the domain, and can look up the id of a project by name', async () => {
    const answer = await sendSigned(service.url, key, { method: 'GET', path: '/v3/projects?name=other', atMs: nowMs })
    expect([answer.status, answer.body.projects.map(({ id }: { id: string }) => id)]).toEqual([200, [other]])
  })

  it('for an unknown project is refused like one for a project without a role', async () => {
    for (const project of ['0'.repeat(32), '__proto__']) {
      const answer = await send({
        method: 'GET',
        path: `/v2/${project}/images/${imageId}/tags`,
        headers: { 'x-project-id': project },
      })
      expect([answer.status, answer.body.error.code]).toEqual([403, 'IMG.0030'])
    }
  })

  it('can exclude its body from the signature by UNSIGNED-PAYLOAD', async () => {
    const headers = { 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' }
    const call = { ...TAGS(), method: 'POST', body: { tag: { key: 'c', value: '3' } }, headers }
    expect((await send(call)).status).toBe(204)
    const line = JSON.stringify({ project: 'default', ...image(newImageId(), 'streamed=1') })
    const streamed = await send({ method: 'POST', path: '/tagwerk/v1/import', body: line, headers })
    expect([streamed.status, streamed.body.created]).toEqual([200, 1])
    const hashed = await send({ method: 'POST', path: '/tagwerk/v1/import', body: line })
    expect([hashed.status, hashed.body.unchanged]).toEqual([200, 1])
  })

  it('is refused with 413 before its signature is verified', async () => {
    const answer = await send({ ...TAGS(), method: 'POST', body: 'x'.repeat(1_048_577) })
    expect([answer.status, answer.body.error_code]).toEqual([413, 'APIGW.0201'])
  })
})

describe('a wrong signature', () => {
  const tag = { tag: { key: 'never', value: '1' } }
  it.each<[string, Partial<SignedCall>]>([
    ['another body', { sentBody: '{"tag":{"key":"never","value":"2"}}' }],
    ['no body', { sentBody: ' ' }],
    ['another path', { sentPath: `/v2/${'0'.repeat(32)}/images/${imageId}/tags` }],
    ['a query', { sentPath: `/v2/x/images/${imageId}/tags?a=1` }],
    ['a wrong hash of the body', { headers: { 'x-sdk-content-sha256': '0'.repeat(64) } }],
    ['a hash of the body that is not signed', { unsigned: { 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' } }],
  ])('is refused because of %s', async (_, change) => {
    const own = await newKeyFor('wrong')
    const answer = await send({ ...TAGS(), method: 'POST', body: tag, ...change }, own)
    expect(answer).toMatchObject(refusal(expect.stringContaining(WRONG)))
    expect(answer.body.error_msg).toMatch(/canonicalRequest:POST\|\/v2\/.*\|content-type:application\/json\|host:/)
  })

  it('is refused because of another secret', async () => {
    const own = await newKeyFor('secret')
    const answer = await send(TAGS(), { ...own, secret: `${own.secret}x` })
    expect(answer).toMatchObject(refusal(expect.stringContaining(WRONG)))
  })

  it('has no effect', async () => {
    const { body } = await send(TAGS())
    expect(body.tags.map(({ key: name }: { key: string }) => name)).not.toContain('never')
  })
})

/** A key of a user of its own, so that failures do not lock the one of the other tests. */
async function newKeyFor(name: string): Promise<AccessKey> {
  const token = await service.tokenFor(undefined)
  const user = { name: `${name}-${newImageId()}`, password: 'a long Passphrase 1' }
  const made = await service.call('POST', '/v3/users', { body: { user }, token })
  expect(made.status).toBe(201)
  return makeAccessKey(service.call, made.body.user.id, token)
}

describe('the verification of a signed request', () => {
  it.each([
    [-15 * 60_000, 200],
    [15 * 60_000, 200],
    [-15 * 60_000 - 1000, 401],
    [15 * 60_000 + 1000, 401],
  ])('accepts dates up to 15 minutes away: %d ms from now is %d', async (offsetMs, status) => {
    nowMs = Math.floor(nowMs / 1000) * 1000
    const answer = await send({ ...TAGS(), atMs: nowMs + offsetMs })
    expect(answer.status).toBe(status)
    const words = 'Incorrect IAM authentication information: calc ak sk signature fail:signature expired'
    if (status === 401) expect(answer).toMatchObject(refusal(words))
  })

  it('refuses an unknown key', async () => {
    const answer = await send(TAGS(), { ...key, access: 'AKUNKNOWN00000000000' })
    const words = 'Incorrect IAM authentication information: ak AKUNKNOWN00000000000 not exist'
    expect(answer).toMatchObject(refusal(words))
  })

  it.each([
    ['SDK-HMAC-SHA256'],
    ['SDK-HMAC-SHA256 Access=x'],
    ['SDK-HMAC-SHA256 Access=x, SignedHeaders=host, Signature=00'],
    [`SDK-HMAC-SHA256 ${','.repeat(8000)}`],
  ])('refuses a malformed Authorization header: %.60s', async (authorization) => {
    const headers = { authorization }
    const answer = await service.call('GET', TAGS().path, { token: null, headers })
    expect(answer).toMatchObject(refusal(expect.stringContaining(WRONG)))
  })

  it('treats an Authorization header of another scheme like a missing token', async () => {
    for (const authorization of ['Basic eDp5', 'Bearer x', 'SDK-HMAC-SHA2567 x']) {
      const answer = await service.call('GET', TAGS().path, { token: null, headers: { authorization } })
      expect(answer.body.error_msg).toMatch(/x-auth-token not found$/)
    }
  })

  it('answers in the format of the identity service there', async () => {
    const answer = await send({ method: 'GET', path: '/v3/auth/projects' }, { ...key, access: 'UNKNOWN' })
    expect([answer.status, answer.body.error.title]).toEqual([401, 'Unauthorized'])
  })
})

describe('five consecutive failures', () => {
  const LOCKED = 'Incorrect IAM authentication information: AK access failed to reach the limit,forbidden.'

  it('lock the key for five minutes', async () => {
    const own = await newKeyFor('locked')
    const wrong = { ...own, secret: 'wrong' }
    for (let i = 0; i < 4; i++) await send(TAGS(), wrong)
    // A success in between resets the count. The user has no role here, so a correct signature is answered with 403.
    expect((await send(TAGS(), own)).status).toBe(403)
    for (let i = 0; i < 5; i++) {
      expect((await send(TAGS(), wrong)).body.error_msg).toContain(WRONG)
    }
    expect(await send(TAGS(), own)).toMatchObject(refusal(LOCKED))
    nowMs += 5 * 60_000 - 1
    expect(await send(TAGS(), own)).toMatchObject(refusal(LOCKED))
    nowMs += 1
    expect((await send(TAGS(), own)).status).toBe(403)
    expect((await send(TAGS())).status).toBe(200)
  })
})

describe('loose path readings', () => {
  // Signed as on the wire, where the vendor's documents sign the decoded path.
  const path = () => `/v2/${service.project}/images/a%20b/tags`
  const literal = () => path().replace('%20', '%2520')

  it.each([
    ['127.0.0.1:0', 'loopback', 404],
    ['127.0.0.1:0', 'never', 401],
    ['0.0.0.0:0', 'loopback', 401],
    ['0.0.0.0:0', 'always', 404],
  ])('are accepted on listen address %s with loose-signatures %s: %d', async (listen, when, status) => {
    const flags = { listen, 'loose-signatures': when }
    const own = await startTestService({ flags })
    try {
      const url = own.url.replace('0.0.0.0', '127.0.0.1')
      const { body } = await own.call('GET', '/v3/auth/tokens', { headers: { 'x-subject-token': own.token } })
      const ownKey = await makeAccessKey(own.call, body.token.user.id)
      const call = { method: 'GET', path: literal().replace(service.project, own.project) }
      const sent = await sendSigned(url, ownKey, { ...call, sentPath: path().replace(service.project, own.project) })
      expect(sent.status).toBe(status)
    } finally {
      await own.stop()
    }
  })
})
