import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterEach, expect, it } from 'vitest'
import type { StreamPace } from '../../src/api/route.ts'
import { sendStream } from '../../src/http/send-stream.ts'

let app: FastifyInstance
afterEach(() => app.close())

type Started = { readonly socket: Socket; readonly released: Promise<void>; readonly lines: string[] }

/** Serves an endless stream with a pace, and connects a client that has not read yet. */
async function start(pace: Partial<StreamPace>, endless = true): Promise<Started> {
  const lines: string[] = []
  const log = pino({}, { write: (line: string) => void lines.push(line) })
  const released = Promise.withResolvers<void>()
  app = Fastify()
  app.get('/', (_request, reply) => {
    const stream = async function* () {
      do yield 'x'.repeat(65_536)
      while (endless)
    }
    const signal = new AbortController().signal
    const whole = { bytesPerSecondMin: 0, timeoutMs: 60_000, signal, ...pace }
    return sendStream(log as never, reply, stream(), whole, released.resolve, 60_000)
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.pause()
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  return { socket, released: released.promise, lines }
}

it('a stream whose reader is slower than its pace is ended', async () => {
  const { released, lines } = await start({ bytesPerSecondMin: 1000, windowMs: 50 })
  await released
  expect(lines.join()).toContain('reads less than 1000 bytes per second')
})

it('a stream whose reader keeps its pace is not ended', async () => {
  const { socket, lines } = await start({ bytesPerSecondMin: 1000, windowMs: 50 })
  socket.resume()
  for (const end = Date.now() + 400; Date.now() < end; ) await once(socket, 'data')
  expect(lines).toEqual([])
  socket.destroy()
})

it('a stream that takes too long is ended', async () => {
  const { socket, released, lines } = await start({ timeoutMs: 100 })
  socket.resume()
  await released
  expect(lines.join()).toContain('it takes more than 0.1 seconds')
})

it('a stream is ended when its signal is aborted, with the reason in the log', async () => {
  const abort = new AbortController()
  const { socket, released, lines } = await start({ signal: abort.signal })
  socket.resume()
  await once(socket, 'data')
  abort.abort(new Error('for a test'))
  await released
  expect(lines.join()).toContain('for a test')
})

it('a stream that ends, or whose client disconnects, is released without a line in the log', async () => {
  const ended = await start({}, false)
  ended.socket.resume()
  await ended.released
  expect(ended.lines).toEqual([])
  await app.close()
  const left = await start({})
  left.socket.resume()
  await once(left.socket, 'data')
  left.socket.destroy()
  await left.released
  expect(left.lines).toEqual([])
})
