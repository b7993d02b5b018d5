import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Fault, Faults } from '../api/faults.ts'
import type { Call, Caller, Family, Route } from '../api/route.ts'
import { DomainError, invalid } from '../core/errors.ts'
import { authorize } from '../iam/authorize.ts'
import { authenticate, type Provers } from './authenticate.ts'
import { MountedCall, type Names, targetOf } from './call.ts'
import { type Deadline, Deadlines } from './deadlines.ts'
import { documentation } from './openapi.ts'
import { checkAnnouncedLength, readJson, streamOf } from './read-body.ts'
import { toDomainError } from './render-error.ts'
import { type Sending, sendError, sendReply, withoutValue } from './send.ts'
import { queryReader, validatorFor } from './validate.ts'

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

type Mounting = MountOptions & Sending & { readonly handlers: Deadlines; readonly streams: Deadlines }

/** The most bytes of a body whose sender is not known yet. */
const OPEN_BODY_BYTES_MAX = 16_384

/** Makes a family's routes known to the server. */
export function mountFamily(app: FastifyInstance, family: Family, options: MountOptions & Sending): void {
  const mounting = {
    ...options,
    handlers: new Deadlines(options.handlerTimeoutMs),
    streams: new Deadlines(options.streamTimeoutMs),
  }
  app.setErrorHandler((error, request, reply) => sendError(options, family, error, request, reply, undefined))
  for (const route of family.routes) {
    const serve = serverOf(family, route, mounting)
    app.route({
      method: route.method,
      url: route.path.replace(/\{(\w+)\}/g, ':$1'),
      schema: documentation(family, route),
      handler: serve,
    })
  }
}

/** Builds one route's way from request to answer: authenticate, authorize, read, check, handle, send. */
function serverOf(family: Family, route: Route, options: Mounting) {
  const checkParams = validatorFor(route.params, 'path', true)
  const readQuery = queryReader(route.query)
  const checkQuery = validatorFor(route.query, 'query', true)
  const checkBody = route.body === undefined ? undefined : validatorFor(route.body, 'body')
  const bodyBytesMax =
    route.access === 'none' ? Math.min(options.bodyBytesMax, OPEN_BODY_BYTES_MAX) : options.bodyBytesMax
  const deadlines = route.bodyKind === 'stream' ? options.streams : options.handlers
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const params = request.params as Names
    // The router takes nothing for a name in the path; it is none.
    if (hasEmpty(params)) return reply.callNotFound()
    let project: string | undefined
    let deadline: Deadline | undefined
    const fail = async (error: unknown) => {
      const revision = project && family.hasRevisions ? await revisionFor(options, family, project, error) : undefined
      sendError(options, family, route.hidesValues ? withoutValue(error) : error, request, reply, revision)
    }
    try {
      checkUrlLength(request, options.urlBytesMax)
      if (route.bodyKind === 'json') checkAnnouncedLength(request.raw, bodyBytesMax)
      const fault = options.faults.draw(family.name)
      if (fault !== undefined) await suffer(fault)
      const proven = route.access === 'none' ? undefined : await authenticate(options, route, request, bodyBytesMax)
      if (proven !== undefined) {
        authorize(proven.caller.principal, route.action, targetOf(route, params))
        project = projectOf(route, proven.caller)
      }
      const body = route.bodyKind === 'none' ? undefined : await readBody(route, request, bodyBytesMax, proven?.bytes)
      const query = readQuery(request.query as Record<string, unknown>)
      checkParams(params)
      checkQuery(query)
      if (body !== undefined) checkBody?.(body)
      const checked = { params, query, body, projectId: project, proven }
      const call = new MountedCall(route, options.publicUrl, request, reply, checked)
      // What takes too long is answered for; it goes on by itself, and what comes of it is not sent.
      deadline = deadlines.watch(() => void fail(new DomainError('timed-out', { retryAfterSeconds: 1 })))
      const answer = await route.handle(call as unknown as Call<'any', never, never, never>)
      return sendReply(options, route, answer, reply, options.handlerTimeoutMs)
    } catch (error) {
      return fail(error)
    } finally {
      if (deadline !== undefined) deadlines.forget(deadline)
    }
  }
}

function hasEmpty(params: Names): boolean {
  for (const name in params) if (params[name] === '') return true
  return false
}

/** Lets a call fail, or come late, where that was asked for. Nothing has been done for it then. */
async function suffer(fault: Fault): Promise<void> {
  if (fault.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, fault.delayMs))
  if (fault.error !== undefined) throw fault.error
}

function checkUrlLength(request: FastifyRequest, bytesMax: number): void {
  if (request.url.length > bytesMax)
    throw invalid('URL', { name: 'bytes-max', limit: bytesMax }, undefined, 'url-too-long')
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
  if (route.bodyKind === 'stream') return known === undefined ? streamOf(request.raw) : streamOfBytes(known)
  const body = await readJson(request.raw, bytesMax, known, route.bodyIsOptional)
  return route.prepareBody === undefined ? body : route.prepareBody(body)
}

async function* streamOfBytes(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
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
