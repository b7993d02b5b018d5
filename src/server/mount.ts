import { Readable } from 'node:stream'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TObject } from 'typebox'
import type { Fault, Faults } from '../api/faults.ts'
import type { Call, Caller, Family, Reply, Route } from '../api/route.ts'
import { DomainError, invalid } from '../core/errors.ts'
import { authorize, type Target } from '../iam/authorize.ts'
import { authenticate, type Provers } from './authenticate.ts'
import { CallerGone, checkAnnouncedLength, contentTypeOf, readJson, streamOf } from './read-body.ts'
import { languageOf, renderError, toDomainError } from './render-error.ts'
import { readQuery, validatorFor } from './validate.ts'

export type MountOptions = Provers & {
  readonly faults: Faults
  /** Gives a project's last revision. */
  readonly revisionOf: (project: string) => Promise<number>
  readonly bodyBytesMax: number
  readonly urlBytesMax: number
  /** Time in which a call that streams its body in has to be answered, counted from its headers. */
  readonly streamTimeoutMs: number
  /** Time in which any other call has to be answered, once it has arrived whole. */
  readonly handlerTimeoutMs: number
  /** Base URL that callers know the service by; taken from each request if undefined. */
  readonly publicUrl: string | undefined
}

/** The most bytes of a body whose sender is not known yet. */
const OPEN_BODY_BYTES_MAX = 16_384

/** Makes a family's routes known to the server. */
export function mountFamily(app: FastifyInstance, family: Family, options: MountOptions): void {
  // The body is read by the route's own straight line, after the caller is known.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  app.setErrorHandler((error, request, reply) => sendError(family, error, request, reply, undefined))
  for (const route of family.routes) {
    const serve = serverOf(family, route, options)
    app.route({
      method: route.method,
      url: route.path.replace(/\{(\w+)\}/g, ':$1'),
      schema: documentation(family, route),
      handler: serve,
    })
  }
}

/** Builds one route's way from request to answer: authenticate, authorize, read, check, handle, send. */
function serverOf(family: Family, route: Route, options: MountOptions) {
  const checkParams = validatorFor(route.params, 'path', true)
  const checkQuery = validatorFor(route.query, 'query', true)
  const checkBody = route.body === undefined ? undefined : validatorFor(route.body, 'body')
  const bodyBytesMax =
    route.access === 'none' ? Math.min(options.bodyBytesMax, OPEN_BODY_BYTES_MAX) : options.bodyBytesMax
  const timeoutMs = route.bodyKind === 'stream' ? options.streamTimeoutMs : options.handlerTimeoutMs
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    // The router takes nothing for a name in the path; it is none.
    if (Object.values(request.params as Readonly<Record<string, string>>).includes('')) return reply.callNotFound()
    let project: string | undefined
    try {
      checkUrlLength(request, options.urlBytesMax)
      if (route.bodyKind === 'json') checkAnnouncedLength(request.raw, bodyBytesMax)
      await suffer(options.faults.draw(family.name))
      const proven = route.access === 'none' ? undefined : await authenticate(options, route, request, bodyBytesMax)
      const params = { ...(request.params as object) } as Record<string, string>
      if (proven !== undefined) {
        authorize(proven.caller.principal, route.action, targetOf(route, params))
        project = projectOf(route, proven.caller)
      }
      const body = await readBody(route, request, bodyBytesMax, proven?.bytes)
      const query = readQuery(request.query as Record<string, unknown>, route.query)
      checkParams(params)
      checkQuery(query)
      if (body !== undefined) checkBody?.(body)
      const call = {
        ...{ params, query, body, caller: proven?.caller, projectId: project, headers: request.headers },
        ...{ contentType: contentTypeOf(request.raw), requestId: request.id, address: request.ip },
        origin: options.publicUrl ?? `${request.protocol}://${request.host}`,
        stillMay: async () => {
          const caller = await proven?.again()
          if (caller !== undefined) authorize(caller.principal, route.action, targetOf(route, params))
        },
        callerIsGone: () => reply.sent || reply.raw.destroyed,
      } as Call<'any', never, never, never>
      return send(route, await inTime(route.handle(call), timeoutMs), reply, options.handlerTimeoutMs)
    } catch (error) {
      const revision = project && family.hasRevisions ? await revisionFor(options, family, project, error) : undefined
      return sendError(family, route.hidesValues ? withoutValue(error) : error, request, reply, revision)
    }
  }
}

