import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { image, instance, newImageId, newInstanceId } from '../api/fixtures.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { exchange, head, type RawAnswer, RawConnection } from './raw.ts'

// Invalid and malicious requests. Each is answered with a specific 4xx, as JSON with a request id, and the service stays alive.

const IMAGE = newImageId()
const INSTANCE = newInstanceId()
const BODY_BYTES_MAX = 1_048_576

let service: TestService
let statuses: number[]
beforeAll(async () => {
  service = await startTestService()
  statuses = []
  await service.register(image(IMAGE), instance(INSTANCE))
})
afterEach(async () => {
  const alive = await service.call('GET', `/v2/${service.project}/images/${IMAGE}/tags`)
  expect(alive.status).toBe(200)
})
afterAll(async () => {
  expect(statuses.filter((status) => status >= 500)).toEqual([])
  await service.stop()
})

async function send(...pieces: readonly (string | Uint8Array)[]): Promise<RawAnswer> {
  const answer = await exchange(service.url, ...pieces)
  statuses.push(answer.status)
  return answer
}

/** Expects JSON with a request id and the status, and gives the body. */
// biome-ignore lint/suspicious/noExplicitAny: as in Answer, the test says what it expects
function expectRefused({ status, headers, text }: RawAnswer, wanted: number): any {
  expect([status, text]).toEqual([wanted, expect.stringMatching(/^\{.*\}$/s)])
  expect(headers['content-type']).toMatch(/^application\/json/)
  expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/)
  expect([headers['cache-control'], headers['x-content-type-options']]).toEqual(['no-store', 'nosniff'])
  return JSON.parse(text)
}

type Endpoint = { readonly name: string; readonly path: () => string; readonly code: unknown }

/** The largest body of a call without authentication. */
const UNAUTHENTICATED_BODY_BYTES_MAX = 16_384

/** Calls with a JSON body, and the code for a malformed body (D25). */
const ENDPOINTS: readonly Endpoint[] = [
  { name: 'adding a tag', path: () => `/v2/${service.project}/images/${IMAGE}/tags`, code: 'IMG.0001' },
  { name: 'querying', path: () => `/v2/${service.project}/images/resource_instances/action`, code: 'IMG.0001' },
  { name: 'taking a token', path: () => '/v3/auth/tokens', code: 400 },
]

function post(path: string, body: string | Uint8Array, headers: Record<string, string | readonly string[]> = {}) {
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body)
  const type = { 'Content-Type': 'application/json', 'Content-Length': String(bytes.length) }
  const top = head('POST', path, { 'X-Auth-Token': service.token, ...type, ...headers })
  return send(Buffer.concat([Buffer.from(top), bytes]))
}

const utf8 = (text: string) => Buffer.from(text)
const repeated = (open: string, middle: string, close: string, times: number) =>
  open.repeat(times) + middle + close.repeat(times)

