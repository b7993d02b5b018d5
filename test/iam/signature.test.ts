import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { stringify } from 'node:querystring'
import { AKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js'
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/BasicCredentials.js'
import { HcClient } from '@huaweicloud/huaweicloud-sdk-core/HcClient.js'
import { DefaultHttpClient } from '@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AuthorizationHeader,
  canonicalForMessage,
  canonicalRequest,
  checkDate,
  hashOf,
  type PathReading,
  parseAuthorization,
  type SignedRequest,
  sign,
  verify,
} from '../../src/iam/signature.ts'

const READINGS: readonly PathReading[] = ['documented', 'literal', 'legacy-url']
const CREDENTIALS = { accessKey: 'AKEXAMPLE0000000001', secretKey: 'example-secret-that-is-no-secret-0001' }
const DATE = '20261121T090000Z'
/** Seeds are random; a failure prints the seed that reproduces it. */
const RUNS = { numRuns: 300 }

type Vector = Omit<SignedRequest, 'bodyHash'> &
  typeof CREDENTIALS & {
    readonly name: string
    readonly body: string
    readonly readings: readonly PathReading[]
    readonly canonicalRequest: string
    readonly stringToSign: string
    readonly authorization: string
  }

const VECTORS = JSON.parse(
  readFileSync(new URL('../vectors/signatures.json', import.meta.url), 'utf8'),
) as readonly Vector[]

function requestOf({ method, path, query, headers, body }: Vector): SignedRequest {
  return { method, path, query, headers, bodyHash: headers['x-sdk-content-sha256'] ?? hashOf(Buffer.from(body)) }
}

const parsed = (header: string | undefined) => parseAuthorization(header ?? '') as AuthorizationHeader
const verifies = (request: SignedRequest, authorization = request.headers.authorization) =>
  verify(request, parsed(authorization), CREDENTIALS.secretKey, READINGS)

describe('the signature vectors', () => {
  it.each(VECTORS)('vector $name has the expected canonical request, string to sign and signature', (vector) => {
    const request = requestOf(vector)
    const { accessKey, scope, signedHeaders } = parsed(vector.authorization)
    expect(accessKey).toBe(vector.accessKey)
    const canonical = canonicalRequest(request, signedHeaders, vector.readings[0] as PathReading)
    expect(canonical).toBe(vector.canonicalRequest)
    const hash = hashOf(Buffer.from(canonical))
    const scopeLine = scope === undefined ? [] : [scope]
    expect(['SDK-HMAC-SHA256', vector.headers['x-sdk-date'], ...scopeLine, hash].join('\n')).toBe(vector.stringToSign)
  })

  it.each(VECTORS)('vector $name verifies under exactly its path readings', (vector) => {
    const fitting = READINGS.filter((reading) =>
      verify(requestOf(vector), parsed(vector.authorization), vector.secretKey, [reading]),
    )
    expect(fitting).toEqual(vector.readings)
    expect(verify(requestOf(vector), parsed(vector.authorization), vector.secretKey, READINGS)).toBe(true)
    expect(verify(requestOf(vector), parsed(vector.authorization), vector.secretKey, [])).toBe(false)
  })

  it.each(VECTORS.filter(({ readings }) => readings.includes('documented')))(
    'vector $name equals our own signature',
    (vector) => {
      const { scope, signedHeaders } = parsed(vector.authorization)
      const [date, region, service] = scope?.split('/') ?? []
      const form = date === undefined ? 'access' : ({ kind: 'credential', date, region, service } as never)
      expect(sign(requestOf(vector), vector, form, signedHeaders.toReversed())).toBe(vector.authorization)
    },
  )

  it('the vendor’s published example has the published hash and signature', () => {
    const { canonicalRequest: canonical, authorization } = VECTORS[0] as Vector
    expect(hashOf(Buffer.from(canonical))).toBe('b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a')
    expect(authorization).toContain('Signature=7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe')
  })
})

