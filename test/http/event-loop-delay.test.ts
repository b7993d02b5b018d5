import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { image, newImageId } from '../api/fixtures.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { head } from './raw.ts'

// What could hold the service up, or make one caller hold up another.

let service: TestService
beforeAll(async () => {
  service = await startTestService({ flags: { 'handler-timeout-seconds': '1' } })
  const detail = { status: 'active', n: 'x'.repeat(8000) }
  const images = Array.from({ length: 3000 }, () => ({ ...image(newImageId()), resource_detail: detail }))
  for (let at = 0; at < images.length; at += 500) await service.register(...images.slice(at, at + 500))
})
afterAll(() => service.stop())

it('an export that nobody reads is ended, and so many at a time are all there are', async () => {
  const { hostname, port } = new URL(service.url)
  const sockets = Array.from({ length: 8 }, () => {
    const socket = connect({ host: hostname, port: Number(port) })
    socket.on('error', () => undefined)
    // Nothing is read beyond what the system takes in by itself.
    socket.pause()
    socket.write(head('GET', '/tagwerk/v1/export', { 'X-Auth-Token': service.token }))
    return socket
  })
  const status = async () => {
    const response = await fetch(`${service.url}/tagwerk/v1/export`, { headers: { 'x-auth-token': service.token } })
    await response.body?.cancel()
    return response.status
  }
  await expect.poll(status, { timeout: 5000, interval: 50 }).toBe(503)
  // Each of them is cut off when it has not moved for the time of an answer.
  await expect.poll(status, { timeout: 15_000, interval: 200 }).toBe(200)
  for (const socket of sockets) socket.destroy()
})

it('a method that comes with a body of its own rules is refused like any other', async () => {
  const response = await fetch(`${service.url}/v3/${service.project}/tags`, { method: 'QUERY' })
  expect(response.status).toBe(405)
  expect(response.headers.get('allow')).toBe('GET')
})
