import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { readServiceConfig } from '../../src/config/config.ts'
import { startService } from '../../src/service/start.ts'
import { parseOpenMetrics, sumOf } from '../support/open-metrics.ts'
import { startServiceProcess } from '../support/process.ts'
import { ADMIN_PASSWORD, startTestService, type TestService } from '../support/service.ts'

// The console as a browser gets it, from a small build made here.

const PAGE = '<!doctype html><title>Tagwerk</title><meta property="csp-nonce" nonce="%CSP_NONCE%">'
const SCRIPT = `console.log("${'tag '.repeat(200)}")`
const HASHED = 'assets/index-AbCd_123.js'
const TLS = join(import.meta.dirname, '../support/tls')
const BROWSER = 'text/html,application/xhtml+xml,*/*;q=0.8'

let folder: string
let service: TestService
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-console-'))
  await writeBuild(folder)
  service = await startTestService({ config: { consoleFolder: folder } })
})
afterAll(async () => {
  await service.stop()
  await rm(folder, { recursive: true, force: true })
})

async function writeBuild(place: string): Promise<void> {
  const files = [
    { path: 'index.html', mediaType: 'text/html; charset=utf-8', sum: 'p', isHashed: false, packed: [] },
    { path: HASHED, mediaType: 'text/javascript; charset=utf-8', sum: 's1', isHashed: true, packed: ['br', 'gzip'] },
    { path: 'assets/inter-12345678.woff2', mediaType: 'font/woff2', sum: 'f', isHashed: true, packed: [] },
    { path: 'licenses.md', mediaType: 'text/markdown; charset=utf-8', sum: 'l', isHashed: false, packed: [] },
  ]
  const contents: Record<string, string | Buffer> = {
    'index.html': PAGE,
    [HASHED]: SCRIPT,
    [`${HASHED}.br`]: brotliCompressSync(SCRIPT),
    [`${HASHED}.gz`]: gzipSync(SCRIPT),
    'assets/inter-12345678.woff2': 'font',
    'licenses.md': '# Licenses',
    'build.json': JSON.stringify({ files }),
  }
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(dirname(join(place, path)), { recursive: true })
    await writeFile(join(place, path), content)
  }
}

type Got = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer }

/** Asks as a browser does: without unpacking, and without following redirects. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', url = service.url): Promise<Got> {
  const { protocol, hostname: host, port } = new URL(url)
  const request = protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    // Given a URL, Node would shorten its path.
    const options = { host, port, path, method, headers, rejectUnauthorized: false, agent: false }
    const sent = request(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('end', () =>
        resolve({ status: response.statusCode as number, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    })
    sent.once('error', reject).end()
  })
}

function nonceOf({ headers }: Got): string {
  return /style-src 'self' 'nonce-([^']+)'/.exec(headers['content-security-policy'] as string)?.[1] as string
}

describe('the address of the service', () => {
  it('a browser that asks for the address alone is redirected to the console', async () => {
    for (const [method, path] of [
      ['GET', '/'],
      ['HEAD', '/'],
      ['GET', '/?x=1'],
    ] as const) {
      const { status, headers, body } = await ask(path, { accept: BROWSER }, method)
      expect([status, headers.location, headers.vary, body.length]).toEqual([302, '/console/', 'Accept', 0])
    }
  })

  it('a client that does not ask for HTML gets the versions of the tag service', async () => {
    for (const accept of ['application/json', '*/*', undefined]) {
      const { status, body } = await ask('/', accept === undefined ? {} : { accept })
      expect([status, Object.keys(JSON.parse(body.toString()))]).toEqual([200, ['versions']])
    }
  })

  it('another method of the address is not redirected, whatever it accepts', async () => {
    expect((await ask('/', { accept: BROWSER }, 'POST')).status).toBe(405)
  })

  it('an address that stands for the tag service is not redirected', async () => {
    expect((await ask('/tms/default', { accept: BROWSER })).status).toBe(200)
  })

  it('/console without a slash is redirected to the console', async () => {
    const { status, headers } = await ask('/console')
    expect([status, headers.location]).toEqual([302, '/console/'])
  })
})

describe('the page', () => {
  it('every path of the console that is no file is the page, which caches ask for again', async () => {
    const paths = ['', 'index.html', 'default/explore?q=env', 'default/r/images%2Fx', 'a/../b', 'assetsx', '%E6%A0%87']
    for (const path of paths) {
      const { status, headers, body } = await ask(`/console/${path}`)
      const shown = [status, headers['content-type'], headers['cache-control'], headers.etag]
      expect([path, ...shown]).toEqual([path, 200, 'text/html; charset=utf-8', 'no-cache', undefined])
      expect(body.toString()).toContain('<title>Tagwerk</title>')
    }
  })

  it('each page has a nonce of its own, in its text and in its policy', async () => {
    const pages = [await ask('/console/'), await ask('/console/')]
    const nonces = pages.map(nonceOf)
    expect(nonces[0]).toMatch(/^[\w+/]{22}==$/)
    expect(nonces[0]).not.toBe(nonces[1])
    for (const [i, { body }] of pages.entries())
      expect(body.toString()).toBe(PAGE.replace('%CSP_NONCE%', nonces[i] as string))
  })

  it('the policy of the page allows nothing from elsewhere, and neither inline code nor eval', async () => {
    const got = await ask('/console/')
    expect(got.headers['content-security-policy']).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonceOf(got)}'; img-src 'self' data:; ` +
        "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    expect(got.headers['x-content-type-options']).toBe('nosniff')
    expect(got.headers['referrer-policy']).toBe('no-referrer')
    expect(got.headers['cross-origin-opener-policy']).toBe('same-origin')
  })

  it('answers of the APIs have none of these headers', async () => {
    const { headers } = await ask('/version')
    expect(Object.keys(headers).filter((name) => /policy/.test(name))).toEqual([])
  })
})

