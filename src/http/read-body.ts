import type { IncomingMessage } from 'node:http'
import { parseJson } from '../api/json.ts'
import { DomainError, invalid } from '../core/errors.ts'

const NO_BYTES = new Uint8Array()

/** Thrown when the client disconnects before its request is complete. It cannot be answered. */
export class ClientDisconnected extends Error {}

// COMPAT: the image service's patches have a type of their own that does not end in `+json` (contract 2.5, I17).
const JSON_TYPE = /^application\/(json|[\w.+-]+\+json|openstack-images-v2\.\d-json-patch)\s*(;|$)/i

/** Gives the `Content-Type` header as received. */
export function contentTypeOf(request: IncomingMessage): string | undefined {
  return request.headers['content-type']
}

/**
 * Reads and parses a JSON body; `bytesRead` is the body if authentication has read it already. Throws `body-too-large`,
 * `media-type-unsupported`, `body-missing`, `body-malformed`; gives undefined for a missing body that is optional. Accepts
 * a missing content type and any charset parameter, because clients write it in many ways (contract section 1).
 */
export async function readJson(
  request: IncomingMessage,
  bytesMax: number,
  bytesRead: Uint8Array | undefined,
  isOptional: boolean,
): Promise<unknown> {
  const type = contentTypeOf(request)
  if (type !== undefined && !JSON_TYPE.test(type)) {
    const rule = { name: 'one-of', allowed: ['application/json'] } as const
    throw invalid('Content-Type', rule, type, 'media-type-unsupported')
  }
  const bytes = bytesRead ?? readBuffered(request, bytesMax) ?? (await readBytes(request, bytesMax))
  if (bytes.length > 0) return parseJson(bytes, 'body')
  if (isOptional) return undefined
  throw new DomainError('body-missing')
}

/** Streams a body. Throws ClientDisconnected when the connection breaks before its end. */
export async function* streamOf(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    // When the reader returns early, the connection must stay open: the answer is still to be sent.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array
  } catch {
    throw new ClientDisconnected()
  }
}

/** Throws `body-too-large` when `Content-Length` exceeds the limit, before any of the body is read. */
export function checkAnnouncedLength(request: IncomingMessage, bytesMax: number): void {
  if (Number(request.headers['content-length']) > bytesMax) throw tooLarge(bytesMax)
}

function tooLarge(limit: number): DomainError {
  return invalid('body', { name: 'bytes-max', limit }, undefined, 'body-too-large')
}

/** Reads a body that is completely buffered; undefined when some of it has not arrived. Throws `body-too-large`. */
function readBuffered(request: IncomingMessage, bytesMax: number): Uint8Array | undefined {
  if (!request.complete || request.destroyed) return undefined
  const bytes = (request.read() as Uint8Array | null) ?? NO_BYTES
  if (bytes.length > bytesMax) throw tooLarge(bytesMax)
  return bytes
}

/** Reads a whole body. Throws `body-too-large`, and ClientDisconnected when the connection breaks before its end. */
export function readBytes(request: IncomingMessage, bytesMax: number): Promise<Uint8Array> {
  // A destroyed stream emits no further `close` event.
  if (request.destroyed) return Promise.reject(new ClientDisconnected())
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
    request.on('error', () => reject(new ClientDisconnected()))
    request.on('close', () => reject(new ClientDisconnected()))
  })
}
