import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readServiceConfig } from '../../src/config/config.ts'
import { ResourceTypes } from '../../src/core/resource-types.ts'
import { newAccounts } from '../../src/iam/initial-accounts.ts'
import { SecretRing } from '../../src/iam/secret-ring.ts'
import { type RunningServer, startServer } from '../../src/service/assembly.ts'
import { StoreHealth } from '../../src/service/store-health.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { type Store, type StoreFailure, StoreUnavailable } from '../../src/store/store.ts'

// What callers, load balancers and the log learn from a store that fails.

const CHEAP = { n: 2, r: 1, p: 1 }
const PATH = '/data/tagwerk.sqlite'

let folder: string
let server: RunningServer
let lines: Record<string, unknown>[]
let token: string
/** What fails, and how. */
let broken: { writes?: StoreFailure; reads?: StoreFailure }
let nowMs: number

/** A store whose calls fail as `broken` says. */
function breakable(store: Store): Store {
  const failWhen = (failure: StoreFailure | undefined) => {
    if (failure !== undefined) throw new StoreUnavailable(`${PATH}: it fails`, failure)
  }
  return {
    ...store,
    commit: async (...args) => {
      failWhen(broken.writes)
      return store.commit(...args)
    },
    probeWrite: async () => {
      failWhen(broken.writes)
      return store.probeWrite()
    },
    getAccountsRevision: async () => {
      failWhen(broken.reads)
      return store.getAccountsRevision()
    },
  }
}

async function start(flags: Record<string, string> = {}): Promise<void> {
  const config = readServiceConfig({ flags: { listen: '127.0.0.1:0', data: folder, ...flags }, env: {} })
  const log = pino({ level: 'warn' }, { write: (line: string) => lines.push(JSON.parse(line)) })
  const health = new StoreHealth(log, () => nowMs)
  const store = health.watch(breakable(await openSqliteStore(folder, () => undefined)))
  const accounts = await newAccounts(store, 'secret', CHEAP, 'default', SecretRing.none)
  if (accounts !== undefined) await store.createInitialAccounts(accounts.records)
  server = await startServer(config, {
    ...{
      store,
      health,
      log,
      report: () => undefined,
      clock: Date.now,
      monotonicClock: () => nowMs,
      random: () => 0,
      passwordCost: CHEAP,
      types: ResourceTypes.builtIn,
      droppedLines: () => 0,
    },
    secrets: SecretRing.none,
    snapshots: () => ({}),
    refreshesSnapshots: false,
  })
  const user = { name: 'admin', password: 'secret', domain: { name: 'default' } }
  const scope = { project: { name: 'default' } }
  const auth = { identity: { methods: ['password'], password: { user } }, scope }
  const answer = await call('POST', '/v3/auth/tokens', { auth })
  token = answer.headers.get('x-subject-token') as string
}

async function call(method: string, path: string, body?: object) {
  const headers = { 'content-type': 'application/json', ...(token !== '' && { 'x-auth-token': token }) }
  const answer = await fetch(server.url + path, { method, headers, body: body ? JSON.stringify(body) : null })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, text, body: text === '' ? undefined : JSON.parse(text) }
}

/** Waits for a line of the log. */
async function lineWith(text: string): Promise<Record<string, unknown>> {
  for (let tries = 0; tries < 1500; tries++) {
    const found = lines.find(({ msg }) => String(msg).includes(text))
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`no such line: ${text}`)
}

const createImage = () => call('POST', '/v2/images', { name: 'i' })
const listImages = () => call('GET', '/v2/images')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-failing-'))
  lines = []
  token = ''
  broken = {}
  nowMs = 0
})
afterEach(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('a store whose writes fail', () => {
  it('answers writes with 503 and what is the matter, without paths, and goes on reading', async () => {
    await start()
    broken = { writes: 'full' }
    const answer = await createImage()
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
    expect(answer.body.error.message).toBe('Unknown system error. The disk of the store is full.')
    broken = { writes: 'read-only' }
    expect((await createImage()).body.error.message).toContain('The store is read-only.')
    const { status } = await listImages()
    expect(status).toBe(200)
  })

  it('is one line of the log for any number of refusals, and one with their number when it works again', async () => {
    await start()
    broken = { writes: 'full' }
    for (let i = 0; i < 30; i++) expect((await createImage()).status).toBe(503)
    expect(lines.map(({ level, failure, msg }) => ({ level, failure, msg }))).toEqual([
      { level: 50, failure: 'full', msg: 'writes of the store fail, answering 503' },
    ])
    expect(JSON.stringify(lines)).toContain(PATH)
    broken = {}
    nowMs += 60_000
    const end = await lineWith('work again')
    expect(end).toMatchObject({ level: 40, msg: 'writes of the store work again', seconds: 60 })
    expect(end.failures).toBeGreaterThanOrEqual(30)
    expect(lines).toHaveLength(2)
  })

  it('is one line of the log for each reason, also when reasons alternate', async () => {
    await start()
    for (const writes of ['full', 'full', 'disk', 'full', 'disk'] as const) {
      broken = { writes }
      await createImage()
    }
    expect(lines.map(({ failure }) => failure)).toEqual(['full', 'disk'])
  })

  it('/readyz answers 200 with "writes": false and the reason, and true as soon as a write works', async () => {
    await start()
    broken = { writes: 'full' }
    await createImage()
    const { status, body } = await call('GET', '/readyz')
    expect([status, body]).toEqual([200, { status: 'ok', writes: false, reason: 'The disk of the store is full.' }])
    broken = {}
    await createImage()
    expect((await call('GET', '/readyz')).body).toEqual({ status: 'ok', writes: true })
  })

  it('/readyz finds out by itself, without a write of a caller', async () => {
    await start()
    broken = { writes: 'disk' }
    nowMs += 60_000
    expect((await call('GET', '/readyz')).body).toMatchObject({ writes: false, reason: 'The disk of the store fails.' })
    broken = {}
    nowMs += 60_000
    expect((await call('GET', '/readyz')).body).toEqual({ status: 'ok', writes: true })
  })

  it('with --ready-when writes, /readyz answers 503 until writes work', async () => {
    await start({ 'ready-when': 'writes' })
    expect((await call('GET', '/readyz')).status).toBe(200)
    broken = { writes: 'read-only' }
    await createImage()
    const { status, body } = await call('GET', '/readyz')
    expect([status, body]).toEqual([503, { status: 'unavailable', writes: false, reason: 'The store is read-only.' }])
  })
})

describe('a store whose reads fail', () => {
  it('is one line of the log, and /readyz answers 503 with the reason, without paths', async () => {
    await start()
    broken = { reads: 'damaged' }
    for (let i = 0; i < 20; i++) expect((await listImages()).status).toBe(503)
    expect(lines.map(({ level, failure, msg }) => ({ level, failure, msg }))).toEqual([
      { level: 50, failure: 'damaged', msg: 'reads of the store fail, answering 503' },
    ])
    const { status, body } = await call('GET', '/readyz')
    expect([status, body]).toEqual([
      503,
      {
        status: 'unavailable',
        writes: false,
        reason: 'The disk of the store failed to read, or the store is damaged.',
      },
    ])
    broken = {}
    nowMs += 10_000
    expect(await lineWith('work again')).toMatchObject({ msg: 'reads of the store work again', failures: 20 })
  })
})
