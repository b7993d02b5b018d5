import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { run, startProxy } from './run.ts'

let test: TestService
beforeAll(async () => {
  test = await startTestService()
})
afterAll(() => test.stop())

const PAGE = '<html><head><title>Error</title></head><body>nginx</body></html>'
const COMMANDS = [
  ['count'],
  ['query'],
  ['tags'],
  ['tag', 'x', 'a=b'],
  ['token'],
  ['projects'],
  ['access-key'],
  ['user', 'list'],
  ['user', 'show', 'ann'],
  ['user', 'create', 'ann', '--without-password'],
  ['project', 'list'],
  ['project', 'delete', 'default', '--yes'],
  ['role', 'list'],
  ['role', 'assign', 'readonly', 'ann', '--in-domain'],
  ['key', 'list'],
  ['key', 'delete', 'x', '--yes'],
  ['import', '-'],
  ['export'],
]

/** Runs a command behind a proxy that answers every request, or every one but the login. */
async function runBehind(
  argv: readonly string[],
  status: number,
  body: string,
  { headers = {}, afterLogin = true }: { headers?: Record<string, string>; afterLogin?: boolean } = {},
) {
  const proxy = await startProxy(test.url, (request, response) => {
    if (afterLogin && request.url?.startsWith('/v3/auth/tokens')) return false
    response.writeHead(status, { 'retry-after': '0', ...headers }).end(body)
    return true
  })
  const stdin = '{"resource_type":"images","resource_id":"x","project":"default"}\n'
  const result = await run(argv, { endpoint: proxy.url, stdin })
  await proxy.stop()
  return { ...result, url: proxy.url }
}

describe('errors that do not come from Tagwerk', () => {
  it.each(COMMANDS)('the command %s names the status of a proxy and never prints its page', async (...argv) => {
    for (const status of [200, 302, 403, 413, 502]) {
      const { code, stdout, stderr, url } = await runBehind(argv, status, PAGE, { afterLogin: false })
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain(url)
      expect(stderr).toContain(String(status))
      expect(stderr).toContain('not come from Tagwerk')
      expect(stderr).not.toContain('<')
    }
  })

  it.each(COMMANDS.filter(([name]) => name !== 'token'))(
    'the command %s does not take the page of a proxy for an answer after the login',
    async (...argv) => {
      const { code, stdout, stderr } = await runBehind(argv, 200, PAGE, { headers: { 'content-type': 'text/html' } })
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain('not come from Tagwerk')
      expect(stderr).not.toContain('<')
    },
  )

  it.each([
    [413, 'client_max_body_size'],
    [404, '--endpoint'],
    [401, 'login'],
    [502, 'Check that the service runs'],
    [418, 'the log of the proxy'],
  ])('status %s of a proxy is reported with the remedy "%s"', async (status, remedy) => {
    const { stderr, url } = await runBehind(['count'], status, PAGE)
    expect(stderr).toMatch(`error: ${url} answered ${status} `)
    expect(stderr).toContain(remedy)
  })

  it('a redirect is reported with its target and is not followed', async () => {
    const { code, stderr } = await runBehind(['count'], 301, PAGE, { headers: { location: 'https://tags.example/' } })
    expect(code).toBe(1)
    expect(stderr).toContain('answered 301 Moved Permanently')
    expect(stderr).toContain('It redirects to https://tags.example/')
  })

  it.each(['', 'null', '[]', '{"message":"M"}', 'upstream error'])(
    'the body %j is not one of Tagwerk',
    async (body) => {
      const { stderr } = await runBehind(['count'], 500, body)
      expect(stderr).toMatch(/answered 500 Internal Server Error, which does not come from Tagwerk/)
    },
  )
})