const ENDPOINT = 'http://tags.example.com:8774'
const SDK_CREDENTIALS = new BasicCredentials().withAk(CREDENTIALS.accessKey).withSk(CREDENTIALS.secretKey)

type SdkCall = {
  readonly method: string
  /** With unescaped names: this SDK does not escape them. */
  readonly path: string
  readonly query: Readonly<Record<string, string | readonly string[]>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: object | undefined
}

/** Signs a call with the signer of the SDK for Node.js and gives the request that its HTTP client sends. */
function signedBySdk({ method, path, query, headers, body }: SdkCall): SignedRequest {
  const queryParams = structuredClone(query)
  const all = AKSKSigner.sign(
    { method, endpoint: ENDPOINT + path, queryParams, headers: { ...headers }, data: body },
    SDK_CREDENTIALS,
  )
  const { pathname, search } = new URL(ENDPOINT + path)
  return {
    method,
    path: pathname,
    query: search.slice(1) + stringify(queryParams),
    headers: Object.fromEntries(Object.entries(all).map(([name, value]) => [name.toLowerCase(), String(value)])),
    bodyHash: hashOf(Buffer.from(body === undefined ? '' : JSON.stringify(body))),
  }
}

const word = fc.stringMatching(/^[\w~-]{1,8}$/)
const text = fc.string({ unit: fc.oneof(fc.constantFrom(...' +%&=;/?\'"(*'), fc.string({ unit: 'binary' })) })
const sdkDate = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().replace(/[-:]|\.\d+/g, ''))
const call = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'),
  path: fc.array(word, { minLength: 1, maxLength: 6 }).map((parts) => `/${parts.join('/')}`),
  query: fc.dictionary(text, fc.oneof(text, fc.array(text, { maxLength: 3 })), { maxKeys: 5 }),
  headers: fc
    .record({ 'X-Sdk-Date': sdkDate, 'X-Project-Id': word, 'content-type': word, 'X-Language': word, accept: word })
    .chain((all) => fc.subarray(Object.entries(all).slice(1)).map((some) => ({ ...all, ...Object.fromEntries(some) }))),
  body: fc.option(fc.dictionary(text, fc.jsonValue()), { nil: undefined }),
})

const ODD_KEYS = [
  'a b',
  'a"b',
  "a'b",
  'a<b>',
  'a\\b',
  'a^b',
  'a`b',
  'a{b}',
  'a|b',
  '键',
  'a%b',
  'a/b',
  'a#b',
  'a%2Fb',
  "键 'x'|",
]
const UNSUPPORTED_KEYS = ['a?b', '../x', './x', 'a/%2E%2e/b', 'a\tb', 'a%41键']
const callWithKey = (key: string): SdkCall => ({
  method: 'DELETE',
  path: `/v2/p/images/i/tags/${key}`,
  query: {},
  body: undefined,
  headers: { 'content-type': 'application/json', 'X-Sdk-Date': DATE },
})

