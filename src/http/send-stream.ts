import type { OutgoingHttpHeaders } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { Logger } from 'pino'
import type { StreamPace } from '../api/route.ts'
import type { TextPart } from '../api/text-parts.ts'

/** Bytes are counted over this time. */
export const PACE_WINDOW_MS = 30_000

/**
 * Sends a stream, and ends it early, by closing the connection, when its reader is slower than its pace, when it takes
 * too long, when its signal is aborted, or when nothing was read for `stallTimeoutMs`. `release` is called when the stream
 * has ended, however it ends. An error before the first part is answered as any other.
 */
export function sendStream(
  log: Logger,
  reply: FastifyReply,
  stream: AsyncIterable<TextPart | string>,
  pace: StreamPace | undefined,
  release: (() => void) | undefined,
  stallTimeoutMs: number,
): FastifyReply {
  const reqId = reply.request.id
  const end = (reason: string) => {
    log.warn({ reqId, reason }, 'streamed answer ended early')
    reply.raw.destroy()
  }
  // A stream holds a snapshot of the store open: a client that stops reading must not hold it forever.
  reply.raw.setTimeout(stallTimeoutMs, () => end('its reader has read nothing'))
  const stopWatching = pace === undefined ? () => undefined : watch(reply, pace, end)
  const writer = new StreamWriter(reply)
  writer
    .write(stream)
    .catch((error: unknown) => {
      if (!writer.hasBegun) return void reply.send(error)
      log.error({ reqId, err: error }, 'streamed answer ended by an error')
      reply.raw.destroy()
    })
    .finally(() => {
      stopWatching()
      release?.()
    })
  return reply
}

/**
 * Writes a stream to Node directly, because only that tells when a part was handed to the operating system, and its buffer
 * can be used again.
 */
class StreamWriter {
  readonly #reply: FastifyReply
  hasBegun = false

  constructor(reply: FastifyReply) {
    this.#reply = reply
  }

  /** Resolves when the stream has ended, or the connection was closed. */
  async write(stream: AsyncIterable<TextPart | string>): Promise<void> {
    const { raw, request } = this.#reply
    // An answer to HEAD has no body.
    if (request.method !== 'HEAD') {
      for await (const part of stream) {
        if (raw.destroyed) return
        this.#begin()
        if (!this.#writePart(part)) await this.#drained()
      }
    }
    if (raw.destroyed) return
    this.#begin()
    raw.end()
  }

  #begin(): void {
    if (this.hasBegun) return
    this.hasBegun = true
    const { raw, statusCode } = this.#reply
    const headers = this.#reply.getHeaders()
    this.#reply.hijack()
    raw.writeHead(statusCode, headers as OutgoingHttpHeaders)
  }

  #writePart(part: TextPart | string): boolean {
    const { raw } = this.#reply
    if (typeof part === 'string') return raw.write(part)
    // Of a connection that was closed, the system may still be reading the buffer.
    return raw.write(part.bytes, (error) => !error && !raw.destroyed && part.release())
  }

  #drained(): Promise<void> {
    const { raw } = this.#reply
    return new Promise((resolve) => {
      const done = () => {
        raw.off('drain', done).off('close', done)
        resolve()
      }
      raw.on('drain', done).on('close', done)
    })
  }
}

/** Watches the pace of an answer. Gives the function that ends the watch. */
function watch(reply: FastifyReply, pace: StreamPace, end: (reason: string) => void): () => void {
  const { bytesPerSecondMin, timeoutMs, signal, windowMs = PACE_WINDOW_MS } = pace
  const written = () => reply.raw.socket?.bytesWritten ?? 0
  let before = written()
  const tooSlow = setInterval(() => {
    const bytes = written() - before
    before += bytes
    // A stream that does not wait for its reader is slow for another reason, such as a busy processor.
    if (reply.raw.writableNeedDrain && bytes < (bytesPerSecondMin * windowMs) / 1000) {
      end(`its reader reads less than ${bytesPerSecondMin} bytes per second`)
    }
  }, windowMs)
  const tooLong = setTimeout(() => end(`it takes more than ${timeoutMs / 1000} seconds`), timeoutMs)
  const onAbort = () => end(String((signal.reason as Error).message))
  signal.addEventListener('abort', onAbort)
  return () => {
    clearInterval(tooSlow)
    clearTimeout(tooLong)
    signal.removeEventListener('abort', onAbort)
  }
}
