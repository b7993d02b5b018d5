import { readFileSync } from 'node:fs'
import { createServer as createHttpsServer } from 'node:https'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { run, startProxy } from './run.ts'

let test: TestService
beforeAll(async () => {
  test = await startTestService()
})
afterAll(() => test.stop())

describe('client commands', () => {
  it('a failed connection is reported with the URL and how to start a service', async () => {
    const free = createServer()
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
    const { port } = free.address() as { port: number }
    await new Promise((resolve) => free.close(resolve))
    const { code, stdout, stderr } = await run(['count'], { endpoint: `http://127.0.0.1:${port}` })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      new RegExp(`^error: cannot connect to the service at http://127.0.0.1:${port}: ECONNREFUSED`),
    )
    expect(stderr).toContain(' serve"')
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it('a certificate of an unknown authority is reported with the variable to set', async () => {
    const fixture = (name: string) => readFileSync(join(import.meta.dirname, '../support/tls', name))
    const server = createHttpsServer({ cert: fixture('first.crt'), key: fixture('first.key') })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const { code, stderr } = await run(['count'], { endpoint: `https://127.0.0.1:${port}` })
    await new Promise((resolve) => server.close(resolve))
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: cannot verify the certificate of the service at .*: DEPTH_ZERO_SELF_SIGNED_CERT\. /)
    expect(stderr).toContain('NODE_EXTRA_CA_CERTS')
  })

  it('a wrong password is reported', async () => {
    const { code, stderr } = await run(['token'], { endpoint: test.url, env: { TAGWERK_PASSWORD: 'wrong' } })
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^error: the service answered 401 Unauthorized: The username or password is wrong\. \(request \w+\)\n$/,
    )
  })

  it.each([
    ['{"error":{"message":"M","code":"IMG.1"}}', 'IMG.1: M'],
    ['{"error_code":"DBS.1","error_msg":"M"}', 'DBS.1: M'],
  ])('an error with the body %s is reported with its code and message', async (body, words) => {
    const proxy = await startProxy(test.url, (request, response) => {
      if (request.url?.startsWith('/v3/auth/tokens')) return false
      response.writeHead(500).end(body)
      return true
    })
    const { code, stderr } = await run(['count'], { endpoint: proxy.url })
    await proxy.stop()
    expect({ code, stderr }).toEqual({ code: 1, stderr: `error: the service answered 500 ${words}\n` })
  })

  it('an expired token is replaced once', async () => {
    let refused = 0
    let logins = 0
    const proxy = await startProxy(test.url, (request, response) => {
      if (request.url?.startsWith('/v3/auth/tokens')) logins++
      else if (refused++ === 0) response.writeHead(401).end('{}')
      return response.headersSent
    })
    expect(await run(['count', '--project', 'default'], { endpoint: proxy.url })).toMatchObject({
      code: 0,
      stdout: '0\n',
    })
    expect(logins).toBe(2)
    await proxy.stop()
  })

  it('the service accepts the token that the command token prints', async () => {
    const { code, stdout } = await run(['token', '--project', 'default'], { endpoint: test.url })
    expect(code).toBe(0)
    const answer = await test.call('GET', `/v3/${test.project}/tags`, { token: stdout.trim() })
    expect(answer.status).toBe(200)
  })

  it('token --json prints a token for the domain, or for the project of the variable', async () => {
    const inDomain = await run(['token', '--json'], { endpoint: test.url, env: { TAGWERK_PROJECT: '' } })
    expect(JSON.parse(inDomain.stdout)).toMatchObject({ token: { domain: { name: 'default' } } })
    const inProject = await run(['token', '--json'], { endpoint: test.url, env: { TAGWERK_PROJECT: 'default' } })
    const body = JSON.parse(inProject.stdout)
    expect(body).toMatchObject({ token: { project: { id: test.project }, user: { name: 'admin' } } })
    expect(body['X-Subject-Token']).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
  })

  it('projects lists ids and names, and the id of the domain', async () => {
    const { stdout } = await run(['projects', '--json'], { endpoint: test.url })
    const { projects, domain } = JSON.parse(stdout)
    expect(projects).toMatchObject([{ id: test.project, name: 'default', domain_id: domain.id }])
    expect(domain).toEqual({ id: expect.stringMatching(/^[0-9a-f]{32}$/), name: 'default' })
    expect((await run(['projects'], { endpoint: test.url })).stdout).toBe(
      `ID                                NAME     DOMAIN ID\n${test.project}  default  ${domain.id}\n`,
    )
  })
})