describe('the signer of the SDK for Node.js', () => {
  it('the SDK signer and ours give the same signature for random queries, headers and bodies', () => {
    fc.assert(
      fc.property(call, (drawn) => {
        const request = signedBySdk(drawn)
        const { authorization } = request.headers
        expect(sign(request, CREDENTIALS, 'access', parsed(authorization).signedHeaders)).toBe(authorization)
        for (const reading of READINGS) {
          expect(verify(request, parsed(authorization), CREDENTIALS.secretKey, [reading])).toBe(true)
        }
      }),
      RUNS,
    )
  })

  it.each(ODD_KEYS)('an SDK signature with %j in the path verifies', (key) => {
    expect(verifies(signedBySdk(callWithKey(key)))).toBe(true)
  })

  it.each(UNSUPPORTED_KEYS)(
    'an SDK signature with %j in the path does not verify: the SDK sends a different path',
    (key) => {
      expect(verifies(signedBySdk(callWithKey(key)))).toBe(false)
    },
  )

  it('an SDK signature verifies with any text in the path that the URL parsers do not rewrite', () => {
    const unit = fc.oneof(
      fc.constantFrom(...' "\'<>\\^`{|}/#+&=;@:,$!*()'),
      fc.string({ unit: 'binary', maxLength: 1 }),
    )
    const plain = fc.string({ unit }).filter((key) => !/[?%\t\n\r]|(^|[/\\])\.{1,2}($|[/\\#])/.test(key))
    const escapes = fc.string({ unit: fc.constantFrom(...'%%%24aF/ "<>`{}') })
    fc.assert(
      fc.property(fc.oneof(plain, escapes), (key) => {
        expect(verifies(signedBySdk(callWithKey(`${key}/end`)))).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('the SDK client sends over HTTP the requests that these tests construct', async () => {
    const seen: SignedRequest[] = []
    const server = createServer((request, response) => {
      const [path, query = ''] = (request.url as string).split('?')
      const headers = request.headers as Record<string, string>
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const bodyHash = headers['x-sdk-content-sha256'] ?? hashOf(Buffer.concat(chunks))
        seen.push({ method: request.method as string, path: path as string, query, headers, bodyHash })
        response.setHeader('content-type', 'application/json').end('{}')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const endpoints = [`http://127.0.0.1:${(server.address() as AddressInfo).port}`]
    const client = new HcClient(new DefaultHttpClient({}, endpoints), {}).withCredential(SDK_CREDENTIALS)
    const send = (method: string, key: string, more: object = {}) => {
      const call = { method, url: '/v2/p/images/i/tags/{key}', pathParams: { key }, contentType: 'application/json' }
      return client.withEndpoints(endpoints).sendRequest({ ...call, headers: {}, queryParams: {}, ...more } as never)
    }
    for (const key of ODD_KEYS) await send('DELETE', key)
    await send('POST', 'action', { data: { tags: [{ key: '键', value: 'a b' }] } })
    await send('GET', 'list', { queryParams: { tag: ['b= +', "a='(键)'"], limit: 5 } })
    await send('PUT', 'file', { data: 'bytes', contentType: 'application/octet-stream' })
    server.close()
    server.closeAllConnections()
    expect(seen.map(({ path }) => path).slice(0, ODD_KEYS.length)).toEqual(
      ODD_KEYS.map((key) => signedBySdk(callWithKey(key)).path),
    )
    expect(seen.filter((request) => !verifies(request))).toEqual([])
    expect(seen.at(-1)?.bodyHash).toBe('UNSIGNED-PAYLOAD')
  })
})

/** Changes of one signed part of a request. */
const CHANGES: Readonly<Record<string, (request: SignedRequest, at: number) => SignedRequest>> = {
  method: (request) => ({ ...request, method: request.method === 'GET' ? 'POST' : 'GET' }),
  'a letter of the path': (request, at) => {
    const place = 1 + (at % (request.path.length - 1))
    const letter = request.path[place] === 'x' ? 'y' : 'x'
    return { ...request, path: request.path.slice(0, place) + letter + request.path.slice(place + 1) }
  },
  'a longer path': (request) => ({ ...request, path: `${request.path}/x` }),
  'another query': (request) => ({ ...request, query: `${request.query}&added=1` }),
  'other letters in the query': (request) =>
    request.query === '' ? { ...request, query: 'a' } : { ...request, query: `x${request.query.slice(1)}y` },
  'a signed header': (request, at) => {
    const names = parsed(request.headers.authorization).signedHeaders
    const name = names[at % names.length] as string
    return { ...request, headers: { ...request.headers, [name]: `${request.headers[name]}0` } }
  },
  'a signed header that is gone': (request, at) => {
    const names = parsed(request.headers.authorization).signedHeaders
    return { ...request, headers: { ...request.headers, [names[at % names.length] as string]: undefined } }
  },
  date: (request) => ({ ...request, headers: { ...request.headers, 'x-sdk-date': '20191115T033655Z' } }),
  body: (request) => ({ ...request, bodyHash: hashOf(Buffer.from(request.bodyHash)) }),
  'a hash of the body that was not there': (request) => ({
    ...request,
    headers: { ...request.headers, 'x-sdk-content-sha256': request.bodyHash },
  }),
}

describe('a change of a signed request', () => {
  const date = '20261121'
  const forms = ['access', { kind: 'credential', date, region: 'r', service: '' }] as const

  it.each(Object.keys(CHANGES))('a changed request does not verify: %s', (name) => {
    fc.assert(
      fc.property(call, fc.nat(), fc.constantFrom(...forms), (drawn, at, form) => {
        const first = signedBySdk({ ...drawn, headers: { ...drawn.headers, 'X-Sdk-Date': DATE } })
        const { signedHeaders } = parsed(first.headers.authorization)
        const authorization = sign(first, CREDENTIALS, form, signedHeaders)
        const request = { ...first, headers: { ...first.headers, authorization } }
        expect(verifies(request)).toBe(true)
        expect(verifies((CHANGES[name] as (typeof CHANGES)[string])(request, at))).toBe(false)
      }),
      RUNS,
    )
  })

  it('a changed secret, signature, credential scope or header list does not verify', () => {
    const request = requestOf(VECTORS[1] as Vector)
    const good = parsed(VECTORS[1]?.authorization)
    const check = (change: Partial<AuthorizationHeader>, secretKey = CREDENTIALS.secretKey) =>
      verify(request, { ...good, ...change }, secretKey, READINGS)
    expect(check({})).toBe(true)
    for (const secretKey of ['', `${CREDENTIALS.secretKey} `, CREDENTIALS.secretKey.slice(1)]) {
      expect(check({}, secretKey)).toBe(false)
    }
    const other = good.signature.startsWith('0') ? '1' : '0'
    for (const signature of ['', 'x', good.signature.slice(1), `${good.signature}0`, other + good.signature.slice(1)]) {
      expect(check({ signature })).toBe(false)
    }
    const scopes = ['20261121/r//sdk_request', '20261121//ims/sdk_request', '20261122///sdk_request', undefined]
    for (const scope of scopes) expect(check({ scope })).toBe(false)
    for (const dropped of good.signedHeaders) {
      expect(check({ signedHeaders: good.signedHeaders.filter((name) => name !== dropped) })).toBe(false)
    }
    expect(check({ signedHeaders: [...good.signedHeaders, 'x-more'] })).toBe(false)
  })

  it('a credential scope of another day than the date does not verify, even if it was signed', () => {
    const request = requestOf(VECTORS[1] as Vector)
    for (const [day, expected] of [
      ['20261121', true],
      ['20261120', false],
      ['', false],
    ] as const) {
      const header = sign(request, CREDENTIALS, { kind: 'credential', date: day, region: '', service: '' }, [
        'host',
        'x-sdk-date',
      ])
      const scope = `${day}///sdk_request`
      const signature = header.split('Signature=')[1] as string
      const given = { ...CREDENTIALS, scope, signedHeaders: ['host', 'x-sdk-date'], signature }
      expect([day, verify(request, given, CREDENTIALS.secretKey, READINGS)]).toEqual([day, expected])
    }
  })
})

describe('the signed headers', () => {
  const bodyHash = hashOf(new Uint8Array())
  const headers = { host: 'h', 'x-sdk-date': ` ${DATE} `, accept: ' a  b\t' }
  const request = { method: 'GET', path: '/a', query: '', headers, bodyHash }

  it('any headers can be signed, but the date and a body hash must be', () => {
    for (const names of [['x-sdk-date'], ['host', 'x-sdk-date'], ['accept', 'x-sdk-date']]) {
      expect(verifies(request, sign(request, CREDENTIALS, 'access', names))).toBe(true)
    }
    expect(() => sign(request, CREDENTIALS, 'access', ['host'])).toThrow('x-sdk-date')
    expect(() => sign(request, CREDENTIALS, 'access', ['x-sdk-date', 'cookie'])).toThrow('cookie')
    expect(() => sign(request, CREDENTIALS, 'access', ['x-sdk-date', 'constructor'])).toThrow('constructor')
    const hashed = { ...request, headers: { ...headers, 'x-sdk-content-sha256': bodyHash } }
    expect(() => sign(hashed, CREDENTIALS, 'access', ['x-sdk-date'])).toThrow('x-sdk-date')
    expect(verifies(hashed, sign(hashed, CREDENTIALS, 'access', ['x-sdk-date', 'x-sdk-content-sha256']))).toBe(true)
  })

  it('the canonical request has the headers in lower case, sorted, unique, with trimmed values', () => {
    const names = ['X-Sdk-Date', 'HOST', 'accept', 'host']
    const lines = [
      'GET',
      '/a/',
      '',
      'accept:a  b',
      'host:h',
      `x-sdk-date:${DATE}`,
      '',
      'accept;host;x-sdk-date',
      bodyHash,
    ]
    expect(canonicalRequest(request, names, 'documented')).toBe(lines.join('\n'))
    expect(canonicalForMessage(request, names)).toBe(lines.join('|'))
    expect(sign(request, CREDENTIALS, 'access', names)).toContain('SignedHeaders=accept;host;x-sdk-date, ')
    const given = parsed(sign(request, CREDENTIALS, 'access', names))
    expect(verify(request, { ...given, signedHeaders: names }, CREDENTIALS.secretKey, READINGS)).toBe(true)
  })
})

describe('paths and queries', () => {
  const request = (path: string, query = '') => ({ method: 'GET', path, query, bodyHash: '', headers: {} })
  const lineOf = (line: number, path: string, query = '', reading: PathReading = 'documented') =>
    canonicalRequest(request(path, query), [], reading).split('\n')[line]

  it.each([
    ['', '/', '/', '/'],
    ['/', '/', '/', '/'],
    ['/a/', '/a/', '/a/', '/a/'],
    ['/a//b', '/a//b/', '/a//b/', '/a//b/'],
    ['/a%20b', '/a%20b/', '/a%2520b/', '/a%2520b/'],
    ['/%e9%94%ae', '/%E9%94%AE/', '/%25e9%2594%25ae/', '/%E9%94%AE/'],
    ["/!'()*", '/%21%27%28%29%2A/', '/%21%27%28%29%2A/', '/%21%2527%28%29%2A/'],
    ['/a%2fb', '/a/b/', '/a%252fb/', '/a/b/'],
    ['/%zz%41', '/%25zz%2541/', '/%25zz%2541/', '/%25zz%2541/'],
    ['/%ff', '/%25ff/', '/%25ff/', '/%25ff/'],
    ['/\ud800', '/%EF%BF%BD/', '/%EF%BF%BD/', '/%EF%BF%BD/'],
  ])('the path %j has the expected canonical form under each reading', (path, ...expected) => {
    expect(READINGS.map((reading) => lineOf(1, path, '', reading))).toEqual(expected)
  })

  it.each([
    ['', ''],
    ['&&', ''],
    ['a', 'a='],
    ['a=', 'a='],
    ['=b', '=b'],
    ['b=2&a=1', 'a=1&b=2'],
    ['a=2&a=10&a=', 'a=&a=10&a=2'],
    ['a=1&A=1&a-b=1', 'A=1&a=1&a-b=1'],
    ['a=b=c', 'a=b%3Dc'],
    ['a=1+2%2B3%20', 'a=1%202%2B3%20'],
    ['%61=%e9%94%ae', 'a=%E9%94%AE'],
    ['a=%zz&b=%', 'a=%25zz&b=%25'],
    ['a?=/&;', '%3B=&a%3F=%2F'],
  ])('the query %j has the expected canonical form', (query, expected) => {
    expect(lineOf(2, '/', query)).toBe(expected)
  })
})

describe('the Authorization header', () => {
  const rest = 'SignedHeaders=host;x-sdk-date, Signature=00ff'
  const read = { scope: undefined, signedHeaders: ['host', 'x-sdk-date'], signature: '00ff' }

  it('the Authorization header is parsed in both forms', () => {
    const access = { accessKey: 'AK-1_x@y', ...read }
    expect(parseAuthorization(`SDK-HMAC-SHA256 Access=AK-1_x@y, ${rest}`)).toEqual(access)
    expect(parseAuthorization(`SDK-HMAC-SHA256  ${rest.replace(', ', ',')} ,Access=AK-1_x@y `)).toEqual(access)
    const names = rest.replace('host;x-sdk-date', 'X-Sdk-Date;HOST;host')
    expect(parseAuthorization(`SDK-HMAC-SHA256 Access=AK-1_x@y, ${names}`)).toEqual(access)
    for (const scope of ['20261121///sdk_request', '20261121/eu-de/ims/sdk_request']) {
      const header = `SDK-HMAC-SHA256 Credential=AK/${scope}, ${rest}`
      expect(parseAuthorization(header)).toEqual({ ...read, accessKey: 'AK', scope })
    }
  })

  it.each([
    '',
    'Basic YTpi',
    'SDK-HMAC-SHA256',
    'SDK-HMAC-SHA256 ',
    `SDK-HMAC-SHA256Access=AK, ${rest}`,
    `sdk-hmac-sha256 Access=AK, ${rest}`,
    `V11-HMAC-SHA256 Access=AK, ${rest}`,
    `SDK-HMAC-SHA256 ${rest}`,
    `SDK-HMAC-SHA256 Access=, ${rest}`,
    `SDK-HMAC-SHA256 Access=A K, ${rest}`,
    `SDK-HMAC-SHA256 access=AK, ${rest}`,
    `SDK-HMAC-SHA256 Access=键, ${rest}`,
    `SDK-HMAC-SHA256 Access=A/K, ${rest}`,
    `SDK-HMAC-SHA256 AK, ${rest}`,
    `SDK-HMAC-SHA256 Access=AK, ${rest},`,
    `SDK-HMAC-SHA256 Access=AK, ${rest}, Signature=00ff`,
    'SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, SignedHeaders=host',
    'SDK-HMAC-SHA256 Access=AK, SignedHeaders=, Signature=00',
    'SDK-HMAC-SHA256 Access=AK, SignedHeaders=host',
    'SDK-HMAC-SHA256 Access=AK, SignedHeaders=a;;b, Signature=00',
    'SDK-HMAC-SHA256 Access=AK, Signature=00',
    'SDK-HMAC-SHA256 Access=AK, SignedHeaders=a b, Signature=00',
    'SDK-HMAC-SHA256 Access=AK, SignedHeaders=a, Signature=',
    'SDK-HMAC-SHA256 Access=AK, SignedHeaders=a\nb, Signature=0',
    ...['AK', 'AK/20261121', 'AK/20261121//sdk_request', 'AK/2026112///sdk_request', '/20261121///sdk_request'].map(
      (credential) => `SDK-HMAC-SHA256 Credential=${credential}, ${rest}`,
    ),
    ...['AK/20261121///aws4_request', 'AK/20261121////sdk_request', 'AK/20261121/a b//sdk_request'].map(
      (credential) => `SDK-HMAC-SHA256 Credential=${credential}, ${rest}`,
    ),
  ])('a malformed Authorization header is not parsed: %j', (header) => {
    expect(parseAuthorization(header)).toBeUndefined()
  })

  it('random headers and requests cause no exception', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'SDK-HMAC-SHA256 ',
        'Access=',
        'Credential=',
        'SignedHeaders=',
        'Signature=',
        ', ',
        ';',
        '/',
        'AK',
      ),
      fc.constantFrom(
        'host',
        'x-sdk-date',
        '20261121',
        '/20261121///sdk_request',
        '__proto__',
        'constructor',
        '%',
        '=',
      ),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }),
    )
    const hostile = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
    const likely = fc
      .tuple(hostile, hostile, hostile)
      .map(([who, names, signature]) => `SDK-HMAC-SHA256 Access=${who}, SignedHeaders=${names}, Signature=${signature}`)
    fc.assert(
      fc.property(fc.oneof(hostile, likely), hostile, hostile, hostile, (header, path, query, value) => {
        const read = parseAuthorization(header) ?? parsed(VECTORS[0]?.authorization)
        const headers = { 'x-sdk-date': value, [path.toLowerCase()]: value }
        const request = { method: value, path, query, headers, bodyHash: value }
        for (const signedHeaders of [read.signedHeaders, Object.keys(headers), ['x-sdk-date', 'constructor']]) {
          expect(verify(request, { ...read, signedHeaders }, value, READINGS)).toBe(false)
          expect(canonicalForMessage(request, signedHeaders)).not.toContain('\n')
        }
        expect(['malformed', 'expired', 'ok']).toContain(checkDate(value, 0))
      }),
      { numRuns: 1000 },
    )
  })

  it('parsing a long Authorization header takes linear time', () => {
    const long = (piece: string) => piece.repeat(1_000_000 / piece.length)
    const start = performance.now()
    for (const piece of [',', ' ', '=', ';', '/', 'a', 'a;', 'A/', '20261121/', ', Access=']) {
      parseAuthorization(`SDK-HMAC-SHA256 ${long(piece)}`)
      parseAuthorization(`SDK-HMAC-SHA256 Access=${long(piece)}, ${rest}`)
      parseAuthorization(`SDK-HMAC-SHA256 Credential=AK/20261121/${long(piece)}, ${rest}`)
      parseAuthorization(`SDK-HMAC-SHA256 Access=AK, SignedHeaders=a${long(piece)}a, Signature=00`)
      parseAuthorization(`SDK-HMAC-SHA256 Access=AK, SignedHeaders=a, Signature=${long(piece)}`)
    }
    expect(performance.now() - start).toBeLessThan(10_000)
  })

  it('a long header that is named many times does not enlarge the canonical request', () => {
    const headers = { host: 'h'.repeat(8000), 'x-sdk-date': DATE }
    const request = { method: 'GET', path: '/', query: '', bodyHash: '', headers }
    expect(canonicalForMessage(request, Array(4000).fill('host')).length).toBeLessThan(9000)
  })
})

describe('the date', () => {
  const NOW_MS = Date.UTC(2026, 10, 21, 9)

  it.each([
    ['20261121T090000Z', 'ok'],
    ['20261121T084500Z', 'ok'],
    ['20261121T091500Z', 'ok'],
    ['20261121T084459Z', 'expired'],
    ['20261121T091501Z', 'expired'],
    ['20251121T090000Z', 'expired'],
    ['00000101T000000Z', 'expired'],
    ['20240229T000000Z', 'expired'],
    ['20250229T000000Z', 'malformed'],
    ['20261131T090000Z', 'malformed'],
    ['20261300T090000Z', 'malformed'],
    ['20261121T240000Z', 'malformed'],
    ['20261121T090060Z', 'malformed'],
    ['20261121T0900Z', 'malformed'],
    ['20261121T090000', 'malformed'],
    ['20261121T090000Z\n', 'malformed'],
    ['2026-11-21T09:00:00.000Z', 'malformed'],
    ['２0261121T090000Z', 'malformed'],
    ['', 'malformed'],
    [undefined, 'malformed'],
  ])('the date %j is %s', (date, expected) => {
    expect(checkDate(date, NOW_MS)).toBe(expected)
  })

  it('a date is valid up to exactly 15 minutes before and after now', () => {
    expect([900_000, 900_001, -900_000, -900_001].map((off) => checkDate(DATE, NOW_MS + off))).toEqual([
      'ok',
      'expired',
      'ok',
      'expired',
    ])
  })
})

it('hashOf gives the SHA-256 in hexadecimal', () => {
  expect(hashOf(new Uint8Array())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})
