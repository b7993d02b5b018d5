import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readServiceConfig } from '../../src/config/config.ts'
import { ResourceTypes } from '../../src/core/resource-types.ts'
import { newAccounts } from '../../src/iam/initial-accounts.ts'
import { SecretRing } from '../../src/iam/secret-ring.ts'
import { startServer } from '../../src/service/assembly.ts'
import { prepareAccounts } from '../../src/service/initial-accounts.ts'
import { startService } from '../../src/service/start.ts'
import { StoreHealth } from '../../src/service/store-health.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { createDatabase } from '../support/postgres.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { sendSigned } from '../support/signing.ts'

const CHEAP = { n: 2, r: 1, p: 1 }

describe('the first project', () => {
  let service: TestService
  beforeAll(async () => {
    service = await startTestService({ flags: { region: 'eu-de' } })
  })
  afterAll(() => service.stop())

  const namesOf = (projects: readonly { readonly name: string }[]) => projects.map(({ name }) => name)

  it('the first start makes one project, named after the region, which SDKs find by that name', async () => {
    const token = await service.tokenFor(undefined)
    const found = await service.call('GET', '/v3/projects?name=eu-de', { token })
    expect(namesOf(found.body.projects)).toEqual(['eu-de'])
    expect(namesOf((await service.call('GET', '/v3/projects', { token })).body.projects)).toEqual(['eu-de'])
  })

  it('looking up a project that does not exist creates none', async () => {
    const token = await service.tokenFor(undefined)
    expect((await service.call('GET', '/v3/projects?name=local', { token })).body.projects).toEqual([])
    expect((await service.call('GET', '/v3/projects/local', { token })).status).toBe(404)
    expect(namesOf((await service.call('GET', '/v3/projects', { token })).body.projects)).toEqual(['eu-de'])
  })
})

