import { describe, expect, it } from 'vitest'
import { image, newImageId } from '../api/fixtures.ts'
import { head, RawConnection } from '../http/raw.ts'
import { startTestService, type TestService } from '../support/service.ts'

// A stopping service finishes requests in flight and answers new ones with 503.

const BODY = '{"tag":{"key":"late","value":"v"}}'

/** Starts a service with one image, and two connections that have each sent a part of a request. */
async function halfway(first: (service: TestService) => string, second: (service: TestService) => string) {
  const service = await startTestService({ flags: { 'stop-timeout-seconds': '30' } })
  const id = newImageId()
  await service.register(image(id))
  const path = `/v2/${service.project}/images/${id}/tags`
  const inFlight = new RawConnection(service.url)
  inFlight.write(first(service).replace('{path}', path))
  const waiting = new RawConnection(service.url)
  waiting.write(second(service).replace('{path}', path).slice(0, -2))
  await new Promise((resolve) => setTimeout(resolve, 100))
  return { service, path, inFlight, waiting }
}

const add = ({ token }: TestService) => head('POST', '{path}', { 'X-Auth-Token': token, 'Content-Length': BODY.length })

describe('stopping a service', () => {
  it('a stopping service executes and answers a write in flight', async () => {
    const { service, inFlight, waiting } = await halfway(add, add)
    const stopped = service.stop()
    await new Promise((resolve) => setTimeout(resolve, 50))
    inFlight.write(BODY)
    const answer = await inFlight.answer()
    expect(answer.status).toBe(204)
    waiting.destroy()
    await stopped
  })

  it('stop ends right after the last response in flight, whose connection is not kept alive', async () => {
    const { service, inFlight, waiting } = await halfway(add, add)
    waiting.destroy()
    const stopped = service.stop()
    inFlight.write(BODY)
    const answer = await inFlight.answer()
    const start = Date.now()
    await stopped
    expect(Date.now() - start).toBeLessThan(15_000)
    expect(answer.headers.connection).toBe('close')
  })

  it('a stopping service executes and answers an import in flight', async () => {
    const lines = [image(newImageId()), image(newImageId())].map((line) => JSON.stringify(line)).join('\n')
    const start = ({ token }: TestService) =>
      head('POST', '/tagwerk/v1/import', { 'X-Auth-Token': token, 'Content-Length': lines.length }) +
      lines.slice(0, 150)
    const { service, inFlight, waiting } = await halfway(start, add)
    const stopped = service.stop()
    await new Promise((resolve) => setTimeout(resolve, 50))
    inFlight.write(lines.slice(150))
    const answer = await inFlight.answer()
    expect([answer.status, JSON.parse(answer.text).created]).toEqual([200, 2])
    waiting.destroy()
    await stopped
  })

  const refused = [
    [
      'the image service',
      (service: TestService) => head('GET', '{path}', { 'X-Auth-Token': service.token }),
      { error: { message: expect.stringMatching(/^Unknown system error\./), code: 'IMG.0061' } },
    ],
    [
      'the database service',
      (service: TestService) => head('GET', `/v3/${service.project}/tags`, { 'X-Auth-Token': service.token }),
      { error_code: 'DBS.213002', error_msg: expect.stringMatching(/^Failed to process the request\./) },
    ],
    [
      'the token calls',
      () => head('GET', '/v3/auth/tokens'),
      { error: { code: 503, message: expect.any(String), title: 'Service Unavailable' } },
    ],
  ] as const
  for (const [name, request, body] of refused) {
    it(`a new request on an open connection is answered with 503 in the error format of ${name}, and closes it`, async () => {
      const { service, inFlight, waiting } = await halfway(add, request)
      const stopped = service.stop()
      waiting.write('\r\n')
      const answer = await waiting.answer()
      expect(answer.status).toBe(503)
      expect(JSON.parse(answer.text)).toEqual(body)
      expect(answer.headers['retry-after']).toBe('1')
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/)
      expect(answer.headers.connection).toBe('close')
      inFlight.write(BODY)
      expect((await inFlight.answer()).status).toBe(204)
      await stopped
    })
  }

  it('/readyz of a stopping service answers 503 with the reason', async () => {
    const { service, inFlight, waiting } = await halfway(add, () => head('GET', '/readyz'))
    const stopped = service.stop()
    waiting.write('\r\n')
    const answer = await waiting.answer()
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      503,
      { status: 'unavailable', writes: false, reason: 'The service is stopping.' },
    ])
    inFlight.write(BODY)
    await inFlight.answer()
    await stopped
  })

  it('a stopping service refuses new connections, and a second stop() waits for the first', async () => {
    const { service, inFlight, waiting } = await halfway(add, add)
    const stopped = Promise.all([service.service.stop(), service.service.stop()])
    await new Promise((resolve) => setTimeout(resolve, 50))
    await expect(fetch(`${service.url}/healthz`)).rejects.toThrow()
    waiting.destroy()
    inFlight.write(BODY)
    await inFlight.answer()
    await stopped
    await service.stop()
  })

  it('an idle connection does not delay stop, whether or not it ever sent a request', async () => {
    const service = await startTestService({ flags: { 'stop-timeout-seconds': '30' } })
    const [silent, idle] = [new RawConnection(service.url), new RawConnection(service.url)]
    idle.write(head('GET', '/healthz'))
    await idle.answer()
    const start = Date.now()
    await service.stop()
    expect(Date.now() - start).toBeLessThan(15_000)
    silent.destroy()
    idle.destroy()
  })

  it('the connection of an unfinished request is closed after stop-timeout-seconds', async () => {
    const service = await startTestService({ flags: { 'stop-timeout-seconds': '1' } })
    const stuck = new RawConnection(service.url)
    stuck.write(head('POST', '/v3/auth/tokens', { 'Content-Length': '10' }))
    await new Promise((resolve) => setTimeout(resolve, 50))
    const start = Date.now()
    await service.stop()
    expect(Date.now() - start).toBeLessThan(15_000)
    expect(await stuck.closes(10_000)).toBe(true)
  })
})
