import type { IncomingMessage } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { DomainError } from '../core/errors.ts'
import { ClientDisconnected } from './read-body.ts'

const CHUNK_BYTES = 65_536

export type ContentEncoding = 'identity' | 'gzip'

/**
 * Gives the `Content-Encoding` of a request. Throws `media-type-unsupported` for one that is not allowed, since reading
 * the packed bytes as content would blame the content.
 */
export function contentEncodingOf(request: IncomingMessage, allowed: readonly ContentEncoding[]): ContentEncoding {
  const value = request.headers['content-encoding']
  const given = (value ?? '').trim().toLowerCase() || 'identity'
  const encoding = allowed.find((each) => each === (given === 'x-gzip' ? 'gzip' : given))
  if (encoding !== undefined) return encoding
  throw new DomainError('media-type-unsupported', {
    field: 'Content-Encoding',
    rule: { name: 'one-of', allowed },
    value,
    acceptedEncodings: allowed,
  })
}

/** Unpacks a stream as it is read. Throws `body-malformed` where it is not gzip or ends too early. */
export async function* gunzipped(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
  try {
    // The error is thrown by the loop.
    for await (const chunk of pipeline(Readable.from(packed), gunzip, () => undefined)) yield chunk as Uint8Array
  } catch (error) {
    if (error instanceof ClientDisconnected) throw error
    const what = `gzip, as Content-Encoding says: ${(error as Error).message}`
    throw new DomainError('body-malformed', { field: 'body', rule: { name: 'well-formed', what } })
  } finally {
    gunzip.destroy()
  }
}