/** Lets a call fail, or come late, where that was asked for. Nothing has been done for it then. */
async function suffer(fault: Fault | undefined): Promise<void> {
  if (fault === undefined) return
  if (fault.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, fault.delayMs))
  if (fault.error !== undefined) throw fault.error
}

function checkUrlLength(request: FastifyRequest, bytesMax: number): void {
  if (request.url.length > bytesMax)
    throw invalid('URL', { name: 'bytes-max', limit: bytesMax }, undefined, 'url-too-long')
}

function targetOf({ access }: Route, params: Readonly<Record<string, string>>): Target {
  switch (access) {
    case 'project':
      return { kind: 'project', projectId: params.project_id as string }
    case 'scoped':
      return { kind: 'any-project' }
    case 'domain':
      return { kind: 'domain' }
    default:
      return { kind: 'any' }
  }
}

/** The project that a call works in, if its kind of access names one. */
function projectOf({ access }: Route, { principal: { scope } }: Caller): string | undefined {
  const isInProject = access === 'project' || access === 'scoped'
  return isInProject && scope.kind === 'project' ? scope.project.id : undefined
}

async function readBody(
  route: Route,
  request: FastifyRequest,
  bytesMax: number,
  known: Uint8Array | undefined,
): Promise<unknown> {
  if (route.bodyKind === 'json') {
    const body = await readJson(request.raw, bytesMax, known, route.bodyIsOptional)
    return route.prepareBody === undefined ? body : route.prepareBody(body)
  }
  if (route.bodyKind === 'none') return undefined
  return known === undefined ? streamOf(request.raw) : streamOfBytes(known)
}

async function* streamOfBytes(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Gives up waiting when time is up; what was begun goes on by itself, and nobody hears of it. */
async function inTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DomainError('timed-out', { retryAfterSeconds: 1 })), timeoutMs)
  })
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}

function send(
  route: Route,
  { status, body, revision, headers }: Reply,
  reply: FastifyReply,
  stallTimeoutMs: number,
): unknown {
  if (reply.sent) return reply
  reply.code(status)
  if (revision !== undefined) reply.header('x-tagwerk-revision', String(revision))
  for (const [name, value] of Object.entries(headers ?? {})) reply.header(name, value)
  if (route.produces === 'application/json') return reply.send(body)
  // A caller that stops reading would keep a snapshot of the store open for as long as it likes.
  reply.raw.setTimeout(stallTimeoutMs, () => reply.raw.destroy())
  return reply.type(route.produces).send(Readable.from(body as AsyncIterable<string>))
}

/** The revision that an error reflects, where the store can say. */
async function revisionFor(
  options: MountOptions,
  family: Family,
  project: string,
  error: unknown,
): Promise<number | undefined> {
  const { code, facts } = toDomainError(error)
  // Whoever is not let in learns nothing, and nothing tells the kinds of 403 apart.
  if (family.errors[code]?.status === 403) return undefined
  // When the store is what fails, the answer is that, and goes without a revision.
  return facts.revision ?? options.revisionOf(project).catch(() => undefined)
}

