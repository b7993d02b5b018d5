import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { image, newImageId } from '../api/fixtures.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { head } from './raw.ts'

// Callers must not block the service or each other.

let service: TestService
beforeAll(async () => {
  service = await startTestService({ flags: { 'handler-timeout-seconds': '1' } })
  const detail = { status: 'active', n: 'x'.repeat(8000) }
  const images = Array.from({ length: 3000 }, () => ({ ...image(newImageId()), resource_detail: detail }))
  for (let at = 0; at < images.length; at += 500) await service.register(...images.slice(at, at + 500))
})
afterAll(() => service.stop())

it('concurrent exports are limited, and an export whose client stops reading is aborted', async () => {
  const { hostname, port } = new URL(service.url)
  const sockets = Array.from({ length: 8 }, () => {
    const socket = connect({ host: hostname, port: Number(port) })
    socket.on('error', () => undefined)
    socket.write(head('GET', '/tagwerk/v1/export', { 'X-Auth-Token': service.token }))
    return socket
  })
  // The first bytes show that the export runs. Without a read only the buffers of socket and operating system fill.
  await Promise.all(sockets.map((socket) => once(socket, 'readable')))
  const status = async () => {
    const response = await fetch(`${service.url}/tagwerk/v1/export`, { headers: { 'x-auth-token': service.token } })
    await response.body?.cancel()
    return response.status
  }
  expect(await status()).toBe(429)
  // Each is aborted when it has made no progress for the handler timeout.
  await expect.poll(status, { timeout: 60_000, interval: 200 }).toBe(200)
  for (const socket of sockets) socket.destroy()
})

it('an unusual HTTP method is refused with 405 like any other', async () => {
  const response = await fetch(`${service.url}/v3/${service.project}/tags`, { method: 'QUERY' })
  expect(response.status).toBe(405)
  expect(response.headers.get('allow')).toBe('GET')
})
