import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { PostgresOptions } from '../../../src/store/postgres/client-config.ts'
import { OutcomeUnknown } from '../../../src/store/postgres/errors.ts'
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts'
import { type Store, StoreUnavailable } from '../../../src/store/store.ts'
import { initialAccounts } from '../../conformance/account-store.ts'
import { contentsOf, logInShort, register } from '../../conformance/requests.ts'
import { postgresOptions } from '../../support/postgres.ts'
import { createPostgresServer, type PostgresServer } from '../../support/postgres-server.ts'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts'

// What happens when the database, or the way to it, goes away. No time is measured here: without its watch over the
// server, what is asked below would wait for ever.

const PASSWORD = 'hunter2'

let server: PostgresServer
let proxy: TcpProxy
let store: Store
let told: string[]

beforeAll(async () => {
  server = await createPostgresServer()
})

afterAll(() => server.dispose())

afterEach(async () => {
  await store.close()
  await proxy.stop()
})

async function open(more: Partial<PostgresOptions> = {}): Promise<void> {
  proxy = await startTcpProxy(server.url)
  told = []
  store = await openPostgresStore({
    ...postgresOptions(withPassword(proxy.url), more),
    ...{ migrates: true, onUnreachable: () => told.push('away'), onReachable: () => told.push('back') },
  })
}

/** The server asks for none; what is told of trouble must not show it. */
function withPassword(url: string): string {
  const changed = new URL(url)
  changed.password = PASSWORD
  return changed.href
}

/** One call of each kind. */
function everyCall(project: string): readonly Promise<unknown>[] {
  return [
    store.getRevision(project),
    store.changesSince(project, 0, 10),
    store.getUser('u'),
    store.scan(project, ['images']),
    store.commit(project, [register('lost')]),
    store.createInitialAccounts(initialAccounts()),
    store.putPredefinedTags('d', [{ key: 'k', value: 'v' }], 1, 10),
  ]
}

async function untilBack(): Promise<void> {
  while (told.at(-1) !== 'back') await new Promise((resolve) => setTimeout(resolve, 20))
}

async function expectRefused(calls: readonly Promise<unknown>[]): Promise<void> {
  for (const { status, reason } of (await Promise.allSettled(calls)) as PromiseRejectedResult[]) {
    expect(status).toBe('rejected')
    expect(reason).toBeInstanceOf(StoreUnavailable)
    expect(inspect(reason, { depth: 12 })).not.toContain(PASSWORD)
  }
}

describe('a database that is away', () => {
  it.each(['fast', 'immediate'] as const)('(%s stop) refuses every call, and serves again by itself', async (how) => {
    await open()
    const project = `stopped ${how}`
    await store.commit(project, [register('kept')])
    await server.stop(how)
    try {
      for (let i = 0; i < 3; i++) await expectRefused(everyCall(project))
    } finally {
      await server.start()
    }
    await untilBack()
    expect(told).toEqual(['away', 'back'])
    expect((await contentsOf(store, project)).resources.map(({ id }) => id)).toEqual(['kept'])
    expect(await store.commit(project, [register('after')])).toHaveLength(1)
  })

  it('refuses what was under way when it stopped answering', async () => {
    await open()
    await store.commit('frozen', [register('kept')])
    const thaw = await server.freeze()
    try {
      await expectRefused(everyCall('frozen'))
      await expectRefused(everyCall('frozen'))
    } finally {
      thaw()
    }
    await untilBack()
    expect(told).toEqual(['away', 'back'])
    expect(await store.getRevision('frozen')).toBeGreaterThanOrEqual(1)
  })

  it('refuses what was under way when the network began to swallow everything', async () => {
    await open()
    await store.commit('swallowed', [register('kept')])
    proxy.decide(() => 'swallowed')
    await expectRefused(everyCall('swallowed'))
    await expectRefused(everyCall('swallowed'))
    proxy.decide(() => 'passed')
    await untilBack()
    expect((await contentsOf(store, 'swallowed')).resources.map(({ id }) => id)).toEqual(['kept'])
  })

  it('is closed without waiting for it', async () => {
    await open()
    await store.commit('closed', [register('kept')])
    proxy.decide(() => 'swallowed')
    const asked = store.getRevision('closed')
    await expect(asked).rejects.toThrow(StoreUnavailable)
    await store.close()
    expect(told).toEqual(['away'])
  })
})

describe('a connection that is lost during a commit', () => {
  // Not the words READ COMMITTED at the beginning of a transaction.
  const isCommit = (text: string) => text.includes('COMMIT\0')

  it.each([
    ['passed-and-cut', ['a', 'b']],
    ['cut', []],
  ] as const)('(%s) leaves the outcome unknown, and the writes whole or not at all', async (fate, expected) => {
    await open()
    const project = `unknown ${fate}`
    proxy.decide((text) => (isCommit(text) ? fate : 'passed'))
    const together = [store.commit(project, [register('a')]), store.commit(project, [register('b')])]
    const single = await Promise.allSettled(together)
    proxy.decide(() => 'passed')
    // Each has its own transaction, so each loses its own connection.
    for (const { status, reason } of single as PromiseRejectedResult[]) {
      expect(status).toBe('rejected')
      expect(reason).toBeInstanceOf(OutcomeUnknown)
      expect(reason.message).toContain('which may have taken place')
    }
    // Whether it took place shows when the server is done with the connection that was cut.
    const log = await settledLog(project, expected.length)
    // Either transaction may get the lock on the project's row first.
    expect(log.map(({ revision }) => revision)).toEqual(expected.map((_id, i) => i + 1))
    expect(log.map(({ id }) => id).toSorted()).toEqual(expected)
    expect((await contentsOf(store, project)).resources).toHaveLength(expected.length)
    expect(await store.getRevision(project)).toBe(expected.length)
  })

  async function settledLog(project: string, length: number) {
    for (;;) {
      const log = await store.changesSince(project, 0, 10)
      if (log.length >= length) return log
    }
  }

  it('changes nothing when it was lost before, and the work is done over another one', async () => {
    await open()
    let cuts = 0
    proxy.decide((text) => (text.includes('change_log') && cuts++ === 0 ? 'cut' : 'passed'))
    expect(await store.commit('again', [register('a')])).toMatchObject([{ outcome: 'changed', revision: 1 }])
    expect(cuts).toBeGreaterThan(0)
    expect(logInShort(await store.changesSince('again', 0, 10))).toEqual(['1 register a'])
  })
})
