import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Family, Reply, Route } from '../api/route.ts'
import { DomainError } from '../core/errors.ts'
import { CallerGone } from './read-body.ts'
import { languageOf, renderError, toDomainError } from './render-error.ts'

/** What sending needs to know of the server. */
export type Sending = {
  readonly log: Logger
  /** True from when the service is told to stop. */
  readonly isStopping: () => boolean
}

/**
 * Sends what a handler gave. A stream is cut off when its reader has not moved for `stallTimeoutMs`. Gives what the
 * framework has to wait for, if anything.
 */
export function sendReply(
  { isStopping }: Sending,
  route: Route,
  { status, body, encoded, release, revision, headers }: Reply,
  reply: FastifyReply,
  stallTimeoutMs: number,
): FastifyReply | undefined {
  if (reply.sent) return undefined
  if (route.produces === 'application/json') {
    reply.code(status)
    const text = encoded ?? (body === undefined ? undefined : (reply.serialize(body) as string))
    sendText(reply, status, 'application/json; charset=utf-8', text, {
      revision,
      headers,
      closes: isStopping(),
      release,
    })
    return undefined
  }
  reply.code(status).type(route.produces)
  if (revision !== undefined) reply.header('x-tagwerk-revision', String(revision))
  reply.headers(headers ?? {})
  if (isStopping()) reply.header('connection', 'close')
  // A caller that stops reading would keep a snapshot of the store open for as long as it likes.
  reply.raw.setTimeout(stallTimeoutMs, () => reply.raw.destroy())
  return reply.send(Readable.from(body as AsyncIterable<string>))
}

/** Sends a failure in the words of a family. What is no fault of the caller is logged. */
export function sendError(
  { log, isStopping }: Sending,
  family: Family,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  revision: number | undefined,
): void {
  if (error instanceof CallerGone) {
    log.debug({ reqId: request.id }, 'the caller went away before the request was complete')
    // Nobody is left to answer, and no time-out should try to.
    reply.hijack()
    request.raw.destroy()
    return
  }
  const known = toDomainError(error)
  if (known.code === 'internal' && !known.facts.isInjected) {
    log.error({ reqId: request.id, err: error }, 'a request failed for a reason that is no fault of the caller')
  } else if (known !== error) log.error({ reqId: request.id, err: error }, 'the store cannot do its work')
  if (reply.sent) return
  const language = languageOf(family, request.headers['x-language'])
  const { status, body, headers } = renderError(family, known, request.id, language)
  const text = request.method === 'HEAD' ? '' : body
  sendText(reply, status, 'application/json', text, { revision, headers, closes: isStopping() })
}

type Extras = {
  readonly revision: number | undefined
  readonly headers: Readonly<Record<string, string>> | undefined
  /** The connection ends with this answer. */
  readonly closes: boolean
  /** Told when all of it was handed to the operating system. */
  readonly release?: (() => void) | undefined
}

/**
 * Writes an answer that is ready, past the framework: by then there is nothing left that it could do but look at it
 * again. Throws when a header cannot be written; the answer is then still to be given.
 */
function sendText(
  reply: FastifyReply,
  status: number,
  type: string,
  text: string | Uint8Array | undefined,
  { revision, headers, closes, release }: Extras,
): void {
  const fields = ['x-request-id', reply.request.id]
  if (text !== undefined) fields.push('content-type', type, 'content-length', String(Buffer.byteLength(text)))
  else if (status !== 204 && reply.request.method !== 'HEAD') fields.push('content-length', '0')
  if (revision !== undefined) fields.push('x-tagwerk-revision', String(revision))
  for (const name in headers) fields.push(name, headers[name] as string)
  // A connection that is kept alive would keep the service from stopping.
  if (closes && headers?.connection === undefined) fields.push('connection', 'close')
  reply.raw.writeHead(status, fields)
  reply.hijack()
  reply.raw.end(text, release)
}

/** The same failure without the value at fault. */
export function withoutValue(error: unknown): unknown {
  if (!(error instanceof DomainError)) return error
  const { value: _value, ...facts } = error.facts
  return new DomainError(error.code, facts)
}
