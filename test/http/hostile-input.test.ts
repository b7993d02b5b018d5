import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { image, instance, newImageId, newInstanceId } from '../api/fixtures.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { exchange, head, type RawAnswer, RawConnection } from './raw.ts'

// What nobody should send. Each is answered with a clear 4xx, as JSON with a request id, and the service goes on.

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
  return JSON.parse(text)
}

type Endpoint = { readonly name: string; readonly path: () => string; readonly code: unknown }

/** The most bytes of a body without a token. */
const OPEN_BODY_BYTES_MAX = 16_384

/** The calls that read JSON, and the code of a body that cannot be read (D25). */
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

describe('a body that cannot be read is 400, at every call that reads JSON', () => {
  const BODIES: readonly (readonly [name: string, body: string | Uint8Array])[] = [
    ['cut off', '{"tag":{"key":"a"'],
    ['with something behind it', '{"action":"count"} x'],
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
    ['UTF-8 cut off', Buffer.concat([utf8('{"a":"'), Buffer.from([0xe9, 0x94]), utf8('"}')])],
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
    describe(name, () => {
      for (const [kind, body] of BODIES) {
        // Without a token less is read.
        const isTooLong = name === 'taking a token' && Buffer.byteLength(body) > OPEN_BODY_BYTES_MAX
        if (isTooLong) it(`${kind}: too large`, async () => void expectRefused(await post(path(), body), 413))
        else
          it(kind, async () => {
            const { error } = expectRefused(await post(path(), body), 400)
            expect(error.code).toBe(code)
            // The vendor's words, and then a detail that names a place.
            expect(error.message).toMatch(/^The request (message format is invalid\.|body is invalid) \S+: .+\.$/s)
            expect(error.message.length).toBeLessThan(1000)
          })
      }
      for (const body of ['null', '[]', '"text"', '0', 'true', '[{"tag":{"key":"a","value":"b"}}]']) {
        it(`${body} in place of an object`, async () => {
          const { error } = expectRefused(await post(path(), body), 400)
          expect(error.message).toContain('body: must be an object')
        })
      }
      it('an empty body', async () => {
        const { error } = expectRefused(await post(path(), ''), 400)
        expect(error.code).toBe(code === 400 ? 400 : 'IMG.0007')
      })
      it('no body at all', async () => {
        const top = head('POST', path(), { 'X-Auth-Token': service.token })
        expect(expectRefused(await send(top), 400).error.code).toBe(code === 400 ? 400 : 'IMG.0007')
      })
    })
  }

  it('never shows what may be a password', async () => {
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

  it('shows a caller no more than a part of a long value', async () => {
    const { error } = expectRefused(
      await post(ENDPOINTS[0]!.path(), JSON.stringify({ tag: { key: 'k'.repeat(500_000), value: '' } })),
      400,
    )
    expect(error.message.length).toBeLessThan(400)
  })
})

describe('what looks odd and is right', () => {
  const add = (tag: string) => post(ENDPOINTS[0]!.path(), `{"tag":${tag}}`)

  it('a byte order mark before the body, which a reader of JSON may overlook (RFC 8259)', async () => {
    expect((await post(ENDPOINTS[1]!.path(), '\ufeff{"action":"count"}')).status).toBe(200)
  })

  it('members named as what objects have, which are unknown members and no more', async () => {
    const body = '{"constructor":{"prototype":{"polluted":1}},"toString":1,"action":"count","hasOwnProperty":null}'
    expect((await post(ENDPOINTS[1]!.path(), body)).status).toBe(200)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('tags whose keys are named as what objects have', async () => {
    for (const key of ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', 'length']) {
      expect((await add(JSON.stringify({ key, value: 'v' }))).status).toBe(204)
      const query = JSON.stringify({ action: 'count', tags: [{ key, values: ['v'] }] })
      expect(JSON.parse((await post(ENDPOINTS[1]!.path(), query)).text)).toEqual({ total_count: 1 })
      const any = JSON.stringify({ action: 'count', tags_any: [{ key: `_${key}`, values: [] }] })
      expect(JSON.parse((await post(ENDPOINTS[1]!.path(), any)).text)).toEqual({ total_count: 0 })
    }
  })

  it('a member given twice, of which the last counts', async () => {
    const answer = await post(ENDPOINTS[1]!.path(), '{"action":"filter","action":"count"}')
    expect(JSON.parse(answer.text)).toEqual({ total_count: 1 })
  })

  it('escapes for plain characters', async () => {
    const answer = await post(ENDPOINTS[1]!.path(), '{"\\u0061ction":"co\\u0075nt"}')
    expect(answer.status).toBe(200)
  })
})

describe('a content type other than JSON is 415', () => {
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
    it(type.slice(0, 40), async () => {
      const { error } = expectRefused(await post(ENDPOINTS[0]!.path(), '{}', { 'Content-Type': type }), 415)
      expect(error.code).toBe('IMG.0001')
      expect(error.message).toContain('Content-Type')
    })
  }
  for (const type of ['', ' ', 'json', '/', ';charset=utf-8', 'application/', '\u00ff', 'application json']) {
    it(`${JSON.stringify(type)}, which is none at all`, async () => {
      const top = head('POST', ENDPOINTS[0]!.path(), {
        ...{ 'X-Auth-Token': service.token, 'Content-Length': '2', 'Content-Type': type },
      })
      const { error } = expectRefused(await send(Buffer.from(`${top}{}`, 'latin1')), 415)
      expect(error.code).toBe('IMG.0001')
    })
  }
})

describe('a body of more than 1 MiB is 413', () => {
  const { path } = ENDPOINTS[0]!
  const padded = (bytes: number) => {
    const body = '{"tag":{"key":"size","value":"v"}}'
    return body + ' '.repeat(bytes - body.length)
  }

  it('by one byte, when it is announced', async () => {
    expect((await post(path(), padded(BODY_BYTES_MAX))).status).toBe(204)
    const refused = expectRefused(await post(path(), padded(BODY_BYTES_MAX + 1)), 413)
    expect(refused).toMatchObject({ error_code: 'APIGW.0201', error_msg: expect.stringContaining('1048576') })
  })

  it('before any of it is sent', async () => {
    for (const length of ['1048577', '99999999999', '9'.repeat(18)]) {
      const answer = await send(head('POST', path(), { 'Content-Length': length, 'X-Auth-Token': service.token }))
      expect(expectRefused(answer, 413).error_code).toBe('APIGW.0201')
      expect(answer.headers.connection).toBe('close')
    }
  })

  it('without a promise of 100 Continue, when the caller waits for one', async () => {
    const headers = { 'Content-Length': '1048577', Expect: '100-continue', 'X-Auth-Token': service.token }
    expect(expectRefused(await send(head('POST', path(), headers)), 413).error_code).toBe('APIGW.0201')
  })

  it('by one byte, when it comes in chunks', async () => {
    const top = head('POST', path(), { 'Transfer-Encoding': 'chunked', 'X-Auth-Token': service.token })
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
    expect((await send(`${top}${chunk(padded(BODY_BYTES_MAX))}0\r\n\r\n`)).status).toBe(204)
    const answer = await send(`${top}${chunk(padded(BODY_BYTES_MAX))}${chunk('x')}0\r\n\r\n`)
    expect(expectRefused(answer, 413).error_code).toBe('APIGW.0201')
  })

  it('in chunks without end', async () => {
    const connection = new RawConnection(service.url)
    connection.write(head('POST', path(), { 'Transfer-Encoding': 'chunked', 'X-Auth-Token': service.token }))
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
    for (let i = 0; i < 40; i++) connection.write(chunk)
    const answer = await connection.answer()
    connection.destroy()
    expect(expectRefused(answer, 413).error_code).toBe('APIGW.0201')
  })

  it('at the token call too, in its own words', async () => {
    const body = expectRefused(await post('/v3/auth/tokens', padded(BODY_BYTES_MAX + 1)), 413)
    expect(body.error).toMatchObject({ code: 413, title: 'Payload Too Large' })
  })
})

describe('a path that is none is 404, whatever is sent to it', () => {
  const bodies = [
    ['no JSON', '{', 'application/json'],
    ['an empty body that is said to be JSON', '', 'application/json'],
    ['a member __proto__', '{"__proto__":1}', 'application/json'],
    ['a body of more than 1 MiB', 'x'.repeat(BODY_BYTES_MAX + 1), 'application/json'],
    ['a content type that is none', 'x', 'nonsense'],
    ['a picture', 'x', 'image/png'],
  ] as const
  for (const [name, body, type] of bodies) {
    it(name, async () => {
      for (const method of ['POST', 'DELETE']) {
        const top = head(method, '/v2/x/nothing', { 'Content-Type': type, 'Content-Length': body.length })
        expect(expectRefused(await send(top + body), 404).error_code).toBe('APIGW.0101')
      }
    })
  }
})

describe('a URL', () => {
  const get = (path: string) => send(head('GET', path, { 'X-Auth-Token': service.token }))

  it('with escapes that cannot be decoded is 400, with the code of its family (D30)', async () => {
    for (const bad of ['%', '%z', '%zz', '%2', '%ff', '%c3%28', '%ed%a0%80', '%u4e00']) {
      const ims = expectRefused(await get(`/v2/${service.project}/images/${bad}/tags`), 400)
      expect(ims.error.code).toBe('IMG.0017')
      const dbs = expectRefused(await get(`/v3/${service.project}/instances/${bad}/tags`), 400)
      expect(dbs.error_code).toBe('DBS.200001')
      const own = await send(head('DELETE', `/tagwerk/v1/${service.project}/resources/images/${bad}`))
      expect(expectRefused(own, 400).error_code).toBe('url-invalid')
    }
  })

  it('with escapes that cannot be decoded says what is wrong with it', async () => {
    const { error } = expectRefused(await get(`/v2/${service.project}/images/%zz/tags`), 400)
    expect(error.message).toMatch(/^The URL format is incorrect\. .*%zz/)
  })

  it('with escapes of any kind in the project is no way in', async () => {
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

  it('of raw bytes, of fragments and dots finds nothing', async () => {
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

  it('with a query string of any kind is taken or refused, never worse', async () => {
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

  it('together with headers of more than 32 KiB is 431', async () => {
    const refused = expectRefused(await send(head('GET', '/healthz', { 'X-Long': 'x'.repeat(33_000) })), 431)
    expect(refused).toMatchObject({ error_code: 'APIGW.0201', request_id: expect.any(String) })
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`X-${i}`, 'x']))
    expectRefused(await send(head('GET', '/healthz', many)), 431)
    expectRefused(await send(head('GET', `/${'x'.repeat(40_000)}`)), 431)
  })
})

describe('headers', () => {
  const path = () => `/v2/${service.project}/images/${IMAGE}/tags`

  it('with two tokens are no token, not even the right one twice', async () => {
    for (const tokens of [
      [service.token, 'x'],
      ['x', service.token],
      [service.token, service.token],
    ]) {
      expectRefused(await send(head('GET', path(), { 'X-Auth-Token': tokens })), 401)
    }
  })

  it('with two lengths, or a length and chunks, are 400 and close the connection', async () => {
    const lengths = head('POST', path(), { 'Content-Length': ['2', '3'] })
    const both = head('POST', path(), { 'Content-Length': '2', 'Transfer-Encoding': 'chunked' })
    for (const top of [lengths, both]) {
      const answer = await send(`${top}{}`)
      expectRefused(answer, 400)
      expect(answer.headers.connection).toBe('close')
    }
  })

  it('with a length that is none are 400', async () => {
    for (const length of ['-1', '1e3', '0x10', 'x', '1 2', '9'.repeat(40)]) {
      expectRefused(await send(`${head('POST', path(), { 'Content-Length': length })}{}`), 400)
    }
  })

  it('with an odd token, language or type are answered as if there were none', async () => {
    for (const token of ['\u00ff', '"', 'Bearer x', '..', '.'.repeat(5000), 'eyJhbGciOiJub25lIn0.e30.']) {
      const top = head('GET', path(), {
        'X-Auth-Token': token,
        'X-Language': '\u00e4'.repeat(100),
        'Content-Type': '\u00ff',
      })
      expectRefused(await send(Buffer.from(top, 'latin1')), 401)
    }
  })

  it('with a signature say that it is not accepted yet', async () => {
    const answer = await send(
      head('GET', path(), { Authorization: 'SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=x' }),
    )
    expect(expectRefused(answer, 401).error_code).toBe('APIGW.0301')
  })

  it('with two subjects are no subject', async () => {
    const top = head('GET', '/v3/auth/tokens', {
      'X-Auth-Token': service.token,
      'X-Subject-Token': ['a', service.token],
    })
    expectRefused(await send(top), 404)
  })
})

describe('what is no HTTP is 400 as JSON and closes the connection', () => {
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
    ['a chunk length that is none', `${HEAD_OF_A_POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
    ['a chunk longer than its length', `${HEAD_OF_A_POST}Transfer-Encoding: chunked\r\n\r\n1\r\nxxxx\r\n0\r\n\r\n`],
    ['a coding other than chunks', `${HEAD_OF_A_POST}Transfer-Encoding: gzip\r\n\r\n{}`],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'],
  ]
  for (const [name, bytes] of garbage) {
    it(name, async () => {
      const answer = await send(bytes)
      const body = expectRefused(answer, 400)
      expect(body).toMatchObject({ error_msg: expect.any(String), error_code: expect.stringMatching(/^APIGW\./) })
      expect(answer.headers.connection?.toLowerCase()).toBe('close')
    })
  }

  it('an expectation that cannot be met is 417', async () => {
    const headers = { Expect: 'a miracle', 'Content-Length': '2' }
    expectRefused(await send(`${head('POST', '/v3/auth/tokens', headers)}{}`), 417)
  })

  it('a tunnel is refused without harm', async () => {
    const connection = new RawConnection(service.url)
    connection.write('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n')
    expect((await connection.answer()).status).not.toBe(200)
    connection.destroy()
  })

  it('an upgrade is overlooked', async () => {
    expect((await send(head('GET', '/healthz', { Connection: 'Upgrade', Upgrade: 'websocket' }))).status).toBe(200)
  })
})

describe('a caller who goes away', () => {
  it('midway through headers or body is forgotten', async () => {
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

  it('without waiting for the answer does not hurt the next', async () => {
    for (let i = 0; i < 50; i++) {
      const connection = new RawConnection(service.url)
      connection.write(head('GET', ENDPOINTS[0]!.path(), { 'X-Auth-Token': service.token }))
      if (i % 2 === 0) await new Promise((resolve) => setImmediate(resolve))
      connection.destroy()
    }
  })

  it('and another who sends ten requests at once gets ten answers in order', async () => {
    const connection = new RawConnection(service.url)
    const paths = Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? ENDPOINTS[0]!.path() : `/nothing/${i}`))
    connection.write(paths.map((path) => head('GET', path, { 'X-Auth-Token': service.token })).join(''))
    const seen: number[] = []
    for (const _ of paths) seen.push((await connection.answer()).status)
    connection.destroy()
    expect(seen).toEqual(paths.map((_, i) => (i % 2 === 0 ? 200 : 404)))
  })
})