describe('a malformed body', () => {
  const BODIES: readonly (readonly [name: string, body: string | Uint8Array])[] = [
    ['truncated', '{"tag":{"key":"a"'],
    ['with trailing text', '{"action":"count"} x'],
    ['two values', '{}{}'],
    ['a trailing comma', '{"a":1,}'],
    ['single quotes', "{'a':1}"],
    ['a comment', '{"a":1 /* */}'],
    ['NaN', '{"limit":NaN}'],
    ['undefined', 'undefined'],
    ['XML', '<?xml version="1.0"?><tag/>'],
    ['a form', 'key=a&value=b'],
    ['binary zeros', Buffer.alloc(64)],
    ['a raw control character in a text', '{"a":"\u0001"}'],
    ['a raw line break in a text', '{"a":"\n"}'],
    ['a bad escape', '{"a":"\\x41"}'],
    ['UTF-16', Buffer.from('\ufeff{"a":1}', 'utf16le')],
    ['invalid UTF-8', Buffer.concat([utf8('{"a":"'), Buffer.from([0xc3, 0x28]), utf8('"}')])],
    ['overlong UTF-8', Buffer.concat([utf8('{"a":"'), Buffer.from([0xc0, 0xaf]), utf8('"}')])],
    ['a surrogate in UTF-8', Buffer.concat([utf8('{"a":"'), Buffer.from([0xed, 0xa0, 0x80]), utf8('"}')])],
    ['truncated UTF-8', Buffer.concat([utf8('{"a":"'), Buffer.from([0xe9, 0x94]), utf8('"}')])],
    ['500000 arrays within each other', repeated('[', '', ']', 500_000)],
    ['1000000 arrays that are not closed', '['.repeat(1_000_000)],
    ['100000 objects within each other', repeated('{"a":', '1', '}', 100_000)],
    ['33 levels below a known member', `{"tag":${repeated('[', '', ']', 33)}}`],
    ['a member __proto__', '{"__proto__":{"action":"count","tag":{"key":"a","value":"b"}}}'],
    ['a member __proto__ further in', '{"action":"count","tags":[{"__proto__":{"key":"a"},"values":[]}]}'],
    ['half a surrogate pair', '{"a":"\\ud800"}'],
    ['the other half', '{"a":["\\udc00x"]}'],
    ['a pair the wrong way round', '{"a":"\\udc00\\ud800"}'],
    ['half a surrogate pair in the name of a member', '{"\\ud800":1}'],
    ['NUL', '{"a":"x\\u0000y"}'],
    ['NUL in the name of a member', '{"a\\u0000":1}'],
    ['1e999', '{"a":1e999}'],
    ['-1e999', '{"a":[-1e999]}'],
    ['a number of 500000 digits', `{"a":${'9'.repeat(500_000)}}`],
  ]
  for (const { name, path, code } of ENDPOINTS) {
    describe(`at ${name}`, () => {
      for (const [kind, body] of BODIES) {
        // The limit is lower without authentication.
        const isTooLong = name === 'taking a token' && Buffer.byteLength(body) > UNAUTHENTICATED_BODY_BYTES_MAX
        if (isTooLong)
          it(`is refused with 413 when it is too large: ${kind}`, async () =>
            void expectRefused(await post(path(), body), 413))
        else
          it(`is refused with 400: ${kind}`, async () => {
            const { error } = expectRefused(await post(path(), body), 400)
            expect(error.code).toBe(code)
            // The vendor's text, followed by a detail with the position.
            expect(error.message).toMatch(/^The request (message format is invalid\.|body is invalid) \S+: .+\.$/s)
            expect(error.message.length).toBeLessThan(1000)
          })
      }
      for (const body of ['null', '[]', '"text"', '0', 'true', '[{"tag":{"key":"a","value":"b"}}]']) {
        it(`is refused when it is ${body} instead of an object`, async () => {
          const { error } = expectRefused(await post(path(), body), 400)
          expect(error.message).toContain('body: must be an object')
        })
      }
      it('is refused when it is empty', async () => {
        const { error } = expectRefused(await post(path(), ''), 400)
        expect(error.code).toBe(code === 400 ? 400 : 'IMG.0007')
      })
      it('is refused when it is missing', async () => {
        const top = head('POST', path(), { 'X-Auth-Token': service.token })
        expect(expectRefused(await send(top), 400).error.code).toBe(code === 400 ? 400 : 'IMG.0007')
      })
    })
  }

  it('an error never shows a value that could be a password', async () => {
    const misplaced = { identity: { methods: ['password'], password: 'geheim' } }
    const bodies = [
      '{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"a","password":"geheim\\ud800"}}}}}',
      '{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"a","password":"geheim\\u0000"}}}}}',
      '{"auth":{"identity":{"methods":["password"],"password":{"user":"geheim"}}}}',
      JSON.stringify({ auth: misplaced }),
      '{"password": geheim}',
    ]
    for (const body of bodies) {
      const answer = await post('/v3/auth/tokens', body)
      expect([answer.status, answer.text.includes('geheim')]).toEqual([400, false])
    }
  })

  it('an error shows only the beginning of a long value', async () => {
    const { error } = expectRefused(
      await post(ENDPOINTS[0]!.path(), JSON.stringify({ tag: { key: 'k'.repeat(500_000), value: '' } })),
      400,
    )
    expect(error.message.length).toBeLessThan(400)
  })
})

