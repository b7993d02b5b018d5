import { describe, expect, it } from 'vitest'
import { startTestService } from '../support/service.ts'
import { RawConnection } from './raw.ts'

// The host of a request, which links and the service catalog repeat.

async function versionLinks(flags: Record<string, string>, headers: readonly string[]): Promise<string> {
  const service = await startTestService({ flags })
  const connection = new RawConnection(service.url)
  try {
    connection.write(['GET /v3 HTTP/1.1', ...headers, '', ''].join('\r\n'))
    const { status, text } = await connection.answer()
    return status === 200 ? JSON.parse(text).version.links[0].href : String(status)
  } finally {
    await service.stop()
  }
}

describe('the host of a request', () => {
  it.each([
    'tags.example.com',
    'tags.example.com:8443',
    '127.0.0.1:8780',
    '[::1]:8780',
    'tag_service:8780',
    'localhost',
  ])('is repeated in links: %s', async (host) => {
    expect(await versionLinks({}, [`Host: ${host}`])).toBe(`http://${host}/v3/`)
  })

  it('is that of a trusted proxy, if it is valid', async () => {
    const trusting = { 'trusted-proxies': '127.0.0.1' }
    const forwarded = (host: string) => ['Host: inner', `X-Forwarded-Host: ${host}`, 'X-Forwarded-Proto: https']
    expect(await versionLinks(trusting, forwarded('tags.example.com'))).toBe('https://tags.example.com/v3/')
    expect(await versionLinks(trusting, forwarded('evil.example"<x>'))).toBe('400')
    expect(await versionLinks({}, forwarded('evil.example"<x>'))).toBe('http://inner/v3/')
  })
})
