import type pg from 'pg'
import { valueTypes } from './values.ts'

/** How a PostgreSQL is reached. */
export type PostgresOptions = {
  /** With user, password, and `sslmode` for how TLS is used. */
  readonly url: string
  /** Connections that this process makes at most, but for one that looks whether the server is there. At least 4. */
  readonly connectionsMax: number
  /** Time in which a connection has to be there. */
  readonly connectTimeoutMs: number
  /** Time that a call waits for one of the connections. */
  readonly acquireTimeoutMs: number
  /** Time that one statement may take, its waiting for others included. */
  readonly statementTimeoutMs: number
}

/** What a connection is for. */
export type ConnectionKind = 'read' | 'write' | 'scan'

/** A reader of a snapshot that stops reading lets go of it after this time: while it lasts, nothing old can be removed. */
const SNAPSHOT_IDLE_TIMEOUT_MS = 60_000

/** What every connection is made with. Work that is done once, on everything, takes as long as it takes. */
export function clientConfig(
  options: Pick<PostgresOptions, 'url' | 'statementTimeoutMs'>,
  kind: ConnectionKind | 'migrate' | 'copy',
): pg.ClientConfig {
  const { url, statementTimeoutMs } = options
  // Every statement of ours finds its rows by an index. Left to itself the server may plan for the empty table that it
  // knows from before an import, and keep to it.
  const plans = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off'
  const idleTimeoutMs = kind === 'scan' ? SNAPSHOT_IDLE_TIMEOUT_MS : statementTimeoutMs
  return {
    // With this the driver takes sslmode for what PostgreSQL's own clients take it for.
    connectionString: `${url}&uselibpqcompat=true`,
    ...{ application_name: 'tagwerk', keepAlive: true, pipeline: true, types: valueTypes },
    ...(kind === 'migrate' || kind === 'copy'
      ? { options: kind === 'copy' ? plans : undefined }
      : {
          statement_timeout: statementTimeoutMs,
          // A node that is gone in the middle of a transaction must not keep the others from its project.
          idle_in_transaction_session_timeout: idleTimeoutMs,
          options: kind === 'read' ? plans : `${plans} -c plan_cache_mode=force_custom_plan`,
        }),
  }
}

/** Refuses a server that could show what is old, or lose what was acknowledged. */
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