describe('an unusual but valid body', () => {
  const add = (tag: string) => post(ENDPOINTS[0]!.path(), `{"tag":${tag}}`)

  it('a body with a byte order mark is accepted, as RFC 8259 allows', async () => {
    expect((await post(ENDPOINTS[1]!.path(), '\ufeff{"action":"count"}')).status).toBe(200)
  })

  it('members named like Object.prototype members are treated as unknown members', async () => {
    const body = '{"constructor":{"prototype":{"polluted":1}},"toString":1,"action":"count","hasOwnProperty":null}'
    expect((await post(ENDPOINTS[1]!.path(), body)).status).toBe(200)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('tag keys named like Object.prototype members are accepted and found', async () => {
    for (const key of ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', 'length']) {
      expect((await add(JSON.stringify({ key, value: 'v' }))).status).toBe(204)
      const query = JSON.stringify({ action: 'count', tags: [{ key, values: ['v'] }] })
      expect(JSON.parse((await post(ENDPOINTS[1]!.path(), query)).text)).toEqual({ total_count: 1 })
      const any = JSON.stringify({ action: 'count', tags_any: [{ key: `_${key}`, values: [] }] })
      expect(JSON.parse((await post(ENDPOINTS[1]!.path(), any)).text)).toEqual({ total_count: 0 })
    }
  })

  it('a member that occurs twice is refused by name', async () => {
    const answer = await post(ENDPOINTS[1]!.path(), '{"action":"filter","action":"count"}')
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.text).error.message).toContain('action: must not occur twice')
  })

  it('escaped plain characters are decoded', async () => {
    const answer = await post(ENDPOINTS[1]!.path(), '{"\\u0061ction":"co\\u0075nt"}')
    expect(answer.status).toBe(200)
  })
})

describe('a content type other than JSON', () => {
  const types = [
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json+xml',
    'text/json',
    'application/json, text/plain',
    '*/*',
    'a/b'.repeat(2000),
  ]
  for (const type of types) {
    it(`is refused with 415: ${type.slice(0, 40)}`, async () => {
      const { error } = expectRefused(await post(ENDPOINTS[0]!.path(), '{}', { 'Content-Type': type }), 415)
      expect(error.code).toBe('IMG.0001')
      expect(error.message).toContain('Content-Type')
    })
  }
  for (const type of ['', ' ', 'json', '/', ';charset=utf-8', 'application/', '\u00ff', 'application json']) {
    it(`is refused with 415 when it is malformed: ${JSON.stringify(type)}`, async () => {
      const top = head('POST', ENDPOINTS[0]!.path(), {
        'X-Auth-Token': service.token,
        'Content-Length': '2',
        'Content-Type': type,
      })
      const { error } = expectRefused(await send(Buffer.from(`${top}{}`, 'latin1')), 415)
      expect(error.code).toBe('IMG.0001')
    })
  }
})

describe('a body of more than 1 MiB', () => {
  const { path } = ENDPOINTS[0]!
  const padded = (bytes: number) => {
    const body = '{"tag":{"key":"size","value":"v"}}'
    return body + ' '.repeat(bytes - body.length)
  }

  it('is refused with 413 when its announced length exceeds the limit by one byte', async () => {
    expect((await post(path(), padded(BODY_BYTES_MAX))).status).toBe(204)
    const refused = expectRefused(await post(path(), padded(BODY_BYTES_MAX + 1)), 413)
    expect(refused).toMatchObject({ error_code: 'APIGW.0201', error_msg: expect.stringContaining('1048576') })
  })

  it('is refused with 413 before any of it is sent', async () => {
    for (const length of ['1048577', '99999999999', '9'.repeat(18)]) {
      const answer = await send(head('POST', path(), { 'Content-Length': length, 'X-Auth-Token': service.token }))
      expect(expectRefused(answer, 413).error_code).toBe('APIGW.0201')
      expect(answer.headers.connection).toBe('close')
    }
  })

  it('is refused with 413 instead of 100 Continue', async () => {
    const headers = { 'Content-Length': '1048577', Expect: '100-continue', 'X-Auth-Token': service.token }
    expect(expectRefused(await send(head('POST', path(), headers)), 413).error_code).toBe('APIGW.0201')
  })

  it('is refused with 413 when its chunks exceed the limit by one byte', async () => {
    const top = head('POST', path(), { 'Transfer-Encoding': 'chunked', 'X-Auth-Token': service.token })
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
    expect((await send(`${top}${chunk(padded(BODY_BYTES_MAX))}0\r\n\r\n`)).status).toBe(204)
    const answer = await send(`${top}${chunk(padded(BODY_BYTES_MAX))}${chunk('x')}0\r\n\r\n`)
    expect(expectRefused(answer, 413).error_code).toBe('APIGW.0201')
  })

  it('is refused with 413 when its chunks do not end', async () => {
    const connection = new RawConnection(service.url)
    connection.write(head('POST', path(), { 'Transfer-Encoding': 'chunked', 'X-Auth-Token': service.token }))
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
    for (let i = 0; i < 40; i++) connection.write(chunk)
    const answer = await connection.answer()
    connection.destroy()
    expect(expectRefused(answer, 413).error_code).toBe('APIGW.0201')
  })

  it('is refused with 413 by the token call in its own format', async () => {
    const body = expectRefused(await post('/v3/auth/tokens', padded(BODY_BYTES_MAX + 1)), 413)
    expect(body.error).toMatchObject({ code: 413, title: 'Payload Too Large' })
  })
})

