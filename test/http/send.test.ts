import { pino } from 'pino'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FaultInjector } from '../../src/api/fault-injector.ts'
import { IMS_ERRORS, imsErrorSchema, renderImsError } from '../../src/api/ims-v2/errors.ts'
import { defineRoute, type Reply } from '../../src/api/route.ts'
import { buildServer, type Server } from '../../src/http/server.ts'
import type { Accounts } from '../../src/iam/accounts.ts'
import { SignatureGate } from '../../src/iam/signature-gate.ts'
import { RequestMetrics } from '../../src/telemetry/requests.ts'

// How replies of handlers are sent, in a family that exists only here.

const VALUE = { text: 'Bäume 樹 𝔘 "\\', number: 7, list: ['a', ''] }
const schema = Type.Object({ text: Type.String(), number: Type.Integer(), list: Type.Array(Type.String()) })
const { promise: late, resolve: resolveLate } = Promise.withResolvers<Reply>()

const HANDLERS: Record<string, () => Reply | Promise<Reply>> = {
  value: () => ({ status: 200, body: VALUE, revision: 3, headers: { 'x-more': 'm' } }),
  text: () => ({ status: 200, encoded: JSON.stringify(VALUE), revision: 3, headers: { 'x-more': 'm' } }),
  bytes: () => ({
    status: 200,
    encoded: new TextEncoder().encode(JSON.stringify(VALUE)),
    revision: 3,
    headers: { 'x-more': 'm' },
  }),
  nothing: () => ({ status: 204 }),
  empty: () => ({ status: 201 }),
  late: () => late,
  stop: () => {
    server.refuseNewRequests()
    return { status: 200, body: VALUE }
  },
  'bad-header': () => ({ status: 200, body: VALUE, headers: { 'x-more': 'a\nb' } }),
  defect: () => {
    throw new TypeError('oops')
  },
}

const route = (method: 'GET' | 'HEAD') => (name: string) =>
  defineRoute({
    id: `${method}-${name}`,
    method,
    path: `/v2/${name}`,
    summary: name,
    access: 'none',
    action: 'none',
    responses: { 200: schema, 201: null, 204: null },
    handle: async () => (HANDLERS[name] as () => Reply | Promise<Reply>)(),
  })

const logged: string[] = []
let server: Server
let url: string

beforeAll(async () => {
  const write = (line: string) => void logged.push(line)
  server = await buildServer({
    families: [
      {
        name: 'ims-v2',
        title: 'Test',
        version: 'v2',
        paths: /^\/v2\//,
        errors: IMS_ERRORS,
        renderError: renderImsError,
        errorSchema: imsErrorSchema,
        languages: [],
        hasRevisions: true,
        routes: [...Object.keys(HANDLERS).map(route('GET')), route('HEAD')('empty')],
      },
    ],
    log: pino({ level: 'debug' }, { write }),
    version: '0',
    region: 'default',
    trustedProxies: [],
    tls: undefined,
    accounts: {} as Accounts,
    signatures: new SignatureGate(Date.now, Date.now, false),
    publicUrl: undefined,
    faults: new FaultInjector(false, Math.random),
    metrics: new RequestMetrics(() => 0, undefined),
    revisionOf: async () => 0,
    readAsOf: (_asked, work) => work(),
    whyNotReady: async () => undefined,
    whyWritesFail: async () => undefined,
    readyWhen: 'reads',
    onStoreFailure: () => undefined,
    report: () => undefined,
    requestLog: 'off',
    consoleFolder: undefined,
    bodyBytesMax: 1000,
    urlBytesMax: 1000,
    headerBytesMax: 8000,
    connectionsMax: 100,
    requestTimeoutMs: 5000,
    handlerTimeoutMs: 200,
    streamTimeoutMs: 5000,
  })
  url = await server.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => server.app.close())

async function ask(name: string, method = 'GET') {
  const response = await fetch(`${url}/v2/${name}`, { method })
  const {
    date: _date,
    'x-request-id': id,
    'x-openstack-request-id': _sameId,
    ...headers
  } = Object.fromEntries(response.headers)
  return { status: response.status, id, headers, text: await response.text() }
}

describe('a response', () => {
  it('is JSON with content length, revision and headers', async () => {
    const { status, id, headers, text } = await ask('value')
    expect([status, text]).toEqual([200, JSON.stringify(VALUE)])
    expect(id).toMatch(/^[0-9a-f]{32}$/)
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(text)),
      'x-tagwerk-revision': '3',
      'x-more': 'm',
    })
  })

  it.each(['text', 'bytes'])('that is encoded as %s equals a serialized one', async (name) => {
    const [plain, encoded] = [await ask('value'), await ask(name)]
    expect({ ...encoded, id: '' }).toEqual({ ...plain, id: '' })
  })

  it('without a body has no content type, and a content length only where a body is possible', async () => {
    const [nothing, empty, head] = [await ask('nothing'), await ask('empty'), await ask('empty', 'HEAD')]
    expect([nothing.status, nothing.text, nothing.headers['content-length']]).toEqual([204, '', undefined])
    expect([empty.status, empty.text, empty.headers['content-length']]).toEqual([201, '', '0'])
    expect([head.status, head.headers['content-length']]).toEqual([201, undefined])
    for (const { headers } of [nothing, empty, head]) expect(headers['content-type']).toBeUndefined()
  })

  it('of a handler that exceeds the timeout is 503 in the format of the family, and the late reply is discarded', async () => {
    const answer = await ask('late')
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1'])
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'IMG.0061' } })
    resolveLate({ status: 200, body: VALUE })
    expect((await ask('value')).status).toBe(200)
  })

  it.each(['bad-header', 'defect'])('of a failed handler is 500 and logged with its request id (%s)', async (name) => {
    logged.length = 0
    const { status, id, headers, text } = await ask(name)
    expect([status, headers['content-type']]).toEqual([500, 'application/json'])
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'IMG.0061' } })
    const lines = logged.map((line) => JSON.parse(line)).filter(({ level }) => level === 50)
    expect(lines).toMatchObject([{ reqId: id, err: { type: 'TypeError' } }])
  })

  it('is logged at level debug', async () => {
    logged.length = 0
    const { id } = await ask('value')
    await expect
      .poll(() => logged.map((line) => JSON.parse(line)))
      .toMatchObject([{ level: 20, reqId: id, method: 'GET', url: '/v2/value', status: 200, msg: 'answered' }])
  })

  it('closes its connection when shutdown began before it was sent', async () => {
    expect((await ask('stop')).headers.connection).toBe('close')
    expect((await ask('value')).status).toBe(503)
  })
})
