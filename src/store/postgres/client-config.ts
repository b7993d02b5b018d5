import type pg from 'pg'
import { valueTypes } from './values.ts'

/** How a PostgreSQL database is reached. */
export type PostgresOptions = {
  /** With user and password, and with `sslmode` for the use of TLS. */
  readonly url: string
  /** Maximum of pooled connections of this process, at least 4. Probes of an unreachable server come on top. */
  readonly connectionsMax: number
  /** Timeout for opening a connection. */
  readonly connectTimeoutMs: number
  /** Timeout for acquiring a connection of the pool. */
  readonly acquireTimeoutMs: number
  /** Timeout for one statement, waiting for locks included. */
  readonly statementTimeoutMs: number
}

/** The use of a connection. */
export type ConnectionKind = 'read' | 'write' | 'scan'

/**
 * Timeout of a snapshot that is not read from: while a snapshot is open, vacuum cannot remove old row versions.
 */
const SNAPSHOT_IDLE_TIMEOUT_MS = 60_000

/** Returns the configuration of a connection. Migrations and copies have no statement timeout. */
export function clientConfig(
  options: Pick<PostgresOptions, 'url' | 'statementTimeoutMs'>,
  kind: ConnectionKind | 'migrate' | 'copy',
): pg.ClientConfig {
  const { url, statementTimeoutMs } = options
  // Every statement finds its rows by an index. Otherwise the planner may choose a plan for the empty table that it has
  // statistics of, and keep it during an import.
  const plans = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off'
  const idleTimeoutMs = kind === 'scan' ? SNAPSHOT_IDLE_TIMEOUT_MS : statementTimeoutMs
  return {
    // Makes the driver read sslmode as libpq does.
    connectionString: `${url}&uselibpqcompat=true`,
    application_name: 'tagwerk',
    keepAlive: true,
    pipeline: true,
    types: valueTypes,
    ...(kind === 'migrate' || kind === 'copy'
      ? { options: kind === 'copy' ? plans : undefined }
      : {
          statement_timeout: statementTimeoutMs,
          // A node that vanishes during a transaction must not hold its row locks for long.
          idle_in_transaction_session_timeout: idleTimeoutMs,
          options: kind === 'read' ? plans : `${plans} -c plan_cache_mode=force_custom_plan`,
        }),
  }
}

/** Throws for a server that may return stale data or lose acknowledged commits. */
export async function checkServer(client: pg.ClientBase, timeoutMs: number): Promise<void> {
  const text = `SELECT pg_is_in_recovery() AS standby, current_setting('server_encoding') AS encoding,
    current_setting('synchronous_commit') AS durability`
  const query = { text, query_timeout: timeoutMs }
  const { rows } = await client.query<{ standby: boolean; encoding: string; durability: string }>(query)
  const [{ standby, encoding, durability } = { standby: false, encoding: '', durability: '' }] = rows
  if (standby) throw new Error('the database is a standby, which lags behind: the primary is needed')
  if (encoding !== 'UTF8') throw new Error(`the database has the encoding ${encoding}: UTF8 is needed`)
  if (durability === 'off') {
    throw new Error(
      'the database has synchronous_commit = off, with which it loses commits: switch it on for this user',
    )
  }
}
