import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { EncodedBody } from '../api/long-json.ts'
import type { Family, Reply, Route } from '../api/route.ts'
import type { TextPart } from '../api/text-parts.ts'
import { ClientDisconnected } from './read-body.ts'
import { languageOf, renderError, toDomainError } from './render-error.ts'
import { replyFields } from './reply-headers.ts'
import type { OnCaller } from './request-log.ts'
import { sendStream } from './send-stream.ts'

/** What sending a response depends on. */
export type SendContext = {
  readonly log: Logger
  /** Undefined when requests are not logged. */
  readonly onCaller: OnCaller | undefined
  /** Called with the error of a request that failed with the store. */
  readonly onStoreFailure: (error: unknown) => void
  /** True once shutdown has begun. */
  readonly isStopping: () => boolean
}

/**
 * Sends a handler's reply. Destroys the connection of a streamed response when its client has read nothing for
 * `stallTimeoutMs`. Gives the reply if Fastify has to wait for its stream.
 */
export function sendReply(
  { log, isStopping }: SendContext,
  route: Route,
  { status, body, encoded, pace, release, revision, headers }: Reply,
  reply: FastifyReply,
  stallTimeoutMs: number,
): FastifyReply | undefined {
  if (reply.sent) {
    release?.()
    return undefined
  }
  if (route.produces === 'application/json') {
    reply.code(status)
    const text = encoded ?? (body === undefined ? undefined : (reply.serialize(body) as string))
    const closes = isStopping()
    const { 'content-type': type = 'application/json; charset=utf-8', ...others } = headers ?? {}
    writeResponse(reply, status, type, text, { revision, headers: others, closes, release })
    return undefined
  }
  reply.code(status).type(route.produces)
  if (revision !== undefined) reply.header('x-tagwerk-revision', String(revision))
  reply.headers(headers ?? {})
  if (isStopping()) reply.header('connection', 'close')
  return sendStream(log, reply, body as AsyncIterable<TextPart | string>, pace, release, stallTimeoutMs)
}

/** Sends an error in a family's format. Logs defects, and reports failures of the store. */
export function sendError(
  { log, onStoreFailure, isStopping }: SendContext,
  family: Family,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  revision: number | undefined,
): void {
  if (error instanceof ClientDisconnected) {
    log.debug({ reqId: request.id }, 'client disconnected before its request was complete')
    // Marks the reply as sent, so that the deadline does not try to answer.
    reply.hijack()
    request.raw.destroy()
    return
  }
  const known = toDomainError(error)
  if (known.code === 'internal' && !known.facts.isInjected) {
    log.error({ reqId: request.id, err: error }, 'unhandled error in a handler')
  } else if (known !== error) onStoreFailure(error)
  if (reply.sent) return
  const language = languageOf(family, request.headers['x-language'])
  const { status, body, headers } = renderError(family, known, request, language)
  const text = request.method === 'HEAD' ? '' : body
  writeResponse(reply, status, 'application/json', text, { revision, headers, closes: isStopping() })
}

type ResponseOptions = {
  readonly revision: number | undefined
  readonly headers: Readonly<Record<string, string>> | undefined
  /** True: send `Connection: close`. */
  readonly closes: boolean
  /** Called when the whole body was handed to the operating system. */
  readonly release?: (() => void) | undefined
}

/**
 * Writes a complete response to Node directly: Fastify would only run its send hooks on it again. Throws when a header is
 * invalid; no response has been sent then.
 */
function writeResponse(
  reply: FastifyReply,
  status: number,
  type: string,
  text: EncodedBody | undefined,
  { revision, headers, closes, release }: ResponseOptions,
): void {
  const fields = replyFields(reply.request.id)
  if (text !== undefined) fields.push('content-type', type, 'content-length', String(lengthOf(text)))
  else if (status !== 204 && reply.request.method !== 'HEAD') fields.push('content-length', '0')
  if (revision !== undefined) fields.push('x-tagwerk-revision', String(revision))
  for (const name in headers) fields.push(name, headers[name] as string)
  // An idle keep-alive connection would delay shutdown.
  if (closes && headers?.connection === undefined) fields.push('connection', 'close')
  reply.raw.writeHead(status, fields)
  reply.hijack()
  if (isInParts(text)) {
    for (const part of text) reply.raw.write(part)
    reply.raw.end(release)
  } else reply.raw.end(text, release)
}

function lengthOf(body: EncodedBody): number {
  return isInParts(body) ? body.reduce((sum, { length }) => sum + length, 0) : Buffer.byteLength(body)
}

function isInParts(body: EncodedBody | undefined): body is readonly Uint8Array[] {
  return Array.isArray(body)
}
