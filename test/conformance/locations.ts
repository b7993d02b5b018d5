import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { StoreLocation } from '../../src/store/location.ts'
import { openStore } from '../../src/store/open.ts'
import { SqliteConnection } from '../../src/store/sqlite/connection.ts'
import type { Store } from '../../src/store/store.ts'
import { createDatabase, EMPTY_EVERY_TABLE, postgresOptions, runSql } from '../support/postgres.ts'

/** An empty location for a store of either engine. */
export type TestLocation = {
  readonly at: StoreLocation & { readonly folder?: string }
  /** Executes a statement directly on the database and returns its rows. */
  sql(statement: string): Promise<readonly Record<string, unknown>[]>
  /** The columns of every table, as `table.column`. */
  columns(): Promise<readonly string[]>
  /** Removes every row, also while a store is open: far quicker than making a new one. */
  empty(): Promise<void>
  dispose(): Promise<void>
}

export const TEST_LOCATIONS: readonly (readonly [engine: string, make: () => Promise<TestLocation>])[] = [
  ['SQLite', sqliteLocation],
  ['PostgreSQL', postgresLocation],
]

export async function sqliteLocation(): Promise<TestLocation> {
  const parent = await mkdtemp(join(tmpdir(), 'tagwerk-location-'))
  const folder = join(parent, 'data')
  const sql = async (statement: string) => {
    const db = new SqliteConnection(join(folder, 'tagwerk.sqlite'), { readOnly: false })
    try {
      return await db.all(statement)
    } finally {
      db.close()
    }
  }
  const columns = async () =>
    (
      await sql(`SELECT m.name || '.' || c.name AS found FROM sqlite_master AS m, pragma_table_info(m.name) AS c
        WHERE m.type = 'table'`)
    ).map(({ found }) => String(found))
  return {
    at: { engine: 'sqlite', folder },
    sql,
    columns,
    empty: async () => emptyDatabaseFile(join(folder, 'tagwerk.sqlite')),
    dispose: () => rm(parent, { recursive: true, force: true }),
  }
}

export async function postgresLocation(): Promise<TestLocation> {
  const { url, drop } = await createDatabase()
  const sql = (statement: string) => runSql(url, statement)
  const columns = async () =>
    (
      await sql(`SELECT table_name || '.' || column_name AS found FROM information_schema.columns
        WHERE table_schema = 'public'`)
    ).map(({ found }) => String(found))
  // The configuration always adds `sslmode`.
  const withMode = `${url}${url.includes('?') ? '&' : '?'}sslmode=disable`
  const at = { engine: 'postgres', shownUrl: 'postgres://shown', migrates: true, ...postgresOptions(withMode) } as const
  const empty = async () => {
    await sql(EMPTY_EVERY_TABLE)
  }
  return { at, sql, columns, empty, dispose: drop }
}

/** Removes every row of a database file but the number of its schema and the identity of its store, which may be open. */
export function emptyDatabaseFile(file: string): void {
  const db = new DatabaseSync(file, { timeout: 10_000 })
  try {
    const tables = db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all()
    const emptied = tables
      .map(({ name }) => String(name))
      .filter((name) => !/^(sqlite_|schema_version$|store_identity$)/.test(name))
    db.exec(
      `PRAGMA synchronous = OFF; BEGIN IMMEDIATE; ${emptied.map((name) => `DELETE FROM ${name};`).join(' ')} COMMIT`,
    )
  } finally {
    db.close()
  }
}

/** The condition that a row of `resource` or `change_log` is of a project. */
export function ofProject(project: string): string {
  return `project_no = (SELECT project_no FROM project_state WHERE project_id = '${project}')`
}

/** Opens the store at a location, creating it if it is missing. */
export function openLocation({ at }: TestLocation): Promise<Store> {
  const fail = (what: unknown) => {
    throw new Error(`the store says: ${what}`)
  }
  return openStore(at, { onFailure: fail, onWarning: fail, onUnreachable: fail, onReachable: () => undefined })
}
