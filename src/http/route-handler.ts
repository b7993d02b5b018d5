import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Fault, FaultInjector } from '../api/fault-injector.ts'
import type { Call, Caller, Family, Route } from '../api/route.ts'
import { DomainError, invalid } from '../core/errors.ts'
import { authorize } from '../iam/authorize.ts'
import { type Origin, withOrigin } from '../iam/origin.ts'
import type { RequestRate } from '../iam/request-rate.ts'
import type { ReportEvent } from '../iam/security-event.ts'
import type { RequestMetrics } from '../telemetry/requests.ts'
import type { Admission } from './admission.ts'
import { type AuthenticationContext, authenticate } from './authenticate.ts'
import { HttpCall, type PathParams, targetOf } from './call.ts'
import { contentEncodingOf, gunzipped } from './content-encoding.ts'
import { type Deadline, Deadlines } from './deadlines.ts'
import { routeSchema } from './openapi.ts'
import { askedMoment, handleAsOf, type ReadAsOf } from './past-call.ts'
import { checkAnnouncedLength, contentTypeOf, readJson, streamOf } from './read-body.ts'
import { queryReader } from './read-query.ts'
import { toDomainError, withoutValue } from './render-error.ts'
import { reportRefusal } from './report-refusal.ts'
import { type SendContext, sendError, sendReply } from './send.ts'
import { validatorFor } from './validate.ts'

export type RouteOptions = AuthenticationContext & {
  readonly faults: FaultInjector
  readonly metrics: RequestMetrics
  /** Gives a project's current revision. */
  readonly revisionOf: (project: string) => Promise<number>
  /** Executes a call as of an earlier moment. */
  readonly readAsOf: ReadAsOf
  /** Limits the requests of a project. Default: no limit. */
  readonly requestRate?: Pick<RequestRate, 'count'>
  /** Gives the requests of a project their turns, and limits those in flight. Default: all begin at once. */
  readonly admission?: Pick<Admission, 'arrived' | 'enter'>
  readonly bodyBytesMax: number
  readonly urlBytesMax: number
  /** Timeout of a long call, such as one with a streamed body, from the moment its handler starts. */
  readonly streamTimeoutMs: number
  /** Timeout of any other call, from the moment its handler starts. */
  readonly handlerTimeoutMs: number
  /** Base URL of the service as clients see it; if undefined, derived from each request. */
  readonly publicUrl: string | undefined
  /** Receives refusals of callers for the security log. */
  readonly report: ReportEvent
}

type HandlerContext = RouteOptions &
  SendContext & { readonly handlerDeadlines: Deadlines; readonly streamDeadlines: Deadlines }

/** The largest body of a call without authentication. */
const UNAUTHENTICATED_BODY_BYTES_MAX = 16_384

/** Registers a family's routes. */
export function registerFamily(app: FastifyInstance, family: Family, options: RouteOptions & SendContext): void {
  const context = {
    ...options,
    handlerDeadlines: new Deadlines(options.handlerTimeoutMs),
    streamDeadlines: new Deadlines(options.streamTimeoutMs),
  }
  app.setErrorHandler((error, request, reply) => sendError(options, family, error, request, reply, undefined))
  for (const route of family.routes) {
    const own = { ...family, ...route.service }
    app.route({
      method: route.method,
      url: route.path.replace(/\{(\w+)\}/g, ':$1'),
      ...(route.hosts !== undefined && { constraints: { service: route.hosts[0] as string } }),
      schema: { ...routeSchema(own, route), hide: route.isUndocumented === true },
      handler: handlerOf(own, route, context),
    })
  }
}

