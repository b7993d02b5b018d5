import type { Socket } from 'node:net'
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import swagger from '@fastify/swagger'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { Family } from '../api/route.ts'
import { DomainError, invalid } from '../core/errors.ts'
import { answerExpectation, answerUnreadable, newRequestId, notHttp } from './malformed-request.ts'
import { notFoundAnswers, routeNotFound } from './not-found.ts'
import { languageOf, renderError } from './render-error.ts'
import { type MountOptions, mountFamily } from './route-handler.ts'
import type { Sending } from './send.ts'

export type ServerOptions = MountOptions & {
  readonly families: readonly Family[]
  readonly log: Sending['log']
  readonly version: string
  /** Name of the region in the catalogue. */
  readonly region: string
  /** Addresses and networks of proxies whose word about the caller counts. */
  readonly trustedProxies: readonly string[]
  readonly headerBytesMax: number
  readonly connectionsMax: number
  /** Time in which a request has to arrive whole. */
  readonly requestTimeoutMs: number
  /** Says why the service cannot do its work now; undefined when it can. */
  readonly whyNotReady: () => Promise<string | undefined>
}

/** The most time for the headers of a request, as Node has it. */
const HEADERS_TIMEOUT_MS = 60_000

/**
 * COMPAT: a client of the tag service picks the endpoint whose URL holds both `tms` and the name of the region (contract
 * section 7, python-otcextensions), so the catalogue shows one, and what is asked there is asked without it.
 */
const REGIONAL_PREFIX = /^\/tms\/([^/?]+)(?=[/?]|$)/

/** Gives a URL without the prefix, where it stands before a path of the tag service. */
function withoutPrefix(url: string, region: string, families: readonly Family[]): string {
  const [prefix, named] = REGIONAL_PREFIX.exec(url) ?? []
  if (prefix === undefined || named !== encodeURIComponent(region)) return url
  const rest = url.slice(prefix.length).replace(/^(?!\/)/, '/')
  return families.some(({ name, paths }) => name === 'tms-v1' && paths.test(rest)) ? rest : url
}

type BuildSerializer = ReturnType<typeof SerializerSelector>

/** The server, and the switch that makes it turn new requests away. */
export type Server = { readonly app: FastifyInstance; readonly refuseNewRequests: () => void }

/** Builds the HTTP server with every family mounted; it does not listen yet. */
export async function buildServer(options: ServerOptions): Promise<Server> {
  const { families, log } = options
  let refusing = false
  const app = createFramework(options)
  // Routes check what comes in themselves, in the order and the words of their family.
  app.setValidatorCompiler(() => () => true)
  app.server.maxConnections = options.connectionsMax
  app.server.on('checkExpectation', (_request, response) => answerExpectation(response))
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    const { headers, httpVersion } = request.raw
    if (headers.host === undefined && httpVersion === '1.1') {
      const body = notHttp('The request names no host.', request.id)
      return void reply.code(400).header('connection', 'close').type('application/json').send(body)
    }
    if (refusing) {
      // A connection that is kept alive would keep the service from stopping.
      reply.header('connection', 'close')
      const family = familyOf(families, request.url)
      if (family !== undefined) return void refuse(family, request, reply)
    }
    done()
  })
  // What is done for each answer costs each answer, so it is only done for a log that shows it.
  if (log.isLevelEnabled('debug')) app.addHook('onResponse', async (request, reply) => logAnswer(log, request, reply))
  app.setErrorHandler((error, request, reply) => {
    // What the framework itself refuses outside the families' routes has no route to be refused by.
    const { status, body } = request.is404 ? routeNotFound(request.id) : internal(request.id)
    if (!request.is404) log.error({ err: error }, 'a request failed for a reason that is no fault of the caller')
    return reply.code(status).type('application/json').send(body)
  })
  const notFound = notFoundAnswers(families)
  app.setNotFoundHandler((request, reply) => {
    const answer = notFound(request.method, request.url.replace(/\?.*$/s, ''), request.id)
    const { status, body, headers } =
      answer.kind === 'no-path' ? { ...answer, headers: {} } : renderFor(answer.family, answer.error, request)
    return reply.code(status).headers(headers).type('application/json').send(body)
  })
  for (const family of families) {
    await app.register(async (scope) => {
      await scope.register(swagger, {
        openapi: openapiHead(family, options.version),
        decorator: 'familyOpenapi' as never,
        exposeHeadRoutes: true,
      })
      mountFamily(scope, family, { ...options, isStopping: () => refusing })
      const document = () => withOptionalBodies(family, (scope as unknown as Documented).familyOpenapi())
      scope.get(`/openapi/${family.name}.json`, { schema: { hide: true } }, async () => document())
    })
  }
  mountHealth(app, options, () => refusing)
  // The framework would judge type and size of a body before route and credentials are looked at: to its knowledge no
  // method has one. Routes read theirs themselves.
  for (const method of app.supportedMethods) app.addHttpMethod(method, { hasBody: false, overrideExisting: true })
  return { app, refuseNewRequests: () => (refusing = true) }
}