describe('the first accounts', () => {
  let folder: string
  let taken: Server
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagwerk-first-start-'))
    taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
  })
  afterEach(async () => {
    taken.close()
    await rm(folder, { recursive: true, force: true })
  })

  const configOf = (flags: Readonly<Record<string, string>>, env = {}) =>
    readServiceConfig({ flags: { listen: '127.0.0.1:0', data: folder, 'log-level': 'fatal', ...flags }, env })

  it.each([
    ['SQLite', '1'],
    ['SQLite', '2'],
    ['PostgreSQL', '1'],
    ['PostgreSQL', '2'],
  ])(
    'over %s with %s workers, a first start on a taken port leaves no accounts, and the next one gives a password',
    {
      timeout: 240_000,
    },
    async (engine, workers) => {
      const database = engine === 'PostgreSQL' ? await createDatabase() : undefined
      const flags = { workers, ...(database !== undefined && { store: database.url, migrate: 'on' }) }
      const { port } = taken.address() as { port: number }
      const failing = startService(configOf({ ...flags, listen: `127.0.0.1:${port}` }), { passwordCost: CHEAP })
      await expect(failing).rejects.toThrow('EADDRINUSE')
      const service = await startService(configOf(flags), { passwordCost: CHEAP })
      expect(service.newAdminPassword).toMatch(/^[\w-]{20}$/)
      await service.stop()
      await database?.drop()
    },
  )

  it('a server without accounts is not ready and answers 503, until the accounts are created', async () => {
    const log = pino({ level: 'silent' })
    const health = new StoreHealth(log, () => 0)
    const store = health.watch(await openSqliteStore(folder, () => undefined))
    const server = await startServer(configOf({}), {
      store,
      health,
      log,
      report: () => undefined,
      clock: () => Date.UTC(2026, 0, 1),
      monotonicClock: () => 0,
      random: () => 0,
      passwordCost: CHEAP,
      types: ResourceTypes.builtIn,
      droppedLines: () => 0,
      secrets: SecretRing.none,
      snapshots: () => ({}),
      refreshesSnapshots: false,
    })
    const logIn = () => {
      const user = { name: 'admin', password: 'secret', domain: { name: 'default' } }
      const body = JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } } } })
      const headers = { 'content-type': 'application/json' }
      return fetch(`${server.url}/v3/auth/tokens`, { method: 'POST', headers, body })
    }
    const ready = await fetch(`${server.url}/readyz`)
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'unavailable', writes: false, reason: 'The initial accounts do not exist yet.' },
    ])
    expect((await logIn()).status).toBe(503)
    const accounts = await newAccounts(store, 'secret', CHEAP, 'default', SecretRing.none)
    if (accounts !== undefined) await store.createInitialAccounts(accounts.records)
    expect([(await fetch(`${server.url}/readyz`)).status, (await logIn()).status]).toEqual([200, 201])
    await server.stop()
  })

  it.each([
    ['short', 'TAGWERK_ADMIN_PASSWORD: must have at least 8 characters.'],
    ['Password1', 'TAGWERK_ADMIN_PASSWORD: must be none of the 3,000 most common passwords.'],
  ])('a first start with the password %s is refused and leaves no accounts', async (password, message) => {
    const start = (env: object) => startService(configOf({}, env), { passwordCost: CHEAP })
    await expect(start({ TAGWERK_ADMIN_PASSWORD: password })).rejects.toThrow(message)
    const service = await start({})
    expect(service.newAdminPassword).toMatch(/^[\w-]{20}$/)
    await service.stop()
    // A store that has accounts is not affected.
    await (await start({ TAGWERK_ADMIN_PASSWORD: password })).stop()
  })

  it('a start warns about TAGWERK_ADMIN_PASSWORD only if the administrator has another password', async () => {
    const store = await openSqliteStore(folder, () => undefined)
    const warnings: string[] = []
    const log = { warn: (message: string) => warnings.push(message) } as unknown as Logger
    const startWith = async (env: Record<string, string>) =>
      (await prepareAccounts(store, configOf({}, env), CHEAP, SecretRing.none, log, Date.now))()
    expect(await startWith({ TAGWERK_ADMIN_PASSWORD: 'the first one' })).toBeUndefined()
    await startWith({ TAGWERK_ADMIN_PASSWORD: 'the first one' })
    await startWith({})
    expect(warnings).toEqual([])
    await startWith({ TAGWERK_ADMIN_PASSWORD: 'second' })
    expect(warnings).toEqual([
      expect.stringMatching(/^TAGWERK_ADMIN_PASSWORD is not used: .* "tagwerk admin-password"/),
    ])
    await store.close()
  })

  it('the first start makes the access key of the variables, encrypted, and a later one warns if it is not in use', async () => {
    const pair = {
      TAGWERK_ACCESS_KEY: 'ABCDEFGHIJKLMNOP',
      TAGWERK_ACCESS_KEY_SECRET: 'abcdefghij0123456789abcdefghij01',
    }
    const store = await openSqliteStore(folder, () => undefined)
    const warnings: string[] = []
    const log = { warn: (message: string) => warnings.push(message) } as unknown as Logger
    const ring = SecretRing.parse(Buffer.alloc(32, 7).toString('base64'))
    const startWith = async (env: Record<string, string>) =>
      (await prepareAccounts(store, configOf({}, env), CHEAP, ring, log, () => 4711))()
    await startWith(pair)
    const key = await store.getAccessKey(pair.TAGWERK_ACCESS_KEY)
    expect(key).toMatchObject({ active: true, locked: false, createdAtMs: 4711 })
    expect(key?.secretKey).not.toContain(pair.TAGWERK_ACCESS_KEY_SECRET)
    await startWith(pair)
    expect(warnings).toEqual([])
    await startWith({ ...pair, TAGWERK_ACCESS_KEY_SECRET: 'another-one-0123456789-abcdefghij' })
    await startWith({ ...pair, TAGWERK_ACCESS_KEY: 'ANOTHERKEY123456' })
    const notUsed = expect.stringMatching(/^TAGWERK_ACCESS_KEY is not used: .* "tagwerk key create"/)
    expect(warnings).toEqual([notUsed, notUsed])
    await store.close()
  })

  it('the access key of the variables signs requests, also in worker processes', async () => {
    const key = { access: 'ABCDEFGHIJKLMNOP', secret: 'abcdefghij0123456789abcdefghij01' }
    const env = { TAGWERK_ACCESS_KEY: key.access, TAGWERK_ACCESS_KEY_SECRET: key.secret }
    const service = await startService(configOf({ workers: '2', 'security-log': 'off' }, env), { passwordCost: CHEAP })
    try {
      const call = { method: 'GET', path: '/v3/projects' }
      expect((await sendSigned(service.url, key, call)).status).toBe(200)
      expect((await sendSigned(service.url, { ...key, secret: 'other' }, call)).status).toBe(401)
    } finally {
      await service.stop()
    }
  })
})
