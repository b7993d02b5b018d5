import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { Logger } from 'pino'
import type { StreamPace } from '../api/route.ts'

/** Bytes are counted over this time. */
export const PACE_WINDOW_MS = 30_000

/**
 * Sends a stream, and ends it early, by closing the connection, when its reader is slower than its pace, when it takes
 * too long, when its signal is aborted, or when nothing was read for `stallTimeoutMs`. `release` is called when the stream
 * has ended, however it ends.
 */
export function sendStream(
  log: Logger,
  reply: FastifyReply,
  stream: AsyncIterable<string>,
  pace: StreamPace | undefined,
  release: (() => void) | undefined,
  stallTimeoutMs: number,
): FastifyReply {
  const readable = Readable.from(stream)
  const end = (reason: string) => {
    log.warn({ reqId: reply.request.id, reason }, 'streamed answer ended early')
    readable.destroy()
    reply.raw.destroy()
  }
  // A stream holds a snapshot of the store open: a client that stops reading must not hold it forever.
  reply.raw.setTimeout(stallTimeoutMs, () => end('its reader has read nothing'))
  const stopWatching = pace === undefined ? () => undefined : watch(reply, pace, end)
  readable.once('close', () => {
    stopWatching()
    release?.()
  })
  reply.raw.once('close', () => readable.destroy())
  return reply.send(readable)
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
