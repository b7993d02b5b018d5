import pg from 'pg'
import { migrate, SCHEMA_VERSION, throwIfNewer } from '../migrate.ts'
import type { SqlConnection } from '../sql/sql.ts'
import { checkServer, clientConfig, type PostgresOptions } from './client-config.ts'
import { PostgresConnection } from './connection.ts'
import { describeError } from './errors.ts'

/** The collation C orders text by code point, whatever the database's default and the operating system's locales. */
export const POSTGRES_DIALECT = { text: 'TEXT COLLATE "C"', clustered: '' }

/** Key of the advisory lock that serializes migrations of a database. */
const MIGRATION_LOCK = 7_246_583_211

const NO_TRAFFIC = { sent: () => undefined, ended: () => undefined }

/** Longer than that of the pool: at start no request waits yet. */
const CONNECT_TIMEOUT_MS = 10_000

/**
 * Migrates the schema of a database in one transaction. An advisory lock serializes nodes that start at once. Throws
 * when a newer program wrote the data, and when the database is unreachable.
 */
export function migratePostgres(options: PostgresOptions): Promise<void> {
  return withConnection(options, async (db) => {
    db.send('BEGIN')
    await migrateInTransaction(db)
    await db.settle()
    await db.command('COMMIT')
  })
}

/** Migrates the schema in the caller's transaction. */
export async function migrateInTransaction(db: SqlConnection): Promise<void> {
  await db.get('SELECT pg_advisory_xact_lock(?)', MIGRATION_LOCK)
  await migrate(db, POSTGRES_DIALECT)
}

/**
 * Throws when the schema version of a database is not this program's, when it is unreachable or fails `checkServer`.
 */
export async function checkPostgresSchema(options: PostgresOptions): Promise<void> {
  const version = await withConnection(options, readPostgresVersion)
  throwIfNewer(version)
  if (version === SCHEMA_VERSION) return
  const found =
    version === 0 ? 'has no schema of Tagwerk yet' : `has schema ${version}, and this Tagwerk needs ${SCHEMA_VERSION}`
  throw new Error(`the database ${found}: run "tagwerk migrate" with the same --store first, or start with --migrate`)
}

async function withConnection<T>(options: PostgresOptions, work: (db: PostgresConnection) => Promise<T>): Promise<T> {
  const { db, end } = await openConnection(options, 'migrate')
  try {
    return await work(db)
  } finally {
    await end()
  }
}

/** A connection outside the pools. */
export type SingleConnection = { readonly db: PostgresConnection; end(): Promise<void> }

/** Opens a connection for work on the whole database. Throws when it is unreachable or fails `checkServer`. */
export async function openConnection(
  options: Pick<PostgresOptions, 'url' | 'statementTimeoutMs'>,
  kind: 'migrate' | 'copy',
): Promise<SingleConnection> {
  const client = new pg.Client({ ...clientConfig(options, kind), connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await checkServer(client, CONNECT_TIMEOUT_MS)
  } catch (error) {
    await client.end()
    throw new Error(`the database cannot be used: ${describeError(error)}${adviceFor(error)}`, { cause: error })
  }
  return { db: new PostgresConnection(client, NO_TRAFFIC), end: () => client.end() }
}

/** Returns the schema version of a database, 0 when there is none. */
export async function readPostgresVersion(db: SqlConnection): Promise<number> {
  const table = await db.get(`SELECT to_regclass('schema_version') IS NOT NULL AS is_there`)
  if (!table?.is_there) return 0
  return Number((await db.get('SELECT version FROM schema_version'))?.version ?? 0)
}

function adviceFor(error: unknown): string {
  const isWithoutTls = String(error).includes('does not support SSL')
  return isWithoutTls
    ? '. Where the network between is trusted, ?sslmode=disable at the end of --store does without'
    : ''
}
