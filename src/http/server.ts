import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Family } from '../api/route.ts'
import { DomainError } from '../core/errors.ts'
import { consoleOf } from './console.ts'
import { createFramework, type FrameworkOptions, familyOf, renderFor } from './framework.ts'
import { type HealthOptions, registerHealth } from './health.ts'
import { hostFault } from './host-header.ts'
import { malformedRequestBody } from './malformed-request.ts'
import { notFoundAnswers, routeNotFound } from './not-found.ts'
import { type OpenapiDocument, openapiHead, withOptionalBodies, withSharedParts } from './openapi.ts'
import { replyHeaders } from './reply-headers.ts'
import { addRequestLog, type RequestLogMode } from './request-log.ts'
import { type RouteOptions, registerFamily } from './route-handler.ts'
import type { SendContext } from './send.ts'

export type ServerOptions = RouteOptions &
  FrameworkOptions &
  HealthOptions &
  Pick<SendContext, 'onStoreFailure'> & {
    /** Which requests are logged. */
    readonly requestLog: RequestLogMode
    /** Folder of the built console; undefined to serve none. */
    readonly consoleFolder: string | undefined
  }

/** The server, and the switch that makes it answer new requests with 503. */
export type Server = { readonly app: FastifyInstance; readonly refuseNewRequests: () => void }

/** Builds the HTTP server with the routes of every family; it does not listen yet. */
export async function buildServer(options: ServerOptions): Promise<Server> {
  const { families, log, consoleFolder } = options
  const console = consoleFolder === undefined ? undefined : consoleOf(consoleFolder, options.metrics)
  let isStopping = false
  const app = createFramework(options)
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(replyHeaders(request.id))
    const fault = hostFault(request.raw, request.host)
    if (fault !== undefined) {
      options.metrics.unrouted(400)
      return void refuseHost(fault, request, reply)
    }
    if (isStopping) {
      // An idle keep-alive connection would delay shutdown.
      reply.header('connection', 'close')
      const family = familyOf(families, request.url)
      if (family !== undefined) {
        options.metrics.unrouted(503)
        return void refuseWhileStopping(family, request, reply)
      }
    }
    if (console?.leadBrowser(request, reply)) return
    done()
  })
  const onCaller = addRequestLog(app, log, options.requestLog)
  handleUnrouted(app, families, options)
  for (const family of families) {
    await app.register(async (scope) => {
      await scope.register(swagger, {
        openapi: openapiHead(family, options.version),
        decorator: 'familyOpenapi' as never,
        exposeHeadRoutes: true,
      })
      registerFamily(scope, family, { ...options, onCaller, isStopping: () => isStopping })
      const document = () => {
        const whole = withOptionalBodies(family, (scope as unknown as Documented).familyOpenapi())
        return family.sharesParts ? withSharedParts(whole) : whole
      }
      scope.get(`/openapi/${family.name}.json`, { schema: { hide: true } }, async () => document())
    })
  }
  registerHealth(app, options, () => isStopping)
  console?.register(app)
  // Declared without a body, so that Fastify does not check its type and size before the route's own checks. Routes read
  // their bodies themselves.
  for (const method of app.supportedMethods) app.addHttpMethod(method, { hasBody: false, overrideExisting: true })
  return { app, refuseNewRequests: () => (isStopping = true) }
}

type Documented = { familyOpenapi(): OpenapiDocument }

/** Answers requests without a route, and errors that Fastify throws outside the families' routes. */
function handleUnrouted(
  app: FastifyInstance,
  families: readonly Family[],
  { log, metrics }: Pick<ServerOptions, 'log' | 'metrics'>,
): void {
  app.setErrorHandler((error, request, reply) => {
    const { status, body } = request.is404 ? routeNotFound(request) : internalError(request.id)
    if (!request.is404) log.error({ err: error }, 'unhandled error outside a route')
    metrics.unrouted(status)
    return reply.code(status).type('application/json').send(body)
  })
  const notFound = notFoundAnswers(families)
  app.setNotFoundHandler((request, reply) => {
    const answer = notFound(request.method, request.url.replace(/\?.*$/s, ''), request)
    const { status, body, headers } =
      answer.family === undefined ? { ...answer, headers: {} } : renderFor(answer.family, answer.error, request)
    metrics.unrouted(status)
    return reply.code(status).headers(headers).type('application/json').send(body)
  })
}

function refuseHost(fault: string, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const body = malformedRequestBody(fault, request.id)
  return reply.code(400).header('connection', 'close').type('application/json').send(body)
}

function refuseWhileStopping(family: Family, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = new DomainError('unavailable', { retryAfterSeconds: 1 })
  const { status, body, headers } = renderFor(family, error, request)
  return reply.code(status).headers(headers).type('application/json').send(body)
}

function internalError(requestId: string): { readonly status: number; readonly body: string } {
  const body = { error_msg: 'Internal server error.', error_code: 'APIGW.0601', request_id: requestId }
  return { status: 500, body: JSON.stringify(body) }
}
