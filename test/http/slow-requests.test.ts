import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { image, newImageId } from '../api/fixtures.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { head, RawConnection } from './raw.ts'

// Requests that do not arrive within the configured timeouts are answered with 408, not with 5xx.

const IMAGE = newImageId()
const BODY = '{"tag":{"key":"slow","value":"v"}}'

async function startWith(flags: Record<string, string>): Promise<TestService> {
  const service = await startTestService({ flags })
  await service.register(image(IMAGE))
  return service
}

const headOfAdd = (service: TestService, more: Record<string, string> = {}) =>
  head('POST', `/v2/${service.project}/images/${IMAGE}/tags`, {
    'X-Auth-Token': service.token,
    'Content-Length': BODY.length,
    ...more,
  })

describe('with request-timeout-seconds 1', () => {
  let service: TestService
  beforeAll(async () => {
    service = await startWith({ 'request-timeout-seconds': '1' })
  })
  afterAll(() => service.stop())

  const pieces = [
    ['endless headers', () => 'POST /v3/auth/tokens HTTP/1.1\r\nHost: x\r\n'],
    ['headers without their body', () => headOfAdd(service)],
    ['headers and an endless body', () => headOfAdd(service) + BODY.slice(0, 10)],
    [
      'headers of an import without its lines',
      () => head('POST', '/tagwerk/v1/import', { 'X-Auth-Token': service.token, 'Content-Length': '100' }),
    ],
  ] as const
  for (const [name, bytes] of pieces) {
    it.concurrent(`${name} are answered with 408 as JSON within a few seconds, and the connection is closed`, async ({
      expect,
    }) => {
      const connection = new RawConnection(service.url)
      connection.write(bytes())
      const answer = await connection.answer(5000).finally(() => connection.destroy())
      expect(answer.status).toBe(408)
      expect(JSON.parse(answer.text)).toMatchObject({ error_code: expect.any(String), request_id: expect.any(String) })
    })
  }

  it('the connection is closed also for a client that keeps its half open', async () => {
    const { hostname, port } = new URL(service.url)
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    socket.on('error', () => undefined)
    socket.write('POST /v3/auth/tokens HTTP/1.1\r\nHost: x\r\n')
    socket.resume()
    await once(socket, 'end')
    // Writing to a closed connection fails; a half-open connection would accept the bytes.
    const closed = new Promise((resolve) => socket.once('close', resolve))
    const writing = setInterval(() => socket.write('X-More: x\r\n'), 50)
    await closed
    clearInterval(writing)
    expect(socket.destroyed).toBe(true)
  })
})

describe('with handler-timeout-seconds 1 and more time than that for the request', () => {
  let service: TestService
  beforeAll(async () => {
    service = await startWith({ 'handler-timeout-seconds': '1', 'request-timeout-seconds': '30' })
  })
  afterAll(() => service.stop())

  it('a body that takes two seconds to arrive is accepted: the handler timeout does not include it', async () => {
    const connection = new RawConnection(service.url)
    connection.write(headOfAdd(service) + BODY.slice(0, 10))
    await new Promise((resolve) => setTimeout(resolve, 2000))
    connection.write(BODY.slice(10))
    const answer = await connection.answer().finally(() => connection.destroy())
    expect(answer.status).toBe(204)
  })

  it('an import may take as long as stream-timeout-seconds', async () => {
    const lines = [image(newImageId()), image(newImageId()), image(newImageId())].map(
      (line) => `${JSON.stringify(line)}\n`,
    )
    const connection = new RawConnection(service.url)
    const length = Buffer.byteLength(lines.join(''))
    connection.write(head('POST', '/tagwerk/v1/import', { 'X-Auth-Token': service.token, 'Content-Length': length }))
    for (const line of lines) {
      connection.write(line)
      await new Promise((resolve) => setTimeout(resolve, 600))
    }
    const answer = await connection.answer().finally(() => connection.destroy())
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text)).toMatchObject({ created: 3 })
  })
})
