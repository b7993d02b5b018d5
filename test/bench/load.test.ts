import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { checkSame, WrongAnswer } from '../../bench/case.ts'
import { type Pool, requestBytes, runLoad } from '../../bench/load/load.ts'

let server = createServer()

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

async function load(
  listener: RequestListener,
  pool: Pick<Pool, 'requests' | 'bodyBytes' | 'perSecond'>,
  atLeast?: Promise<unknown>,
) {
  server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const pools = [{ connections: 2, startAt: 0, status: 200, ...pool }]
  const result = await runLoad({ host: '127.0.0.1', port, pools, warmUpMs: 5, durationMs: 50 }, atLeast)
  return result.pools[0]
}

const GET = requestBytes('GET', '/a', { 'x-auth-token': 't' })
const POST = requestBytes('POST', '/b', {}, '{"ü":1}')

describe('the load generator', () => {
  it('the load generator sends complete requests in rotation and records the latency of each', async () => {
    const seen: string[] = []
    const bothSeen = Promise.withResolvers<void>()
    const listener: RequestListener = (request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (text) => {
        body += text
      })
      request.on('end', () => {
        seen.push(`${request.method} ${request.url} ${request.headers['x-auth-token'] ?? ''} ${body}`)
        if (seen.length === 4) bothSeen.resolve()
        response.end(request.method === 'GET' ? 'four' : 'twelve bytes')
      })
    }
    const pool = await load(listener, { requests: [GET, POST], bodyBytes: [4, 12] }, bothSeen.promise)
    expect([...new Set(seen)].toSorted()).toEqual(['GET /a t ', 'POST /b  {"ü":1}'])
    expect(pool?.responsesInTotal).toBeGreaterThanOrEqual(4)
    expect(pool?.latenciesUs).toHaveLength(pool?.responses ?? -1)
    expect(pool?.nextAt).toBe((pool?.responsesInTotal ?? 0) % 2)
  })

  it('the load generator does not exceed the requested rate', async () => {
    const first = Promise.withResolvers<void>()
    const listener: RequestListener = (_request, response) => response.end('four', () => first.resolve())
    // The second request is due after a quarter of an hour.
    const pool = await load(listener, { requests: [GET], bodyBytes: [4], perSecond: 0.001 }, first.promise)
    expect(pool?.responsesInTotal).toBe(1)
  })

  it('a response with an unexpected status or length ends the run', async () => {
    const unavailable: RequestListener = (_request, response) => response.writeHead(503, { 'content-length': 0 }).end()
    await expect(load(unavailable, { requests: [GET], bodyBytes: [0] })).rejects.toThrow('status 503 instead of 200')
    const wrongSize: RequestListener = (_request, response) => response.end('x')
    await expect(load(wrongSize, { requests: [GET], bodyBytes: [2] })).rejects.toThrow('1 bytes instead of 2')
  })
})

describe('checkSame', () => {
  it('equal JSON passes, and a difference is reported with both values', () => {
    checkSame('total', { total: 1 }, { total: 1 })
    expect(() => checkSame('total', { total: 1 }, { total: 2 })).toThrow(WrongAnswer)
    expect(() => checkSame('total', 1, undefined)).toThrow('wrong answer: total: expected 1, got nothing')
  })
})
