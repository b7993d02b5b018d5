import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts'
import { migratePostgres } from '../../../src/store/postgres/schema.ts'
import type { Store, Verdict } from '../../../src/store/store.ts'
import type { PolicyPlace, StoredTagPolicy } from '../../../src/store/tag-policy-store.ts'
import { initialAccounts } from '../../conformance/account-store.ts'
import { register, setTags } from '../../conformance/requests.ts'
import { createDatabase, EMPTY_EVERY_TABLE, postgresOptions, type TestDatabase } from '../../support/postgres.ts'

// Two nodes on one database: each commit is held to the policies that were put before it began.

const DOMAIN: PolicyPlace = { level: 'domain', id: 'd1' }

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

async function node(): Promise<Store> {
  const events = { onUnreachable: () => undefined, onReachable: () => undefined }
  const store = await openPostgresStore({ ...postgresOptions(database.url), ...events, migrates: false })
  opened.push(store)
  return store
}

function policy(name: string, ...values: readonly string[]): StoredTagPolicy {
  const block = { fold: 'env', tag_value: { assign: values }, enforced_for: { assign: ['images'] } }
  return { name, document: '{}', policy: { blocks: [block] }, actor: 'u1', updatedAtMs: 1 }
}

const outcome = ([verdict]: readonly Verdict[]) => (verdict?.outcome === 'refused' ? verdict.code : verdict?.outcome)

it('a policy that one node has put refuses the next write of another', async () => {
  const [a, b] = [await node(), await node()]
  await a.createInitialAccounts(initialAccounts())
  await b.commit('p1', [register('i')])
  for (const [i, value] of ['v0', 'v1', 'v2'].entries()) {
    expect(outcome(await b.commit('p1', [setTags('i', `env=${value}`)]))).toBe('changed')
    await a.putTagPolicy(DOMAIN, policy('a', `v${i + 1}`), 9)
    expect(outcome(await b.commit('p1', [setTags('i', 'env=other')]))).toBe('tag-policy-violated')
  }
  await b.deleteTagPolicy(DOMAIN, 'a')
  expect(outcome(await a.commit('p1', [setTags('i', 'env=other')]))).toBe('changed')
})

it('a policy is not acknowledged while a commit that knows nothing of it can still take effect', async () => {
  const [a, b] = [await node(), await node()]
  await a.createInitialAccounts(initialAccounts())
  await a.commit('p1', [register('i')])
  const other = new pg.Client({ connectionString: database.url })
  await other.connect()
  await other.query('BEGIN')
  await other.query(`SELECT revision FROM project_state WHERE project_id = 'p1' FOR UPDATE`)
  let isPut = false
  const put = a.putTagPolicy(DOMAIN, policy('a', 'prod'), 9).then(() => {
    isPut = true
  })
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(isPut).toBe(false)
  await other.query('COMMIT')
  await other.end()
  await put
  expect(outcome(await b.commit('p1', [setTags('i', 'env=x')]))).toBe('tag-policy-violated')
})

it('of writes beside changes of the policy each is held to the one before or after it', async () => {
  const [a, b] = [await node(), await node()]
  await a.createInitialAccounts(initialAccounts())
  await b.commit('p1', [register('i', 'n=0')])
  let isDone = false
  const writing = (async () => {
    for (let i = 0; !isDone; i++) {
      const [verdict] = await b.commit('p1', [setTags('i', `env=v${i % 2}`, `n=${i}`)])
      expect(['changed', 'tag-policy-violated']).toContain(
        verdict?.outcome === 'refused' ? verdict.code : verdict?.outcome,
      )
    }
  })()
  for (let i = 0; i < 20; i++) {
    await a.putTagPolicy(DOMAIN, policy('a', `v${i % 2}`), 9)
    const forbidden = outcome(await b.commit('p1', [setTags('i', `env=v${(i + 1) % 2}`, `m=${i}`)]))
    const allowed = outcome(await b.commit('p1', [setTags('i', `env=v${i % 2}`, `m=a${i}`)]))
    // The tag may be there already, from before the policy: then it is not set.
    expect(['tag-policy-violated', 'changed']).toContain(forbidden)
    expect(allowed).toBe('changed')
  }
  isDone = true
  await writing
})

it('two nodes that put policies at once leave what both say together', async () => {
  const [a, b] = [await node(), await node()]
  await a.createInitialAccounts(initialAccounts())
  await Promise.all([
    ...[1, 2, 3].map((i) => a.putTagPolicy(DOMAIN, policy(`a${i}`, 'x'), 9)),
    ...[1, 2, 3].map((i) => b.putTagPolicy({ level: 'project', id: 'p1' }, policy(`b${i}`, 'y'), 9)),
    ...[1, 2, 3].map((i) => b.commit('p1', [register(`i${i}`)])),
  ])
  expect((await a.getEffectivePolicy('p1')).rules).toMatchObject([{ key: 'env', values: ['y'] }])
  const left = await admin.query('SELECT count(*)::int AS count FROM effective_policy')
  expect(left.rows).toEqual([{ count: 1 }])
})