describe('an unknown path', () => {
  const bodies = [
    ['no JSON', '{', 'application/json'],
    ['an empty body with a JSON content type', '', 'application/json'],
    ['a member __proto__', '{"__proto__":1}', 'application/json'],
    ['a body of more than 1 MiB', 'x'.repeat(BODY_BYTES_MAX + 1), 'application/json'],
    ['a malformed content type', 'x', 'nonsense'],
    ['a picture', 'x', 'image/png'],
  ] as const
  for (const [name, body, type] of bodies) {
    it(`is answered with 404 whatever the body is: ${name}`, async () => {
      for (const method of ['POST', 'DELETE']) {
        const top = head(method, '/v2/x/nothing', { 'Content-Type': type, 'Content-Length': body.length })
        expect(expectRefused(await send(top + body), 404).error_code).toBe('APIGW.0101')
      }
    })
  }
})

describe('a URL', () => {
  const get = (path: string) => send(head('GET', path, { 'X-Auth-Token': service.token }))

  it('with invalid escapes is refused with 400 and the code of its family (D30)', async () => {
    for (const bad of ['%', '%z', '%zz', '%2', '%ff', '%c3%28', '%ed%a0%80', '%u4e00']) {
      const ims = expectRefused(await get(`/v2/${service.project}/images/${bad}/tags`), 400)
      expect(ims.error.code).toBe('IMG.0017')
      const dbs = expectRefused(await get(`/v3/${service.project}/instances/${bad}/tags`), 400)
      expect(dbs.error_code).toBe('DBS.200001')
      const own = await send(head('DELETE', `/tagwerk/v1/${service.project}/resources/images/${bad}`))
      expect(expectRefused(own, 400).error_code).toBe('url-invalid')
    }
  })

  it('with invalid escapes is refused with an error that shows the escape', async () => {
    const { error } = expectRefused(await get(`/v2/${service.project}/images/%zz/tags`), 400)
    expect(error.message).toMatch(/^The URL format is incorrect\. .*%zz/)
  })

  it('with escapes in the project id does not bypass authorization', async () => {
    const escaped = [...service.project].map((character) => `%${character.charCodeAt(0).toString(16)}`).join('')
    expect((await get(`/v2/${escaped}/images/${IMAGE}/tags`)).status).toBe(200)
    for (const project of [
      `x%2F${service.project}`,
      `${service.project}%00`,
      `${service.project}%20`,
      '..',
      '%2e%2e',
      '.',
    ]) {
      expect([403, 404]).toContain((await get(`/v2/${project}/images/${IMAGE}/tags`)).status)
    }
  })

  it('with raw bytes, fragments or dot segments finds nothing', async () => {
    for (const path of [
      '/v2/../../etc/passwd',
      '/v2/%2e%2e/%2e%2e/',
      '/v2//images//tags',
      '/;/',
      '/v2/#',
      '/\\v2',
      '/v2/a b/',
    ]) {
      const { status } = await get(path)
      expect([400, 403, 404]).toContain(status)
    }
    const latin1 = await send(Buffer.from(head('GET', '/v2/\u00e4\u00ff/images/x/tags'), 'latin1'))
    expect(latin1.status).toBeGreaterThanOrEqual(400)
  })

  it('with an unusual query string is accepted or refused without a server error', async () => {
    const queries = [
      '?',
      '?&&&',
      '?=',
      '?limit',
      '?limit=%',
      '?%zz=%zz',
      '?a[b]=1',
      '?limit[]=1',
      '?limit=1;offset=x',
      `?${'a=1&'.repeat(3000)}`,
      '?__proto__=1&constructor=1',
      '??',
      '?\u00ff',
    ]
    for (const query of queries) {
      const { status } = await send(
        Buffer.from(head('GET', `/v3/${service.project}/tags${query}`, { 'X-Auth-Token': service.token }), 'latin1'),
      )
      expect([200, 400]).toContain(status)
    }
  })

  it('and headers of together more than 32 KiB are refused with 431', async () => {
    const refused = expectRefused(await send(head('GET', '/healthz', { 'X-Long': 'x'.repeat(33_000) })), 431)
    expect(refused).toMatchObject({ error_code: 'APIGW.0201', request_id: expect.any(String) })
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`X-${i}`, 'x']))
    expectRefused(await send(head('GET', '/healthz', many)), 431)
    expectRefused(await send(head('GET', `/${'x'.repeat(40_000)}`)), 431)
  })
})

