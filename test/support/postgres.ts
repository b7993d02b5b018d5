import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import type { PostgresOptions } from '../../src/store/postgres/client-config.ts'
import { ask } from './on-demand.ts'

/** A database of its own on the server of the run. */
export type TestDatabase = { readonly url: string; drop(): Promise<void> }

/** Makes an empty database. `more` goes on with the statement that makes it. */
export async function createDatabase(more = ''): Promise<TestDatabase> {
  const server = await serverUrl()
  const name = `tagwerk_test_${randomBytes(6).toString('hex')}`
  await runSql(server, `CREATE DATABASE ${name} TEMPLATE template0 ${more}`)
  return {
    url: withDatabase(server, name),
    drop: async () => {
      await runSql(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}

/** A statement that removes every row but the number of the schema: far quicker than making a new database. */
export const EMPTY_EVERY_TABLE = `DO $$ DECLARE t TEXT; BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_version'
  LOOP EXECUTE format('DELETE FROM %I', t); END LOOP; END $$`

/** Runs statements over a connection of their own, and gives the rows of the last. */
export async function runSql(
  url: string,
  ...statements: readonly string[]
): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    let rows: readonly Record<string, unknown>[] = []
    for (const statement of statements) rows = (await client.query(statement)).rows
    return rows
  } finally {
    await client.end()
  }
}

/** What a store is opened with where a test does not say otherwise: patient, because tests run many at a time. */
export function postgresOptions(url: string, more: Partial<PostgresOptions> = {}): PostgresOptions {
  return {
    url,
    connectionsMax: 8,
    connectTimeoutMs: 3000,
    acquireTimeoutMs: 10_000,
    statementTimeoutMs: 10_000,
    ...more,
  }
}

let server: string | undefined

async function serverUrl(): Promise<string> {
  if (server !== undefined) return server
  server = await ask(inject('postgresAt'))
  return server
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
