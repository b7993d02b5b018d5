import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'

let folder: string
let file: string
let service: TestService
let domainToken: string
let seen: number
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-security-'))
  file = join(folder, 'security.log')
  service = await startTestService({ flags: { 'security-log': file, 'trusted-proxies': '127.0.0.1' } })
  domainToken = await service.tokenFor(undefined)
})
afterAll(async () => {
  await service.stop()
  await rm(folder, { recursive: true, force: true })
})

async function allLines(): Promise<Record<string, unknown>[]> {
  const text = await readFile(file, 'utf8')
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

/** The lines since the start of the test, once there are so many. */
async function lines(count: number): Promise<Record<string, unknown>[]> {
  for (let tries = 0; tries < 1500; tries++) {
    const found = (await allLines()).slice(seen)
    if (found.length >= count) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`fewer than ${count} lines`)
}

beforeEach(async () => {
  await new Promise((resolve) => setTimeout(resolve, 100))
  seen = (await allLines()).length
})

const FORWARDED = { 'x-forwarded-for': '203.0.113.7' }

function logIn(name: string, password: string, scope?: object) {
  const user = { name, password, domain: { name: 'default' } }
  const auth = { identity: { methods: ['password'], password: { user } }, ...(scope && { scope }) }
  return service.call('POST', '/v3/auth/tokens', { token: null, body: { auth }, headers: FORWARDED })
}

async function createUser(name: string): Promise<string> {
  const body = { user: { name, password: 'a good Passphrase 1' } }
  return (await service.call('POST', '/v3/users', { token: domainToken, body })).body.user.id
}

describe('the security log', () => {
  it('is a file that only its owner can read', async () => {
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('has log-ins with user, client address and request id', async () => {
    const id = await createUser('ann')
    const answer = await logIn('ann', 'a good Passphrase 1')
    expect(answer.status).toBe(403)
    const wrong = await logIn('ann', 'wrong')
    const [created, refused, failed] = await lines(3)
    expect(created).toMatchObject({ log: 'security', event: 'user.created', outcome: 'success', targetName: 'ann' })
    expect(refused).toMatchObject({ event: 'login', outcome: 'failure', reason: 'no-role-in-scope', userId: id })
    expect(failed).toEqual({
      level: 40,
      time: expect.any(Number),
      pid: process.pid,
      hostname: expect.any(String),
      log: 'security',
      event: 'login',
      outcome: 'failure',
      reason: 'wrong-password',
      userId: id,
      userName: 'ann',
      address: '203.0.113.7',
      reqId: wrong.headers.get('x-request-id'),
      msg: 'login failure',
    })
    await service.tokenFor('default')
    const success = (await lines(4))[3]
    expect(success).toMatchObject({ level: 30, event: 'login', outcome: 'success', userName: 'admin' })
    expect(success?.detail).toEqual({ scope: { kind: 'project', id: service.project } })
  })

  it('does not have the name of an unknown user, which may be a password', async () => {
    await logIn('Tr0ub4dor&3', 'x')
    const [line] = await lines(1)
    expect(line).toMatchObject({ event: 'login', outcome: 'failure', reason: 'unknown-user' })
    expect(JSON.stringify(line)).not.toContain('Tr0ub4dor')
  })

  it('has one line for a lock-out, and none for the attempts while it lasts', async () => {
    await createUser('bob')
    for (let i = 0; i < 15; i++) await logIn('bob', `wrong ${i}`)
    const found = (await lines(12)).slice(1)
    const events = found.map(({ event }) => event)
    expect(events).toEqual([...Array<string>(10).fill('login'), 'login.locked'])
    expect(found.at(-1)).toMatchObject({
      userName: 'bob',
      detail: { lockedSeconds: 60, network: expect.stringContaining('203.0.113') },
    })
  })

  it('has refused callers: without a good token, without the right, and with a bad signature', async () => {
    await service.call('GET', '/v2/images', { token: 'broken' })
    await service.call('GET', '/v3/users')
    const signed = {
      'x-sdk-date': new Date().toISOString().replace(/[-:]|\.\d+/g, ''),
      authorization: `SDK-HMAC-SHA256 Access=NOSUCHKEY, SignedHeaders=x-sdk-date, Signature=${'0'.repeat(64)}`,
    }
    await service.call('GET', '/v2/images', { token: null, headers: signed })
    const found = await lines(3)
    expect(found).toMatchObject([
      { event: 'authentication', outcome: 'failure', reason: 'token-unreadable', address: '127.0.0.1' },
      {
        event: 'authorization',
        outcome: 'failure',
        reason: 'scope-forbidden',
        userName: 'admin',
        detail: { operation: 'KeystoneListUsers', action: 'iam:users:listUsers', projectId: service.project },
      },
      { event: 'authentication', outcome: 'failure', reason: 'access-key-unknown', detail: { accessKey: 'NOSUCHKEY' } },
    ])
    expect(found[0]).not.toHaveProperty('userId')
  })

  it('has revoked tokens and changes that were refused', async () => {
    const token = await service.tokenFor('default')
    await service.call('DELETE', '/v3/auth/tokens', { headers: { 'x-subject-token': token } })
    const body = { user: { name: 'carol', password: 'a good Passphrase 1' } }
    await service.call('POST', '/v3/users', { token: domainToken, body })
    const { body: session } = await service.call('GET', '/v3/auth/tokens', {
      headers: { 'x-subject-token': domainToken },
      token: domainToken,
    })
    const admin = session.token.user.id
    await service.call('DELETE', `/v3/users/${admin}`, { token: domainToken })
    const found = (await lines(4)).slice(1)
    expect(found).toMatchObject([
      { event: 'token.revoked', outcome: 'success', userName: 'admin', targetKind: 'user' },
      { event: 'user.created', outcome: 'success', userName: 'admin', targetName: 'carol' },
      { event: 'user.deleted', outcome: 'failure', reason: 'last-admin', targetId: admin },
    ])
  })

  it('has at most 50 failures of a kind in a second, and the number of the others', async () => {
    await Promise.all(Array.from({ length: 200 }, () => service.call('GET', '/v2/images', { token: 'broken' })))
    await new Promise((resolve) => setTimeout(resolve, 1000))
    await service.call('GET', '/v2/images', { token: 'broken' })
    const suppressedIn = (found: readonly Record<string, unknown>[]) =>
      found.reduce((sum, line) => sum + Number(line.suppressed ?? 0), 0)
    const counted = async () => {
      const found = await lines(2)
      return found.length + suppressedIn(found)
    }
    await expect.poll(counted).toBe(201)
    expect(suppressedIn(await lines(2))).toBeGreaterThan(0)
  })
})

it('a security log that cannot be opened refuses the start with the reason', async () => {
  const flags = { 'security-log': join(folder, 'missing/security.log') }
  await expect(startTestService({ flags })).rejects.toThrow(/cannot open the security log: ENOENT.*--security-log/)
})