describe('headers', () => {
  const path = () => `/v2/${service.project}/images/${IMAGE}/tags`

  it('with two tokens are refused as without a token, even when both are valid', async () => {
    for (const tokens of [
      [service.token, 'x'],
      ['x', service.token],
      [service.token, service.token],
    ]) {
      expectRefused(await send(head('GET', path(), { 'X-Auth-Token': tokens })), 401)
    }
  })

  it('with two lengths, or a length and chunks, are refused with 400 and close the connection', async () => {
    const lengths = head('POST', path(), { 'Content-Length': ['2', '3'] })
    const both = head('POST', path(), { 'Content-Length': '2', 'Transfer-Encoding': 'chunked' })
    for (const top of [lengths, both]) {
      const answer = await send(`${top}{}`)
      expectRefused(answer, 400)
      expect(answer.headers.connection).toBe('close')
    }
  })

  it('with an invalid length are refused with 400', async () => {
    for (const length of ['-1', '1e3', '0x10', 'x', '1 2', '9'.repeat(40)]) {
      expectRefused(await send(`${head('POST', path(), { 'Content-Length': length })}{}`), 400)
    }
  })

  it('with an unusual token, language or content type are refused as unauthenticated', async () => {
    for (const token of ['\u00ff', '"', 'Bearer x', '..', '.'.repeat(5000), 'eyJhbGciOiJub25lIn0.e30.']) {
      const top = head('GET', path(), {
        'X-Auth-Token': token,
        'X-Language': '\u00e4'.repeat(100),
        'Content-Type': '\u00ff',
      })
      expectRefused(await send(Buffer.from(top, 'latin1')), 401)
    }
  })

  it('with a malformed signature are refused with 401', async () => {
    const answer = await send(
      head('GET', path(), { Authorization: 'SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=x' }),
    )
    expect(expectRefused(answer, 401).error_code).toBe('APIGW.0301')
  })

  it('with two subject tokens are refused as an unknown token', async () => {
    const top = head('GET', '/v3/auth/tokens', {
      'X-Auth-Token': service.token,
      'X-Subject-Token': ['a', service.token],
    })
    expectRefused(await send(top), 404)
  })
})

