import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import swagger from '@fastify/swagger'
import Fastify, { type FastifyInstance, type FastifyReply, LogController } from 'fastify'
import type { Logger } from 'pino'
import { GATEWAY_ERRORS, renderGatewayError } from '../api/gateway-errors.ts'
import type { Family } from '../api/route.ts'
import { DomainError, type ErrorCode, invalid } from '../core/errors.ts'
import { type MountOptions, mountFamily } from './mount.ts'
import { languageOf, renderError } from './render-error.ts'

export type ServerOptions = MountOptions & {
  readonly families: readonly Family[]
  readonly log: Logger
  readonly version: string
  readonly headerBytesMax: number
  /** Time in which a request has to arrive whole. */
  readonly requestTimeoutMs: number
  /** Says why the service cannot do its work now; undefined when it can. */
  readonly whyNotReady: () => Promise<string | undefined>
}

/** The most time for the headers of a request, as Node has it. */
const HEADERS_TIMEOUT_MS = 60_000

/** The server, and the switch that makes it turn new requests away. */
export type Server = { readonly app: FastifyInstance; readonly refuseNewRequests: () => void }

/** Builds the HTTP server with every family mounted; it does not listen yet. */
export async function buildServer(options: ServerOptions): Promise<Server> {
  const { families, log } = options
  let refusing = false
  const app: FastifyInstance = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newRequestId,
    exposeHeadRoutes: false,
    // Turning requests away is the work of our own hook, in the words of each family.
    return503OnClosing: false,
    requestTimeout: options.requestTimeoutMs,
    // A key in a path may be as long as the URL lets it be; what is longer gets as far as the check of the URL.
    routerOptions: { maxParamLength: options.headerBytesMax },
    http: {
      maxHeaderSize: options.headerBytesMax,
      // Node takes the shorter of the two times for the headers and the longer for the whole request.
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, options.requestTimeoutMs),
      connectionsCheckingInterval: Math.min(30_000, Math.ceil(options.requestTimeoutMs / 4)),
      // Refused by our own hook, as JSON.
      requireHostHeader: false,
    },
    frameworkErrors: (_error, request, reply) => {
      const family = families.find(({ paths }) => paths.test(request.url))
      const error = invalid('URL', { name: 'well-formed', what: 'percent-encoded UTF-8' }, request.url, 'url-invalid')
      const { status, body } =
        family === undefined
          ? gatewayError('route-not-found', request.id)
          : renderError(family, error, request.id, languageOf(family, request.headers['x-language']))
      const typed = reply as unknown as FastifyReply
      typed.header('x-request-id', request.id).code(status).type('application/json').send(body)
    },
    clientErrorHandler: (error, socket) => answerUnreadable(error as NodeJS.ErrnoException, socket as Socket),
  }) as unknown as FastifyInstance
  // Routes check what comes in themselves, in the order and the words of their family.
  app.setValidatorCompiler(() => () => true)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    // The framework would judge the content type before route, size and credentials. Who reads a body looks at it, in
    // `headersDistinct`.
    delete request.raw.headers['content-type']
    if (request.raw.httpVersion === '1.1' && request.raw.headers.host === undefined) {
      const body = notHttp('The request names no host.', request.id)
      return reply.code(400).header('connection', 'close').type('application/json').send(body)
    }
    if (!refusing) return
    const family = families.find(({ paths }) => paths.test(request.url))
    if (family === undefined) return
    const error = new DomainError('unavailable', { retryAfterSeconds: 1 })
    const { status, body, headers } = renderError(
      family,
      error,
      request.id,
      languageOf(family, request.headers['x-language']),
    )
    return reply
      .code(status)
      .headers({ ...headers, connection: 'close' })
      .type('application/json')
      .send(body)
  })
  app.addHook('onSend', async (_request, reply) => {
    // A connection that is kept alive would keep the service from stopping.
    if (refusing) reply.header('connection', 'close')
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method, url, id } = request
    log.debug({ id, method, url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered')
  })
  // Whatever is sent to a path that is none, the answer is that it is none.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  app.server.on('checkExpectation', (_request, response) => {
    const requestId = newRequestId()
    const body = notHttp('The expectation cannot be met.', requestId)
    response.writeHead(417, { 'content-type': 'application/json', 'x-request-id': requestId, connection: 'close' })
    response.end(body)
  })
  app.setNotFoundHandler((request, reply) => {
    const { status, body } = gatewayError('route-not-found', request.id)
    return reply.code(status).type('application/json').send(body)
  })
  for (const family of families) {
    await app.register(async (scope) => {
      await scope.register(swagger, {
        openapi: openapiHead(family, options.version),
        decorator: 'familyOpenapi' as never,
        exposeHeadRoutes: true,
      })
      mountFamily(scope, family, options)
      const document = () => (scope as unknown as { familyOpenapi: () => unknown }).familyOpenapi()
      scope.get(`/openapi/${family.name}.json`, { schema: { hide: true } }, async () => document())
    })
  }
  mountHealth(app, options, () => refusing)
  return { app, refuseNewRequests: () => (refusing = true) }
}

/** What operators and their load balancers ask: alive, ready, which version. */
function mountHealth(app: FastifyInstance, options: ServerOptions, isRefusing: () => boolean): void {
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const reason = isRefusing() ? 'the service is stopping' : await options.whyNotReady()
    return reason === undefined ? { status: 'ok' } : reply.code(503).send({ status: 'unavailable', reason })
  })
  app.get('/version', async () => ({ name: 'tagwerk', version: options.version }))
}

function openapiHead(family: Family, version: string): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: {
      ...{ title: family.title, version: `${family.version} (Tagwerk ${version})` },
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    components: { securitySchemes: { token: { type: 'apiKey', name: 'X-Auth-Token', in: 'header' } } },
    security: [{ token: [] }],
  }
}

function gatewayError(code: ErrorCode & keyof typeof GATEWAY_ERRORS, requestId: string) {
  const entry = GATEWAY_ERRORS[code]
  return { status: entry.status, body: JSON.stringify(renderGatewayError(entry, entry.message, requestId)) }
}

/** Answers what is not HTTP, or too large to be read as HTTP; there is no request to hang an answer on. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const requestId = newRequestId()
  const [status, body] = unreadableAnswer(error.code, requestId)
  socket.end(
    [
      `HTTP/1.1 ${status}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${requestId}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}

function unreadableAnswer(code: string | undefined, requestId: string): [status: string, body: string] {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return ['431 Request Header Fields Too Large', gatewayError('headers-too-large', requestId).body]
  }
  const message =
    code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'The request did not arrive in time.' : 'The request is not valid HTTP.'
  const status = code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request'
  return [status, notHttp(message, requestId)]
}

function notHttp(message: string, requestId: string): string {
  return JSON.stringify({ error_msg: message, error_code: 'APIGW.0106', request_id: requestId })
}

function newRequestId(): string {
  return randomUUID().replaceAll('-', '')
}