/** Sets up the framework: its limits and time-outs, and answers to what never becomes a request of a route. */
function createFramework({ families, log, ...options }: ServerOptions): FastifyInstance {
  const app = Fastify({
    // A logger that the framework knows of makes it watch each answer; what it has to say about a request it says here.
    logger: false,
    childLoggerFactory: () => log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newRequestId,
    exposeHeadRoutes: false,
    rewriteUrl: ({ url = '/' }) => withoutPrefix(url, options.region, families),
    ...(options.trustedProxies.length > 0 && { trustProxy: [...options.trustedProxies] }),
    schemaController: { compilersFactory: { buildSerializer: compileOnFirstUse } },
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
      const { status, body } = badUrl(families, request)
      const typed = reply as unknown as FastifyReply
      typed.header('x-request-id', request.id).code(status).type('application/json').send(body)
    },
    clientErrorHandler: (error, socket) => answerUnreadable(error as NodeJS.ErrnoException, socket as Socket),
  })
  return app as unknown as FastifyInstance
}

/** Compiles what writes an answer when it is first needed: to compile all of them takes as long as the rest of a start. */
const compileOnFirstUse: BuildSerializer = (schemas, options) => {
  const compile = SerializerSelector()(schemas, options)
  return (route) => {
    let serialize: ((value: unknown) => string) | undefined
    return (value) => {
      serialize ??= compile(route)
      return serialize(value)
    }
  }
}

function familyOf(families: readonly Family[], url: string): Family | undefined {
  return families.find(({ paths }) => paths.test(url))
}

/** What a URL gets that cannot be decoded. */
function badUrl(families: readonly Family[], request: Pick<FastifyRequest, 'id' | 'url' | 'headers'>) {
  const family = familyOf(families, request.url)
  if (family === undefined) return routeNotFound(request.id)
  const error = invalid('URL', { name: 'well-formed', what: 'percent-encoded UTF-8' }, request.url, 'url-invalid')
  return renderFor(family, error, request)
}

function renderFor(family: Family, error: DomainError, request: Pick<FastifyRequest, 'id' | 'headers'>) {
  return renderError(family, error, request.id, languageOf(family, request.headers['x-language']))
}

/** What a request gets that comes while the service stops. */
function refuse(family: Family, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = new DomainError('unavailable', { retryAfterSeconds: 1 })
  const { status, body, headers } = renderFor(family, error, request)
  return reply.code(status).headers(headers).type('application/json').send(body)
}

function logAnswer(log: Sending['log'], request: FastifyRequest, reply: FastifyReply): void {
  const { method, url, id } = request
  log.debug({ id, method, url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered')
}

/** What operators and their load balancers ask: alive, ready, which version. */
function mountHealth(app: FastifyInstance, options: ServerOptions, isRefusing: () => boolean): void {
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const reason = isRefusing() ? 'the service is stopping' : await options.whyNotReady()
    if (isRefusing()) reply.header('connection', 'close')
    return reason === undefined ? { status: 'ok' } : reply.code(503).send({ status: 'unavailable', reason })
  })
  app.get('/version', async () => ({ name: 'tagwerk', version: options.version }))
}

type OpenapiDocument = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { requestBody?: { required?: boolean } }>>>>
}

type Documented = { familyOpenapi(): OpenapiDocument }

/** Says which bodies may be left out; the plugin takes every body for required. */
function withOptionalBodies(family: Family, document: OpenapiDocument): OpenapiDocument {
  for (const { path, method } of family.routes.filter(({ bodyIsOptional }) => bodyIsOptional)) {
    const body = document.paths[path]?.[method.toLowerCase()]?.requestBody
    if (body !== undefined) body.required = false
  }
  return document
}

function openapiHead(family: Family, version: string): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: {
      ...{ title: family.title, version: `${family.version} (Tagwerk ${version})` },
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    components: {
      securitySchemes: {
        token: { type: 'apiKey', name: 'X-Auth-Token', in: 'header' },
        signature: {
          ...{ type: 'apiKey', name: 'Authorization', in: 'header' },
          description: 'SDK-HMAC-SHA256 with a permanent access key; X-Sdk-Date beside it.',
        },
      },
    },
    security: [{ token: [] }, { signature: [] }],
  }
}

function internal(requestId: string): { readonly status: number; readonly body: string } {
  const body = { error_msg: 'Internal server error.', error_code: 'APIGW.0601', request_id: requestId }
  return { status: 500, body: JSON.stringify(body) }
}