describe('malformed HTTP', () => {
  const HEAD_OF_A_POST = 'POST /v3/auth/tokens HTTP/1.1\r\nHost: x\r\n'
  const garbage: readonly (readonly [name: string, bytes: string | Uint8Array])[] = [
    ['a word', 'hello\r\n\r\n'],
    ['random bytes', Buffer.from(Array.from({ length: 512 }, (_, i) => (i * 73 + 31) % 256))],
    ['the beginning of TLS', Buffer.from([0x16, 3, 1, 0, 0xa5, 1, 0, 0, 0xa1, 3, 3])],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['an unknown version', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n'],
    ['an unknown method', 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a method in small letters', 'get / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a NUL in the path', 'GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: \0\r\n\r\n'],
    ['a header without a colon', 'GET / HTTP/1.1\r\nHost: x\r\nX-A\r\n\r\n'],
    ['a header with a blank before the colon', 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length : 2\r\n\r\n{}'],
    ['bare line feeds', 'GET /healthz HTTP/1.1\nHost: x\n\n'],
    ['an invalid chunk length', `${HEAD_OF_A_POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
    ['a chunk longer than its length', `${HEAD_OF_A_POST}Transfer-Encoding: chunked\r\n\r\n1\r\nxxxx\r\n0\r\n\r\n`],
    ['a coding other than chunks', `${HEAD_OF_A_POST}Transfer-Encoding: gzip\r\n\r\n{}`],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'],
    ['an empty host', 'GET /healthz HTTP/1.1\r\nHost: \r\n\r\n'],
    ['two hosts', 'GET /healthz HTTP/1.1\r\nHost: x\r\nhost: y\r\n\r\n'],
    ['the same host twice', 'GET /healthz HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n'],
    ['a host with markup', 'GET /v3 HTTP/1.1\r\nHost: evil.example"<x>\r\n\r\n'],
    ['a host with a path', 'GET /v3 HTTP/1.1\r\nHost: evil.example/v3\r\n\r\n'],
    ['a host with a user', 'GET /v3 HTTP/1.1\r\nHost: me@evil.example\r\n\r\n'],
    ['a host with a tab', 'GET /v3 HTTP/1.1\r\nHost: evil.example\tx\r\n\r\n'],
  ]
  for (const [name, bytes] of garbage) {
    it(`is answered with 400 as JSON and closes the connection: ${name}`, async () => {
      const answer = await send(bytes)
      const body = expectRefused(answer, 400)
      expect(body).toMatchObject({ error_msg: expect.any(String), error_code: expect.stringMatching(/^APIGW\./) })
      expect(answer.headers.connection?.toLowerCase()).toBe('close')
    })
  }

  it('an unsupported Expect header is refused with 417', async () => {
    const headers = { Expect: 'a miracle', 'Content-Length': '2' }
    expectRefused(await send(`${head('POST', '/v3/auth/tokens', headers)}{}`), 417)
  })

  it('a TRACE request is refused and does not return the headers of the request', async () => {
    const answer = await send(
      head('TRACE', ENDPOINTS[0]!.path(), { 'X-Auth-Token': service.token, 'X-Secret': 'kept' }),
    )
    expect([405, 404]).toContain(answer.status)
    expect(JSON.stringify(answer)).not.toContain('kept')
  })

  it('a CONNECT request is refused', async () => {
    const connection = new RawConnection(service.url)
    connection.write('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n')
    expect((await connection.answer()).status).not.toBe(200)
    connection.destroy()
  })

  it('an Upgrade header is ignored', async () => {
    expect((await send(head('GET', '/healthz', { Connection: 'Upgrade', Upgrade: 'websocket' }))).status).toBe(200)
  })
})

describe('a client that disconnects', () => {
  it('while it sends headers or body has no effect', async () => {
    const body = '{"tag":{"key":"gone","value":"v"}}'
    const whole =
      head('POST', ENDPOINTS[0]!.path(), { 'X-Auth-Token': service.token, 'Content-Length': body.length }) + body
    for (let end = 1; end < whole.length; end += 7) {
      const connection = new RawConnection(service.url)
      connection.write(whole.slice(0, end))
      await new Promise((resolve) => setImmediate(resolve))
      connection.destroy()
    }
    const query = JSON.stringify({ action: 'count', tags: [{ key: 'gone', values: [] }] })
    expect(JSON.parse((await post(ENDPOINTS[1]!.path(), query)).text)).toEqual({ total_count: 0 })
  })

  it('before the answer does not disturb the next request', async () => {
    for (let i = 0; i < 50; i++) {
      const connection = new RawConnection(service.url)
      connection.write(head('GET', ENDPOINTS[0]!.path(), { 'X-Auth-Token': service.token }))
      if (i % 2 === 0) await new Promise((resolve) => setImmediate(resolve))
      connection.destroy()
    }
  })

  it('does not affect pipelining: ten pipelined requests get ten answers in order', async () => {
    const connection = new RawConnection(service.url)
    const paths = Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? ENDPOINTS[0]!.path() : `/nothing/${i}`))
    connection.write(paths.map((path) => head('GET', path, { 'X-Auth-Token': service.token })).join(''))
    const seen: number[] = []
    for (const _ of paths) seen.push((await connection.answer()).status)
    connection.destroy()
    expect(seen).toEqual(paths.map((_, i) => (i % 2 === 0 ? 200 : 404)))
  })
})
