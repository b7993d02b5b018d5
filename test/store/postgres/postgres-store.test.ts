import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PostgresOptions } from '../../../src/store/postgres/client-config.ts'
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts'
import { migratePostgres } from '../../../src/store/postgres/schema.ts'
import { type Store, StoreUnavailable } from '../../../src/store/store.ts'
import { contentsOf, logInShort, register, setTags } from '../../conformance/requests.ts'
import { createDatabase, EMPTY_EVERY_TABLE, postgresOptions, type TestDatabase } from '../../support/postgres.ts'

let database: TestDatabase
let admin: pg.Client
const opened: Store[] = []

beforeAll(async () => {
  database = await createDatabase()
  await migratePostgres(postgresOptions(database.url))
  admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
})

afterAll(async () => {
  await admin.end()
  await database.drop()
})

beforeEach(async () => {
  await admin.query(EMPTY_EVERY_TABLE)
})

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
})

async function open(more: Partial<PostgresOptions> = {}): Promise<Store> {
  const events = { onUnreachable: () => undefined, onReachable: () => undefined }
  const store = await openPostgresStore({ ...postgresOptions(database.url, more), ...events, migrates: false })
  opened.push(store)
  return store
}

/** Locks the row of a project, as another node does during a commit. */
async function lockRow(project: string): Promise<{ unlock(): Promise<void> }> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query('BEGIN')
  await client.query('INSERT INTO project_state VALUES ($1, 0, 0)', [project])
  return {
    unlock: async () => {
      await client.query('COMMIT')
      await client.end()
    },
  }
}

async function readThrough(batches: AsyncIterable<unknown>): Promise<void> {
  for await (const batch of batches) expect(batch).toBeDefined()
}

/** Waits until `count` connections wait for a lock, and returns their process ids. */
async function waiters(count: number): Promise<readonly number[]> {
  const sql = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  for (;;) {
    const { rows } = await admin.query<{ pid: number }>(sql)
    if (rows.length >= count) return rows.map(({ pid }) => pid)
  }
}

describe('concurrent commits', () => {
  it('concurrent commits of one project each run in a transaction, and every revision is given once', async () => {
    const store = await open()
    await Promise.all(Array.from({ length: 100 }, (_, i) => store.commit('p', [register(`i${i}`)])))
    const { rows } = await admin.query('SELECT COUNT(DISTINCT xmin::text) AS number FROM change_log')
    expect(Number(rows[0].number)).toBe(100)
    expect((await store.changesSince('p', 0, 200)).map(({ revision }) => revision)).toEqual(
      Array.from({ length: 100 }, (_, i) => i + 1),
    )
  })

  it('a failing commit does not fail concurrent commits of the same project', async () => {
    const store = await open()
    const broken = { ...register('broken'), id: {} as unknown as string }
    const calls = Array.from({ length: 4 }, (_, w) =>
      store.commit('p', [
        ...Array.from({ length: 900 }, (_, i) => register(`${w}-${i}`)),
        ...(w === 1 ? [broken] : []),
      ]),
    )
    const results = await Promise.allSettled(calls)
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value.length : 'failed'))).toEqual([
      900,
      'failed',
      900,
      900,
    ])
    const { rows } = await admin.query('SELECT COUNT(*) AS number FROM change_log GROUP BY xmin::text')
    expect(rows.map(({ number }) => Number(number))).toEqual([900, 900, 900])
    expect(await store.getRevision('p')).toBe(2700)
  })

  it('a project that another node has locked does not delay other projects', async () => {
    const store = await open()
    const lock = await lockRow('slow')
    const slow = store.commit('slow', [register('a')])
    await waiters(1)
    await Promise.all(Array.from({ length: 20 }, (_, i) => store.commit(`quick ${i}`, [register('a')])))
    await lock.unlock()
    expect(await slow).toHaveLength(1)
  })

  it('a transaction that the server rolled back as a deadlock is retried', async () => {
    const store = await open()
    await admin.query(`CREATE SEQUENCE tries; CREATE FUNCTION undo() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
      IF nextval('tries') <= 3 THEN RAISE EXCEPTION 'undone' USING ERRCODE = '40P01'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER undo BEFORE INSERT ON change_log FOR EACH ROW EXECUTE FUNCTION undo()`)
    try {
      expect(await store.commit('p', [register('a'), setTags('a', 'k=v')])).toHaveLength(2)
      expect(logInShort(await store.changesSince('p', 0, 10))).toEqual(['1 register a', '2 set-tags a'])
      await admin.query(`ALTER SEQUENCE tries RESTART MINVALUE -1000 START -1000`)
      await admin.query(`SELECT setval('tries', -1000)`)
      await expect(store.commit('p', [register('b')])).rejects.toThrow(StoreUnavailable)
      expect(await store.getRevision('p')).toBe(2)
    } finally {
      await admin.query('DROP TRIGGER undo ON change_log; DROP FUNCTION undo; DROP SEQUENCE tries')
    }
  })

  it('a commit that waits too long for a lock fails by the statement timeout and changes nothing', async () => {
    const store = await open({ statementTimeoutMs: 200 })
    const lock = await lockRow('p')
    await expect(store.commit('p', [register('a')])).rejects.toThrow('statement timeout')
    await lock.unlock()
    expect(await contentsOf(store, 'p')).toEqual({ revision: 0, resources: [] })
    expect(await store.commit('p', [register('a')])).toHaveLength(1)
  })
})