/** Builds the request handler of a route: authenticate, authorize, read, validate, handle, send. */
function handlerOf(family: Family, route: Route, context: HandlerContext) {
  const validateParams = validatorFor(route.params, 'path', true)
  const readQuery = queryReader(route.query)
  const validateQuery = validatorFor(route.query, 'query', true)
  const validateBody = route.body === undefined ? undefined : validatorFor(route.body, 'body')
  const bodyBytesMax =
    route.access === 'none' ? Math.min(context.bodyBytesMax, UNAUTHENTICATED_BODY_BYTES_MAX) : context.bodyBytesMax
  const isLong = route.isLong || route.bodyKind === 'stream' || route.streamedTypes.length > 0
  const deadlines = isLong ? context.streamDeadlines : context.handlerDeadlines
  const { method, path, id: operation } = route
  const observe = context.metrics.observer({ family: family.name, operation, method, path })
  const handle = handleWithOrigin(route)
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const params = request.params as PathParams
    // Fastify's router accepts an empty path segment as the value of a name; such a path does not exist.
    if (hasEmptyValue(params)) return reply.callNotFound()
    const observed = observe(request.headers)
    context.admission?.arrived()
    let projectId: string | undefined
    let deadline: Deadline | undefined
    let caller: Caller | undefined
    let leave: (() => void) | undefined
    const fail = async (error: unknown) => {
      const revision =
        projectId && family.hasRevisions ? await errorRevision(context, family, projectId, error) : undefined
      reportRefusal(context.report, family, route, error, request, caller)
      sendError(context, family, route.hidesValues ? withoutValue(error) : error, request, reply, revision)
      observed.end(statusOf(reply), projectId, toDomainError(error).code)
    }
    try {
      checkUrlLength(request, context.urlBytesMax)
      const isStream = streamsBody(route, request)
      if (route.bodyKind === 'json' && !isStream) checkAnnouncedLength(request.raw, bodyBytesMax)
      const fault = context.faults.draw(family.name)
      if (fault !== undefined) await injectFault(fault)
      const authentication =
        route.access === 'none' ? undefined : await authenticate(context, route, request, bodyBytesMax)
      if (authentication !== undefined) {
        caller = authentication.caller
        const { principal } = authentication.caller
        await context.requestRate?.count(principal.scope)
        leave = await context.admission?.enter(principal)
        authorize(principal, route.action, targetOf(route, params))
        projectId = projectOf(route, authentication.caller)
        context.onCaller?.(request, authentication.caller, projectId)
      }
      const body =
        route.bodyKind === 'none' ? undefined : await readBody(route, request, bodyBytesMax, authentication?.bodyBytes)
      const query = readQuery(request.query as Record<string, unknown>)
      validateParams(params)
      validateQuery(query)
      if (body !== undefined && !isStream) validateBody?.(body)
      const asked = askedMoment(route, request.headers, query, body)
      const validated = { params, query, body, projectId, authentication }
      const call = new HttpCall(route, context.publicUrl, request, reply, validated)
      // The handler cannot be cancelled: it runs to its end, and its late reply is discarded.
      deadline = deadlines.watch(() => void fail(new DomainError('timed-out', { retryAfterSeconds: 1 })))
      const typedCall = call as unknown as Call<'any', never, never, never>
      const result = await observed.run(() =>
        asked === undefined
          ? handle(typedCall, request, caller)
          : handleAsOf(context.readAsOf, asked, () => handle(typedCall, request, caller)),
      )
      const sent = sendReply(context, route, result, reply, context.handlerTimeoutMs)
      observed.end(reply.raw.statusCode, projectId)
      return sent
    } catch (error) {
      return fail(error)
    } finally {
      leave?.()
      if (deadline !== undefined) deadlines.clear(deadline)
    }
  }
}

type Handle = (
  call: Parameters<Route['handle']>[0],
  request: FastifyRequest,
  caller: Caller | undefined,
) => ReturnType<Route['handle']>

/** Gives the handler of a route such that the changes it makes are known to be those of the caller. */
function handleWithOrigin({ method, handle }: Route): Handle {
  if (method === 'GET' || method === 'HEAD') return handle
  return (call, request, caller) => withOrigin(originOf(request, caller), () => handle(call))
}

/** Who sent a request, for the logs of changes. */
function originOf({ id, ip }: FastifyRequest, caller: Caller | undefined): Partial<Origin> {
  const user = caller?.principal.user
  const who = user !== undefined && { userId: user.id, userName: user.name, domainId: user.domain.id }
  return { ...who, address: ip, requestId: id }
}

/** The status of an error that was answered; 0 when the client has gone and there was no answer. */
function statusOf({ raw }: FastifyReply): number {
  return raw.headersSent ? raw.statusCode : 0
}

function hasEmptyValue(params: PathParams): boolean {
  for (const name in params) if (params[name] === '') return true
  return false
}

/** Delays or fails a call as fault injection demands. The call has had no effect yet. */
async function injectFault(fault: Fault): Promise<void> {
  if (fault.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, fault.delayMs))
  if (fault.error !== undefined) throw fault.error
}

function checkUrlLength(request: FastifyRequest, bytesMax: number): void {
  if (request.url.length > bytesMax)
    throw invalid('URL', { name: 'bytes-max', limit: bytesMax }, undefined, 'url-too-long')
}

/** Gives the id of the project that a call works in; undefined for routes above projects. */
function projectOf({ access }: Route, { principal: { scope } }: Caller): string | undefined {
  const isInProject = access === 'project' || access === 'scoped'
  return isInProject && scope.kind === 'project' ? scope.project.id : undefined
}

/** Says whether the handler gets the body as a stream. */
function streamsBody({ bodyKind, streamedTypes }: Route, request: FastifyRequest): boolean {
  if (bodyKind === 'stream') return true
  const [type = ''] = contentTypeOf(request.raw)?.toLowerCase().split(';') ?? []
  return streamedTypes.includes(type.trim())
}

async function readBody(
  route: Route,
  request: FastifyRequest,
  bytesMax: number,
  bytesRead: Uint8Array | undefined,
): Promise<unknown> {
  const encoding = contentEncodingOf(request.raw, route.unpacksBody ? ['identity', 'gzip'] : ['identity'])
  if (streamsBody(route, request)) {
    const stream = bytesRead === undefined ? streamOf(request.raw) : streamOfBytes(bytesRead)
    return encoding === 'gzip' ? gunzipped(stream) : stream
  }
  const body = await readJson(request.raw, bytesMax, bytesRead, route.bodyIsOptional)
  return route.prepareBody === undefined ? body : route.prepareBody(body)
}

async function* streamOfBytes(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Gives the revision to send with an error; undefined when it must not be shown or the store cannot be read. */
async function errorRevision(
  options: RouteOptions,
  family: Family,
  projectId: string,
  error: unknown,
): Promise<number | undefined> {
  const { code, facts } = toDomainError(error)
  // An unauthorized caller learns no revision; its presence would also distinguish the reasons for a 403.
  if (family.errors[code]?.status === 403) return undefined
  return facts.revision ?? options.revisionOf(projectId).catch(() => undefined)
}
