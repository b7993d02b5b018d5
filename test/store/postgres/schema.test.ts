import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { SCHEMA_VERSION } from '../../../src/store/migrate.ts'
import { migrateStore } from '../../../src/store/open.ts'
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts'
import type { Store } from '../../../src/store/store.ts'
import { createDatabase, postgresOptions, runSql, type TestDatabase } from '../../support/postgres.ts'

const databases: TestDatabase[] = []
afterEach(async () => {
  for (const database of databases.splice(0)) await database.drop()
})

async function database(more = ''): Promise<TestDatabase> {
  const made = await createDatabase(more)
  databases.push(made)
  return made
}

function open(url: string, migrates = false): Promise<Store> {
  const events = { onUnreachable: () => undefined, onReachable: () => undefined }
  return openPostgresStore({ ...postgresOptions(url), ...events, migrates })
}

describe('the schema', () => {
  it('the schema is created once when several nodes start at once', async () => {
    const { url } = await database()
    const stores = await Promise.all(Array.from({ length: 5 }, () => open(url, true)))
    expect(await runSql(url, 'SELECT version FROM schema_version')).toEqual([{ version: SCHEMA_VERSION }])
    for (const store of stores) await store.close()
    // A schema of the current version is left unchanged.
    await (await open(url, true)).close()
    await (await open(url)).close()
  })

  it('a missing or older schema is refused, and the message names the migrate command', async () => {
    const { url } = await database()
    const advice = ': run "tagwerk migrate" with the same --store first, or start with --migrate'
    await expect(open(url)).rejects.toThrow(`the database has no schema of Tagwerk yet${advice}`)
    await runSql(url, 'CREATE TABLE schema_version (version INTEGER NOT NULL)')
    await expect(open(url)).rejects.toThrow('no schema of Tagwerk yet')
    await runSql(url, 'INSERT INTO schema_version VALUES (1)')
    const older = `the database has schema 1, and this Tagwerk needs ${SCHEMA_VERSION}${advice}`
    await expect(open(url)).rejects.toThrow(older)
  })

  it('a schema of a newer program is refused and left unchanged', async () => {
    const { url } = await database()
    const location = { engine: 'postgres', shownUrl: '', migrates: false, ...postgresOptions(url) } as const
    expect(await migrateStore(location)).toBe(SCHEMA_VERSION)
    await runSql(url, `UPDATE schema_version SET version = ${SCHEMA_VERSION + 1}`)
    for (const migrates of [false, true]) await expect(open(url, migrates)).rejects.toThrow('newer Tagwerk')
    await expect(migrateStore(location)).rejects.toThrow('newer Tagwerk')
    expect(await runSql(url, 'SELECT version FROM schema_version')).toEqual([{ version: SCHEMA_VERSION + 1 }])
  })

  it('a migration that fails leaves no table behind', async () => {
    const { url } = await database()
    await runSql(url, 'CREATE TABLE image_member (something TEXT)')
    await expect(open(url, true)).rejects.toThrow('image_member')
    expect(await runSql(url, `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)).toEqual([
      { tablename: 'image_member' },
    ])
  })
})

describe('a database', () => {
  it('a database of another encoding than UTF-8 is refused', async () => {
    const { url } = await database(`ENCODING 'LATIN1' LOCALE 'C'`)
    await expect(open(url, true)).rejects.toThrow('the database has the encoding LATIN1: UTF8 is needed')
  })

  it('a database with asynchronous commits is refused', async () => {
    const { url } = await database()
    await runSql(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET synchronous_commit = off`)
    await expect(open(url, true)).rejects.toThrow('synchronous_commit = off')
  })

  it('a server without TLS is refused when sslmode requires it, and the message names sslmode=disable', async () => {
    const { url } = await database()
    await expect(open(url.replace('sslmode=disable', 'sslmode=require'))).rejects.toThrow(
      /does not support SSL.*\?sslmode=disable/,
    )
  })

  it('the error for an unreachable database does not contain the password', async () => {
    for (const url of [
      'postgres://u:hunter2@127.0.0.1:1/d?sslmode=disable',
      'postgres://u:hunter2@localhost:1/d?sslmode=disable',
    ]) {
      const error = await open(url).catch((thrown: unknown) => thrown)
      expect(String(error)).toMatch(/the database cannot be used: .*ECONNREFUSED/)
      expect(inspect(error, { depth: 10 })).not.toContain('hunter2')
    }
  })
})