describe('a lost connection', () => {
  it('an idle connection that is lost is replaced, and reads succeed', async () => {
    const store = await open()
    await store.commit('p', [register('a')])
    for (let i = 0; i < 3; i++) {
      await admin.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      )
      expect(await store.getRevision('p')).toBe(1)
    }
  })

  it('a transaction that loses its connection before the commit is retried once', async () => {
    const store = await open()
    const lock = await lockRow('p')
    const committed = store.commit('p', [register('a')])
    const [pid] = await waiters(1)
    await admin.query('SELECT pg_terminate_backend($1)', [pid])
    await waiters(1)
    await lock.unlock()
    expect(await committed).toMatchObject([{ outcome: 'changed', revision: 1 }])
    expect(logInShort(await store.changesSince('p', 0, 10))).toEqual(['1 register a'])
  })
})

describe('the connection pools', () => {
  it('a call fails when no connection becomes free in time, and other pools are not affected', async () => {
    const store = await open({ connectionsMax: 4, acquireTimeoutMs: 200 })
    await store.commit('p', [register('a')])
    const { batches } = await store.scan('p', ['images'])
    const second = store.scan('p', ['images'])
    await expect(second).rejects.toThrow('all 1 connections that may scan have been busy for too long')
    await expect(second).rejects.toBeInstanceOf(StoreUnavailable)
    expect(await store.getRevision('p')).toBe(1)
    expect(await store.commit('p', [register('b')])).toHaveLength(1)
    for await (const batch of batches) expect(batch).toHaveLength(1)
    expect((await contentsOf(store, 'p')).resources).toHaveLength(2)
  })

  it('the connection of a snapshot is released however the read ends', async () => {
    const store = await open({ connectionsMax: 4, acquireTimeoutMs: 2000 })
    await store.commit(
      'p',
      Array.from({ length: 1100 }, (_, i) => register(`i${i}`)),
    )
    for (let i = 0; i < 10; i++) {
      const { batches } = await store.scan('p', ['images'])
      for await (const _batch of batches) break
    }
    const { batches } = await store.scan('p', ['images'])
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`,
    )
    await expect(readThrough(batches)).rejects.toThrow(StoreUnavailable)
    expect((await contentsOf(store, 'p')).resources).toHaveLength(1100)
  })

  it('closing the store ends an open snapshot', async () => {
    const store = await open({ connectionsMax: 4 })
    const { batches } = await store.scan('p', ['images'])
    await store.close()
    await expect(readThrough(batches)).rejects.toThrow(StoreUnavailable)
    await expect(store.getRevision('p')).rejects.toThrow('closed')
  })
})

it('tables that grow from nothing are analyzed', async () => {
  const store = await open()
  await admin.query('TRUNCATE resource')
  await store.commit(
    'p',
    Array.from({ length: 1000 }, (_, i) => register(`i${i}`)),
  )
  const sql = `SELECT reltuples FROM pg_class WHERE oid = 'resource'::regclass`
  for (let seen = -1; seen !== 1000; ) seen = Number((await admin.query(sql)).rows[0].reltuples)
})

it('a stored number beyond the safe integers is an error and is not rounded', async () => {
  const store = await open()
  await admin.query(`INSERT INTO project_state VALUES ('p', 9007199254740993, 0)`)
  await expect(store.getRevision('p')).rejects.toThrow('9007199254740993')
})

it('every text column has the collation C', async () => {
  const { rows } = await admin.query(
    `SELECT table_name, column_name, collation_name FROM information_schema.columns
     WHERE table_schema = 'public' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'`,
  )
  expect(rows).toEqual([])
})