describe('a file', () => {
  it('a file with a hashed name may be kept for ever, and has a policy without a nonce', async () => {
    const { status, headers, body } = await ask(`/console/${HASHED}`)
    expect([status, headers['content-type'], body.toString()]).toEqual([200, 'text/javascript; charset=utf-8', SCRIPT])
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(headers['content-security-policy']).toContain("style-src 'self';")
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  it('a file with a plain name is asked for again', async () => {
    const { headers, body } = await ask('/console/licenses.md')
    expect([headers['cache-control'], headers.etag, headers.vary]).toEqual(['no-cache', '"l"', undefined])
    expect(body.toString()).toBe('# Licenses')
  })

  it.each([
    ['gzip, deflate, br, zstd', 'br', '"s1.br"'],
    ['gzip, deflate', 'gzip', '"s1.gz"'],
    ['GZIP;q=0.5, br;q=0', 'gzip', '"s1.gz"'],
    ['*', 'br', '"s1.br"'],
    ['*;q=0', 'identity', '"s1"'],
    ['br;q=0, *;q=0.1', 'gzip', '"s1.gz"'],
    ['identity', 'identity', '"s1"'],
    ['brx, xgzip', 'identity', '"s1"'],
    ['', 'identity', '"s1"'],
  ])('with Accept-Encoding "%s" it is sent as %s', async (accepted, encoding, tag) => {
    const got = await ask(`/console/${HASHED}`, accepted === '' ? {} : { 'accept-encoding': accepted })
    const { headers, body } = got
    const shown = [headers['content-encoding'] ?? 'identity', headers.etag, headers.vary]
    expect(shown).toEqual([encoding, tag, 'Accept-Encoding'])
    expect(headers['content-length']).toBe(String(body.length))
    const unpack = { br: brotliDecompressSync, gzip: gunzipSync }[encoding] ?? ((packed: Buffer) => packed)
    expect(unpack(body).toString()).toBe(SCRIPT)
  })

  it('a font is sent as it is', async () => {
    const { headers, body } = await ask('/console/assets/inter-12345678.woff2', { 'accept-encoding': 'br' })
    expect([headers['content-encoding'], headers['content-type'], body.toString()]).toEqual([
      undefined,
      'font/woff2',
      'font',
    ])
  })

  it('a client that has the file in this encoding is told so with 304', async () => {
    const known = (tag: string) => ask(`/console/${HASHED}`, { 'accept-encoding': 'br', 'if-none-match': tag })
    for (const tag of ['"s1.br"', 'W/"s1.br"', '"other", "s1.br"', '*']) {
      const { status, headers, body } = await known(tag)
      expect([tag, status, headers.etag, body.length]).toEqual([tag, 304, '"s1.br"', 0])
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    }
    for (const tag of ['"s1"', '"s1.gz"', '"other"', 's1.br'])
      expect([tag, (await known(tag)).status]).toEqual([tag, 200])
  })

  it('a file that is not there is answered with 404 below assets', async () => {
    for (const path of ['assets/', 'assets/index-0ld00000.js', 'assets/%2E%2E/build.json', `${HASHED}.br`]) {
      const { status, headers, body } = await ask(`/console/${path}`)
      expect([path, status, headers['content-type']]).toEqual([path, 404, 'text/plain; charset=utf-8'])
      expect([headers['cache-control'], body.toString()]).toEqual(['no-store', 'There is no such file.\n'])
    }
  })

  it('no path leads out of the console or to its description', async () => {
    for (const path of [
      'build.json',
      '../package.json',
      '%2E%2E%2Fbuild.json',
      '..%2f..%2fetc%2fpasswd',
      '//etc/passwd',
    ]) {
      expect((await ask(`/console/${path}`)).body.toString()).not.toMatch(/"files"|"name"|root:/)
    }
  })
})

describe('a request of the console', () => {
  it('HEAD has the headers of GET and no body', async () => {
    for (const path of ['/console/default', `/console/${HASHED}`, '/console/assets/none.js']) {
      const [get, head] = [await ask(path), await ask(path, {}, 'HEAD')]
      const lasting = ({ headers }: Got) => {
        const { date: _date, 'content-security-policy': _policy, ...others } = headers
        return Object.fromEntries(Object.entries(others).filter(([name]) => !name.endsWith('request-id')))
      }
      expect([head.status, lasting(head), head.body.length]).toEqual([get.status, lasting(get), 0])
    }
  })

  it('every other method is answered with 405', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      for (const path of ['/console', '/console/', `/console/${HASHED}`]) {
        const { status, headers, body } = await ask(path, {}, method)
        expect([method, status, headers.allow]).toEqual([method, 405, 'GET, HEAD'])
        expect(body.toString()).toBe('The console can only be read.\n')
      }
    }
  })

  it('a host that is none is refused as anywhere', async () => {
    expect((await ask('/console/', { host: 'a b' })).status).toBe(400)
  })
})

