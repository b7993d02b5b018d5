import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServiceProcess } from '../support/process.ts'
import { ADMIN_PASSWORD, connectTestService, type TestService } from '../support/service.ts'

const CHEAP_SERVICE = join(import.meta.dirname, '../support/cheap-service.ts')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-requests-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The request lines of a service after some calls, without those of the log-in at the start. */
async function linesOf(name: string, flags: readonly string[], calls: (service: TestService) => Promise<unknown>) {
  const program = [process.execPath, CHEAP_SERVICE] as const
  const all = ['--security-log', 'off', ...flags]
  const started = await startServiceProcess(join(folder, name), ADMIN_PASSWORD, all, program)
  let log = ''
  started.child.stderr?.on('data', (chunk: Buffer) => (log += chunk))
  await calls(await connectTestService(started.url, folder))
  const ended = once(started.child, 'close')
  await started.stop()
  await ended
  const lines = log
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  return lines.filter(({ msg, operation }) => msg === 'answered' && operation !== 'KeystoneCreateUserTokenByPassword')
}

const someCalls = async (service: TestService) => {
  await service.call('POST', '/v2/images', { body: { name: 'i' } })
  await service.call('GET', '/v2/images/none')
  await service.call('GET', '/nowhere', { token: null })
}

describe('the log of requests', () => {
  it('has user, project, operation, status, duration, bytes, request id and address', async () => {
    let expected: Record<string, unknown> = {}
    const [line, ...others] = await linesOf('all', ['--request-log', 'all'], async (service) => {
      const answer = await service.call('POST', '/v2/images', { body: { name: 'i' } })
      expected = { reqId: answer.headers.get('x-request-id'), projectId: service.project, status: answer.status }
      expected.bytesMin = answer.text.length
    })
    expect(others).toEqual([])
    const { bytesMin, ...members } = expected
    expect(line).toMatchObject({
      ...members,
      level: 30,
      method: 'POST',
      url: '/v2/images',
      operation: 'GlanceCreateImageMetadata',
      userId: expect.stringMatching(/^[0-9a-f]{32}$/),
      userName: 'admin',
      address: '127.0.0.1',
    })
    expect(line.durationMs).toBeGreaterThan(0)
    expect(line.bytes).toBeGreaterThan(Number(bytesMin))
    expect(line.bytes).toBeLessThan(Number(bytesMin) + 1000)
  })

  it('has failed requests only with --request-log errors, whatever the level of the log', async () => {
    const lines = await linesOf('errors', ['--request-log', 'errors', '--log-level', 'error'], someCalls)
    expect(lines.map(({ url, status }) => [url, status])).toEqual([
      ['/v2/images/none', 404],
      ['/nowhere', 404],
    ])
    expect(lines[1]).not.toHaveProperty('userId')
  })

  it('has nothing by default, and every request at level debug', async () => {
    expect(await linesOf('off', [], someCalls)).toEqual([])
    const lines = await linesOf('debug', ['--log-level', 'debug'], someCalls)
    expect(lines.map(({ level, status }) => [level, status])).toEqual([
      [20, 201],
      [20, 404],
      [20, 404],
    ])
  })
})
