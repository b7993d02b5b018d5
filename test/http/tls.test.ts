import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type PeerCertificate } from 'node:tls'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readServiceConfig } from '../../src/config/config.ts'
import { expiryWarning, readTls, reloadTls } from '../../src/http/tls.ts'
import { startService } from '../../src/service/start.ts'

// HTTPS, with files of certificate and key that are loaded again when they change.

const FIXTURES = join(import.meta.dirname, '../support/tls')
const DAY_MS = 86_400_000

let folder: string
let files: { certFile: string; keyFile: string }
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-tls-'))
  files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const use = async (name: 'first' | 'second') => {
  await copyFile(join(FIXTURES, `${name}.crt`), files.certFile)
  await copyFile(join(FIXTURES, `${name}.key`), files.keyFile)
}
beforeEach(() => use('first'))

function start(flags: Record<string, string>) {
  const own = { listen: '127.0.0.1:0', data: join(folder, 'data'), 'log-level': 'fatal', ...flags }
  const env = { TAGWERK_ADMIN_PASSWORD: 'only for this test' }
  return startService(readServiceConfig({ flags: own, env }), { passwordCost: { n: 2, r: 1, p: 1 } })
}

/** The cipher suite that a client gets that offers these only, up to a version; the code of the error otherwise. */
function cipherOf(url: string, ciphers: string, maxVersion: 'TLSv1.2' | 'TLSv1.3'): Promise<string | undefined> {
  const { hostname: host, port } = new URL(url)
  return new Promise((resolve) => {
    const options = { host, port: Number(port), rejectUnauthorized: false, ciphers, maxVersion }
    const socket = connect(options, () => {
      resolve(socket.getCipher().name)
      socket.end()
    })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
  })
}

function peerOf(url: string): Promise<PeerCertificate> {
  const { hostname: host, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate())
      socket.end()
    })
    socket.once('error', reject)
  })
}

async function get(url: string, ca: Buffer): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ca }, async (response) => {
      let text = ''
      for await (const chunk of response) text += chunk
      resolve({ status: response.statusCode, text })
    })
    asked.once('error', reject)
    asked.end()
  })
}

describe('a service with a certificate', () => {
  it('answers HTTPS with links to itself, and closes connections with plain HTTP', async () => {
    const flags = { 'tls-cert': files.certFile, 'tls-key': files.keyFile }
    const service = await start(flags)
    try {
      expect(service.url).toMatch(/^https:/)
      const { status, text } = await get(`${service.url}/v3`, await readFile(files.certFile))
      expect([status, JSON.parse(text).version.links[0].href]).toEqual([200, `${service.url}/v3/`])
      await expect(fetch(service.url.replace('https', 'http'))).rejects.toThrow()
      expect((await peerOf(service.url)).subject.CN).toBe('tagwerk test first')
    } finally {
      await service.stop()
    }
  })

  it('offers suites with forward secrecy and authenticated encryption only', async () => {
    const service = await start({ 'tls-cert': files.certFile, 'tls-key': files.keyFile })
    try {
      const offered = (ciphers: string) => cipherOf(service.url, ciphers, 'TLSv1.2')
      expect(await cipherOf(service.url, 'TLS_AES_256_GCM_SHA384', 'TLSv1.3')).toBe('TLS_AES_256_GCM_SHA384')
      expect(await offered('DEFAULT')).toMatch(/^ECDHE-.*(GCM|POLY1305)/)
      for (const weak of ['AES128-GCM-SHA256', 'AES256-SHA', 'ECDHE-RSA-AES128-SHA', 'ECDHE-ECDSA-AES128-SHA256']) {
        expect([weak, await offered(weak)]).toEqual([weak, 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE'])
      }
    } finally {
      await service.stop()
    }
  })

  it.each([
    ['a missing file', { 'tls-cert': '/nowhere/c.pem' }, '--tls-cert: cannot read /nowhere/c.pem: ENOENT'],
    [
      'a key of another certificate',
      { 'tls-key': join(FIXTURES, 'second.key') },
      'does not belong to the certificate in',
    ],
    [
      'a key in place of the certificate',
      { 'tls-cert': join(FIXTURES, 'first.key') },
      'must hold a certificate in PEM form',
    ],
    ['a certificate in place of the key', { 'tls-key': join(FIXTURES, 'first.crt') }, 'must hold a private key'],
  ])('does not start with %s', async (_name, wrong, message) => {
    const flags = { 'tls-cert': files.certFile, 'tls-key': files.keyFile, ...wrong }
    await expect(start(flags)).rejects.toThrow(message)
  })
})

describe('certificate and key', () => {
  it('are loaded again when both have changed, and kept while they do not fit together', async () => {
    const contexts: string[] = []
    const lines: string[] = []
    const log = {
      info: (_: object, text: string) => lines.push(text),
      warn: (_: object, text: string) => lines.push(text),
    }
    const server = { setSecureContext: ({ cert }: { cert?: unknown }) => void contexts.push(String(cert)) }
    const end = reloadTls(server, files, log as never, 20)
    try {
      await copyFile(join(FIXTURES, 'second.crt'), files.certFile)
      await expect.poll(() => lines).toContain('TLS certificate not reloaded, the previous one stays in use')
      expect(contexts).toEqual([])
      await copyFile(join(FIXTURES, 'second.key'), files.keyFile)
      await expect.poll(() => contexts.at(-1)).toBe(await readFile(join(FIXTURES, 'second.crt'), 'utf8'))
      await writeFile(files.keyFile, 'no key')
      const before = contexts.length
      await expect.poll(() => lines.at(-1)).toMatch(/not reloaded/)
      expect(contexts).toHaveLength(before)
    } finally {
      end()
    }
  })

  it('a certificate that expires within two weeks, or has expired, causes a warning', () => {
    const { expiresAtMs } = readTls(files)
    expect(expiryWarning(expiresAtMs, expiresAtMs - 15 * DAY_MS)).toBeUndefined()
    expect(expiryWarning(expiresAtMs, expiresAtMs - 13 * DAY_MS)).toMatch(
      /^the certificate of --tls-cert expires at \d{4}-/,
    )
    expect(expiryWarning(expiresAtMs, expiresAtMs + 1)).toMatch(/ expired at /)
  })
})