describe('the setting --console', () => {
  it('off leaves no console and no redirect', async () => {
    const off = await startTestService({ flags: { console: 'off' } })
    onTestFinished(() => off.stop())
    for (const path of ['/console', '/console/', `/console/${HASHED}`]) {
      expect((await ask(path, { accept: BROWSER }, 'GET', off.url)).status).toBe(404)
    }
    expect((await ask('/', { accept: BROWSER }, 'GET', off.url)).status).toBe(200)
  })

  it('without a build the console says how to make one, and is there once it is made', async () => {
    const place = await mkdtemp(join(tmpdir(), 'tagwerk-console-'))
    onTestFinished(() => rm(place, { recursive: true, force: true }))
    const unbuilt = await startTestService({ config: { consoleFolder: join(place, 'dist') } })
    onTestFinished(() => unbuilt.stop())
    const { status, headers, body } = await ask('/console/', {}, 'GET', unbuilt.url)
    expect([status, headers['content-type']]).toEqual([503, 'text/plain; charset=utf-8'])
    expect(body.toString()).toContain('npm run console:build')
    await writeBuild(join(place, 'dist'))
    expect((await ask('/console/', {}, 'GET', unbuilt.url)).status).toBe(200)
  })

  it('workers serve the console', async () => {
    const shared = await startTestService({ flags: { workers: '2' }, config: { consoleFolder: folder } })
    onTestFinished(() => shared.stop())
    for (let i = 0; i < 8; i++) {
      const page = await ask('/console/', {}, 'GET', shared.url)
      expect([page.status, page.body.toString()]).toEqual([200, PAGE.replace('%CSP_NONCE%', nonceOf(page))])
    }
  })

  it('the console is served over https', async () => {
    const data = await mkdtemp(join(tmpdir(), 'tagwerk-console-'))
    const flags = { listen: '127.0.0.1:0', data, 'log-level': 'fatal', 'security-log': 'off' }
    const tls = { 'tls-cert': join(TLS, 'first.crt'), 'tls-key': join(TLS, 'first.key') }
    const config = readServiceConfig({ flags: { ...flags, ...tls }, env: {} })
    const secure = await startService({ ...config, consoleFolder: folder }, { passwordCost: { n: 2, r: 1, p: 1 } })
    onTestFinished(async () => {
      await secure.stop()
      await rm(data, { recursive: true, force: true })
    })
    expect(secure.url).toMatch(/^https:/)
    expect((await ask('/', { accept: BROWSER }, 'GET', secure.url)).headers.location).toBe('/console/')
    expect((await ask(`/console/${HASHED}`, {}, 'GET', secure.url)).body.toString()).toBe(SCRIPT)
  })
})

it('requests of the console have one label in the metrics', async () => {
  const flags = { 'metrics-listen': '127.0.0.1:0' }
  const measured = await startTestService({ flags, config: { consoleFolder: folder } })
  onTestFinished(() => measured.stop())
  for (const path of ['/console', '/console/', '/console/a', `/console/${HASHED}`, '/console/assets/none.js']) {
    await ask(path, {}, 'GET', measured.url)
  }
  await ask('/', { accept: BROWSER }, 'GET', measured.url)
  const families = parseOpenMetrics(await (await fetch(measured.service.metricsUrl as string)).text())
  const lines = families.get('tagwerk_requests')?.lines.filter(({ labels }) => labels.family === 'console')
  const counted = lines?.map(({ labels, value }) => [labels.operation, labels.status, value])
  expect(counted).toEqual([
    ['showConsole', '2xx', 3],
    ['showConsole', '3xx', 2],
    ['showConsole', '4xx', 1],
  ])
  expect(sumOf(families, 'tagwerk_requests_in_flight', {})).toBe(0)
})

it('the log of requests has those of the console like others', async () => {
  const child = await startServiceProcess(join(folder, 'data'), ADMIN_PASSWORD, ['--request-log', 'all'])
  onTestFinished(() => child.kill())
  await ask('/console/a', {}, 'GET', child.url)
  await ask('/console/assets/none.js', {}, 'GET', child.url)
  await expect.poll(child.output).toMatch(/"url":"\/console\/assets\/none.js","operation":"showConsole"/)
  expect(child.output()).toMatch(/"url":"\/console\/a","operation":"showConsole"/)
})
