import type { IncomingMessage } from 'node:http'
import { parseJson } from '../api/json.ts'
import { DomainError, invalid } from '../core/errors.ts'

const NO_BYTES = new Uint8Array()

/** Thrown when the caller went away before the request was complete: there is nobody to answer. */
export class CallerGone extends Error {}

// COMPAT: the image service's patches have a type of their own that does not end in `+json` (contract 2.5, I17).
const JSON_TYPE = /^application\/(json|[\w.+-]+\+json|openstack-images-v2\.\d-json-patch)\s*(;|$)/i

/** The content type as it came. */
export function contentTypeOf(request: IncomingMessage): string | undefined {
  return request.headers['content-type']
}

/**
 * Reads a body as JSON, from bytes that were read already if there are any. Throws `body-too-large`,
 * `media-type-unsupported`, `body-missing` (or gives undefined, if the body may be left out), `body-malformed`. A missing
 * content type is taken for JSON, and so is any charset: clients write it in many ways (contract section 1).
 */
export async function readJson(
  request: IncomingMessage,
  bytesMax: number,
  known: Uint8Array | undefined,
  isOptional: boolean,
): Promise<unknown> {
  const type = contentTypeOf(request)
  if (type !== undefined && !JSON_TYPE.test(type)) {
    const rule = { name: 'one-of', allowed: ['application/json'] } as const
    throw invalid('Content-Type', rule, type, 'media-type-unsupported')
  }
  const bytes = known ?? readAtOnce(request, bytesMax) ?? (await readBytes(request, bytesMax))
  if (bytes.length > 0) return parseJson(bytes, 'body')
  if (isOptional) return undefined
  throw new DomainError('body-missing')
}

/** Hands a body on as it comes in. Throws CallerGone when it breaks off. */
export async function* streamOf(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    // Left early, the body must not take the connection with it: there is an answer to be sent.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array
  } catch {
    throw new CallerGone()
  }
}

/** Refuses a body whose announced length is too much, before any of it is read. */
export function checkAnnouncedLength(request: IncomingMessage, bytesMax: number): void {
  if (Number(request.headers['content-length']) > bytesMax) throw tooLarge(bytesMax)
}

function tooLarge(limit: number): DomainError {
  return invalid('body', { name: 'bytes-max', limit }, undefined, 'body-too-large')
}

/** Gives a body that is here already; undefined when some of it is still to come. Throws `body-too-large`. */
function readAtOnce(request: IncomingMessage, bytesMax: number): Uint8Array | undefined {
  if (!request.complete || request.destroyed) return undefined
  const bytes = (request.read() as Uint8Array | null) ?? NO_BYTES
  if (bytes.length > bytesMax) throw tooLarge(bytesMax)
  return bytes
}

/** Reads a body whole. Throws `body-too-large`, and CallerGone when it breaks off. */
export function readBytes(request: IncomingMessage, bytesMax: number): Promise<Uint8Array> {
  // What is gone has told so already, and tells no second time.
  if (request.destroyed) return Promise.reject(new CallerGone())
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let length = 0
    request.on('data', (chunk: Uint8Array) => {
      length += chunk.length
      if (length <= bytesMax) chunks.push(chunk)
      else {
        request.pause()
        reject(tooLarge(bytesMax))
      }
    })
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks)))
    request.on('error', () => reject(new CallerGone()))
    request.on('close', () => reject(new CallerGone()))
  })
}
