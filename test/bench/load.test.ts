import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { checkSame, WrongAnswer } from '../../bench/case.ts'
import { requestBytes, runLoad } from '../../bench/load/load.ts'

let server = createServer()

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

async function load(listener: RequestListener, bodyBytes: readonly number[], requests: readonly Buffer[]) {
  server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const pool = { connections: 2, requests, startAt: 0, status: 200, bodyBytes }
  const result = await runLoad({ host: '127.0.0.1', port, pools: [pool], warmUpMs: 5, durationMs: 50 })
  return result.pools[0]
}

const GET = requestBytes('GET', '/a', { 'x-auth-token': 't' })
const POST = requestBytes('POST', '/b', {}, '{"ü":1}')

describe('the load generator', () => {
  it('sends its requests in turn, whole, and notes how long each took', async () => {
    const seen = new Set<string>()
    const pool = await load(
      (request, response) => {
        let body = ''
        request.setEncoding('utf8').on('data', (text) => {
          body += text
        })
        request.on('end', () => {
          seen.add(`${request.method} ${request.url} ${request.headers['x-auth-token'] ?? ''} ${body}`)
          response.end(request.method === 'GET' ? 'four' : 'twelve bytes')
        })
      },
      [4, 12],
      [GET, POST],
    )
    expect([...seen].toSorted()).toEqual(['GET /a t ', 'POST /b  {"ü":1}'])
    expect(pool?.answers).toBeGreaterThan(0)
    expect(pool?.latenciesUs).toHaveLength(pool?.answers ?? -1)
    expect(pool?.answersInAll).toBeGreaterThanOrEqual(pool?.answers ?? 0)
  })

  it('breaks off at another status and at another length', async () => {
    const answer: RequestListener = (_request, response) => response.writeHead(503, { 'content-length': 0 }).end()
    await expect(load(answer, [0], [GET])).rejects.toThrow('status 503 instead of 200')
    await expect(load((_request, response) => response.end('x'), [2], [GET])).rejects.toThrow('1 bytes instead of 2')
  })
})

describe('a check', () => {
  it('passes what is the same as JSON, and names both when it is not', () => {
    checkSame('total', { total: 1 }, { total: 1 })
    expect(() => checkSame('total', { total: 1 }, { total: 2 })).toThrow(WrongAnswer)
    expect(() => checkSame('total', 1, undefined)).toThrow('wrong answer: total: expected 1, got nothing')
  })
})
