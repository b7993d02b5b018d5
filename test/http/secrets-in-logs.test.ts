import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startServiceProcess } from '../support/process.ts'
import { callSample, operationsOf, SAMPLES } from '../support/samples/all.ts'
import { makeWorld } from '../support/samples/sample.ts'
import { ADMIN_PASSWORD, type CallOptions, connectTestService, type TestService } from '../support/service.ts'

// Calls every operation with the most talkative log, and then searches the log for every secret that was sent or received.

const CHEAP_SERVICE = join(import.meta.dirname, '../support/cheap-service.ts')
const FLAGS = ['--log-level', 'trace', '--request-log', 'all', '--faults', 'on']

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-secrets-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const SECRET_MEMBERS = /^(password|original_password|secret|adminPass)$/
const SECRET_HEADERS = ['x-auth-token', 'x-subject-token']

/** Every value of a secret member, at any depth. */
function secretsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    SECRET_MEMBERS.test(name) && typeof member === 'string' ? [member] : secretsOf(member),
  )
}

/** The same service, noting the secrets of all calls. */
function noting(service: TestService, secrets: Set<string>): TestService {
  const call = async (method: string, path: string, options: CallOptions = {}) => {
    const answer = await service.call(method, path, options)
    const sent = typeof options.body === 'string' ? [] : secretsOf(options.body)
    for (const secret of [...sent, ...secretsOf(answer.body)]) secrets.add(secret)
    for (const name of SECRET_HEADERS) {
      for (const secret of [options.headers?.[name], answer.headers.get(name)]) if (secret) secrets.add(secret)
    }
    if (options.token) secrets.add(options.token)
    return answer
  }
  return { ...service, call }
}

it('no password, token or secret key is in any line of the log, whatever is called', { timeout: 120_000 }, async () => {
  const started = await startServiceProcess(folder, ADMIN_PASSWORD, FLAGS, [process.execPath, CHEAP_SERVICE])
  let log = ''
  started.child.stderr?.on('data', (chunk: Buffer) => (log += chunk))
  const secrets = new Set([ADMIN_PASSWORD])
  const service = noting(await connectTestService(started.url, folder), secrets)
  secrets.add(service.token)
  const world = await makeWorld(service)
  const operations = await operationsOf(service)
  for (const operation of operations) {
    const sample = SAMPLES[operation]
    if (sample === undefined) continue
    const filled = await sample.fill(world)
    // Once as it is, once by a caller without rights, and once with a body that breaks the schema.
    await callSample(operation, world, filled, filled.token ?? world.domainToken)
    await callSample(operation, world, filled, null)
    const broken = { ...(filled.body as object), password: 'a Passphrase at the top 9' }
    if (filled.body !== undefined) await callSample(operation, world, { ...filled, body: broken }, service.token)
  }
  const ended = once(started.child, 'close')
  expect(await started.stop()).toBe(0)
  await ended
  const lines = log.trim().split('\n')
  expect(operations.length).toBeGreaterThan(100)
  expect(lines.filter((line) => line.includes('"msg":"answered"')).length).toBeGreaterThan(operations.length)
  expect(lines.filter((line) => line.includes('"log":"security"')).length).toBeGreaterThan(50)
  expect(secrets.size).toBeGreaterThan(10)
  for (const secret of secrets) {
    const found = lines.filter((line) => line.includes(secret) || line.includes(JSON.stringify(secret).slice(1, -1)))
    expect([secret, found]).toEqual([secret, []])
  }
  expect(log).not.toMatch(/scrypt\$/)
})
