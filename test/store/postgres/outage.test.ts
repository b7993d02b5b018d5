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

// Outages of the database and of the network. No time is measured: without the watchdog the calls below would never
// end.

const PASSWORD = 'hunter2'

let server: PostgresServer
let proxy: TcpProxy
let store: Store
let events: string[]

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
  events = []
  store = await openPostgresStore({
    ...postgresOptions(withPassword(proxy.url), more),
    migrates: true,
    onUnreachable: () => events.push('unreachable'),
    onReachable: () => events.push('reachable'),
  })
}

/** Adds a password, which the server ignores and no error may contain. */
function withPassword(url: string): string {
  const changed = new URL(url)
  changed.password = PASSWORD
  return changed.href
}

/** One call of each kind of operation. */
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

async function untilReachable(): Promise<void> {
  while (events.at(-1) !== 'reachable') await new Promise((resolve) => setTimeout(resolve, 20))
}

async function expectRefused(calls: readonly Promise<unknown>[]): Promise<void> {
  for (const { status, reason } of (await Promise.allSettled(calls)) as PromiseRejectedResult[]) {
    expect(status).toBe('rejected')
    expect(reason).toBeInstanceOf(StoreUnavailable)
    expect(inspect(reason, { depth: 12 })).not.toContain(PASSWORD)
  }
}

describe('an unreachable database', () => {
  it.each(['fast', 'immediate'] as const)(
    'every call fails while the server is stopped (%s), and succeeds after its restart',
    async (how) => {
      await open()
      const project = `stopped ${how}`
      await store.commit(project, [register('kept')])
      await server.stop(how)
      try {
        for (let i = 0; i < 3; i++) await expectRefused(everyCall(project))
      } finally {
        await server.start()
      }
      await untilReachable()
      expect(events).toEqual(['unreachable', 'reachable'])
      expect((await contentsOf(store, project)).resources.map(({ id }) => id)).toEqual(['kept'])
      expect(await store.commit(project, [register('after')])).toHaveLength(1)
    },
  )

  it('calls in flight fail when the server stops answering', async () => {
    await open()
    await store.commit('frozen', [register('kept')])
    const thaw = await server.freeze()
    try {
      await expectRefused(everyCall('frozen'))
      await expectRefused(everyCall('frozen'))
    } finally {
      thaw()
    }
    await untilReachable()
    expect(events).toEqual(['unreachable', 'reachable'])
    expect(await store.getRevision('frozen')).toBeGreaterThanOrEqual(1)
  })

  it('calls in flight fail when the network drops all packets', async () => {
    await open()
    await store.commit('swallowed', [register('kept')])
    proxy.decide(() => 'swallowed')
    await expectRefused(everyCall('swallowed'))
    await expectRefused(everyCall('swallowed'))
    proxy.decide(() => 'passed')
    await untilReachable()
    expect((await contentsOf(store, 'swallowed')).resources.map(({ id }) => id)).toEqual(['kept'])
  })

  it('closing the store does not wait for an unreachable database', async () => {
    await open()
    await store.commit('closed', [register('kept')])
    proxy.decide(() => 'swallowed')
    const asked = store.getRevision('closed')
    await expect(asked).rejects.toThrow(StoreUnavailable)
    await store.close()
    expect(events).toEqual(['unreachable'])
  })
})

describe('a connection that is lost during a commit', () => {
  // The command ends in NUL, unlike READ COMMITTED at the beginning of a transaction.
  const isCommit = (text: string) => text.includes('COMMIT\0')

  it.each([
    ['passed-and-cut', ['a', 'b']],
    ['cut', []],
  ] as const)(
    'a connection lost during the commit (%s) leaves the outcome unknown, and all writes or none of them done',
    async (fate, expected) => {
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
      // The server finishes the commit after the connection is cut.
      const log = await settledLog(project, expected.length)
      // Either transaction may get the lock on the project's row first.
      expect(log.map(({ revision }) => revision)).toEqual(expected.map((_id, i) => i + 1))
      expect(log.map(({ id }) => id).toSorted()).toEqual(expected)
      expect((await contentsOf(store, project)).resources).toHaveLength(expected.length)
      expect(await store.getRevision(project)).toBe(expected.length)
    },
  )

  async function settledLog(project: string, length: number) {
    for (;;) {
      const log = await store.changesSince(project, 0, 10)
      if (log.length >= length) return log
    }
  }

  it('a transaction that loses its connection before the commit is retried over another one', async () => {
    await open()
    let cuts = 0
    proxy.decide((text) => (text.includes('change_log') && cuts++ === 0 ? 'cut' : 'passed'))
    expect(await store.commit('again', [register('a')])).toMatchObject([{ outcome: 'changed', revision: 1 }])
    expect(cuts).toBeGreaterThan(0)
    expect(logInShort(await store.changesSince('again', 0, 10))).toEqual(['1 register a'])
  })
})
