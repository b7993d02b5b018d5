import type { Socket } from 'node:net'
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { Family } from '../api/route.ts'
import { invalid } from '../core/errors.ts'
import { withoutAlias } from './alias-paths.ts'
import { rejectExpectation, rejectUnparsed } from './malformed-request.ts'
import { routeNotFound } from './not-found.ts'
import { languageOf, type RenderedError, renderError } from './render-error.ts'
import { newRequestId, replyHeaders } from './reply-headers.ts'
import type { SendContext } from './send.ts'
import { serviceOfHost } from './service-host.ts'
import type { TlsContext } from './tls.ts'

export type FrameworkOptions = {
  readonly families: readonly Family[]
  readonly log: SendContext['log']
  /** Name of the region in the catalog. */
  readonly region: string
  /** Certificate and key; undefined for plain HTTP. */
  readonly tls: TlsContext | undefined
  /** Addresses and networks of proxies whose forwarding headers are trusted. */
  readonly trustedProxies: readonly string[]
  readonly headerBytesMax: number
  readonly connectionsMax: number
  /** Timeout for a request to arrive completely. */
  readonly requestTimeoutMs: number
}

/** Node's default timeout for the headers of a request. */
const HEADERS_TIMEOUT_MS = 60_000

/** Creates a Fastify instance with limits, timeouts, and answers to requests that never reach a route. */
export function createFramework({ families, log, ...options }: FrameworkOptions): FastifyInstance {
  const app = Fastify({
    // Given a logger, Fastify adds listeners to every response. Requests are logged by our own hook.
    logger: false,
    childLoggerFactory: () => log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newRequestId,
    exposeHeadRoutes: false,
    rewriteUrl: ({ url = '/' }) => withoutAlias(url, options.region, families),
    ...(options.trustedProxies.length > 0 && { trustProxy: [...options.trustedProxies] }),
    schemaController: { compilersFactory: { buildSerializer: compileOnFirstUse } },
    // During shutdown our own hook answers 503, in the format of each family.
    return503OnClosing: false,
    requestTimeout: options.requestTimeoutMs,
    // A tag key in a path may be as long as the URL limit allows; our own check of the URL refuses longer ones.
    routerOptions: {
      maxParamLength: options.headerBytesMax,
      constraints: { service: serviceOfHost(families) as never },
    },
    [options.tls === undefined ? 'http' : 'https']: {
      ...options.tls,
      maxHeaderSize: options.headerBytesMax,
      // Node uses the shorter of the two timeouts for the headers and the longer for the whole request.
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, options.requestTimeoutMs),
      connectionsCheckingInterval: Math.min(30_000, Math.ceil(options.requestTimeoutMs / 4)),
      // Our own hook checks the Host header and answers in JSON.
      requireHostHeader: false,
    },
    frameworkErrors: (_error, request, reply) => {
      const { status, body } = undecodableUrl(families, request)
      const typed = reply as unknown as FastifyReply
      typed.headers(replyHeaders(request.id)).code(status).type('application/json').send(body)
    },
    clientErrorHandler: (error, socket) => rejectUnparsed(error as NodeJS.ErrnoException, socket as Socket),
  }) as unknown as FastifyInstance
  // Routes validate requests themselves, in the order and format of their family.
  app.setValidatorCompiler(() => () => true)
  app.server.maxConnections = options.connectionsMax
  app.server.on('checkExpectation', (_request, response) => rejectExpectation(response))
  return app
}

/** Gives the family whose path a URL has; undefined when it is no family's. */
export function familyOf(families: readonly Family[], url: string): Family | undefined {
  return families.find(({ paths }) => paths.test(url))
}

/** Renders an error in the language that a request asks for. */
export function renderFor(
  family: Family,
  error: Parameters<typeof renderError>[1],
  request: Pick<FastifyRequest, 'id' | 'url' | 'headers'>,
): RenderedError {
  return renderError(family, error, request, languageOf(family, request.headers['x-language']))
}

/** Answers a URL whose percent-encoding cannot be decoded. */
function undecodableUrl(families: readonly Family[], request: Pick<FastifyRequest, 'id' | 'url' | 'headers'>) {
  const family = familyOf(families, request.url)
  if (family === undefined) return routeNotFound(request)
  const error = invalid('URL', { name: 'well-formed', what: 'percent-encoded UTF-8' }, request.url, 'url-invalid')
  return renderFor(family, error, request)
}

type BuildSerializer = ReturnType<typeof SerializerSelector>

/** Compiles each serializer on first use: compiling all of them would double the time to start. */
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