function sendError(
  family: Family,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  revision: number | undefined,
): unknown {
  if (error instanceof CallerGone) {
    request.log.debug('the caller went away before the request was complete')
    // Nobody is left to answer, and no time-out should try to.
    reply.hijack()
    request.raw.destroy()
    return reply
  }
  const known = toDomainError(error)
  if (known.code === 'internal' && !known.facts.isInjected) logDefect(request.log, error)
  else if (known !== error) request.log.error({ err: error }, 'the store cannot do its work')
  if (reply.sent) return reply
  const language = languageOf(family, request.headers['x-language'])
  const { status, body, headers } = renderError(family, known, request.id, language)
  reply.code(status).headers(headers).type('application/json')
  if (revision !== undefined) reply.header('x-tagwerk-revision', String(revision))
  // A text is sent as it is, past the serializers of the answers.
  return reply.serializer((text: unknown) => text as string).send(request.method === 'HEAD' ? '' : body)
}

/** The same failure without the value at fault. */
function withoutValue(error: unknown): unknown {
  if (!(error instanceof DomainError)) return error
  const { value: _value, ...facts } = error.facts
  return new DomainError(error.code, facts)
}

function logDefect(log: FastifyBaseLogger, error: unknown): void {
  log.error({ err: error }, 'a request failed for a reason that is no fault of the caller')
}

/** The route as the framework's OpenAPI plugin and serializer want it. Checking is not left to the framework. */
function documentation(family: Family, route: Route) {
  const responses: Record<string, unknown> = {}
  for (const [status, schema] of Object.entries(route.responses)) {
    responses[status] =
      schema === null ? { type: 'null', description: 'No body' } : { description: 'Success', ...schema }
  }
  const hasParams = Object.keys(route.params.properties).length > 0
  const hasQuery = Object.keys(route.query.properties).length > 0
  return {
    operationId: route.id,
    summary: route.summary,
    ...otherParametersOf(route),
    tags: [family.name],
    ...(hasParams ? { params: route.params } : {}),
    ...headersOf(family, route),
    ...(hasQuery ? { querystring: withoutDefaults(route.query) } : {}),
    ...bodyOf(route),
    ...(route.produces === 'application/json' ? {} : { produces: [route.produces] }),
    ...(route.access === 'none' ? { security: [] } : {}),
    response: { ...responses, '4XX': errorSchema(family), '5XX': errorSchema(family) },
  }
}

/** What a call takes for a body. A stream is documented only: nobody looks at it before the call does. */
function bodyOf({ bodyKind, body, consumes }: Route): { body?: unknown; consumes?: readonly string[] } {
  if (bodyKind === 'none') return {}
  return { body: bodyKind === 'stream' ? { type: 'string', format: 'binary' } : body, consumes }
}

/** Where a call takes query parameters of any name, what they do: OpenAPI has no other place for that. */
function otherParametersOf({ query }: Route): { description?: string } {
  const { additionalProperties: other } = query as { additionalProperties?: { description?: string } }
  return other?.description === undefined ? {} : { description: other.description }
}

/** The headers that a call reads beside those that all calls do. */
function headersOf(family: Family, { headers }: Route): { headers?: unknown } {
  if (family.languages.length === 0) return headers === undefined ? {} : { headers }
  const language = { type: 'string', enum: ['en-us', ...family.languages], description: 'Language of error messages.' }
  return { headers: { type: 'object', properties: { 'X-Language': language, ...headers?.properties } } }
}

/** The schema for callers: what has a default may be left out. */
function withoutDefaults(schema: TObject): unknown {
  const { properties, required = [] } = schema as unknown as {
    properties: Record<string, { default?: unknown }>
    required?: readonly string[]
  }
  return { ...schema, required: required.filter((name) => properties[name]?.default === undefined) }
}

function errorSchema({ errorSchema: own }: Family) {
  const gateway = {
    type: 'object',
    properties: { error_msg: { type: 'string' }, error_code: { type: 'string' }, request_id: { type: 'string' } },
  }
  return {
    description: "The family's error, or the gateway's for 401, 404 of a path, 413 and 414",
    anyOf: [own, gateway],
  }
}
