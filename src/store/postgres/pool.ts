import { Socket } from 'node:net'
import pg from 'pg'
import type { SqlConnection } from '../sql/sql.ts'
import { type ConnectionUse, StoreUnavailable } from '../store.ts'
import { Availability } from './availability.ts'
import { type ConnectionKind, checkServer, clientConfig, type PostgresOptions } from './client-config.ts'
import { PostgresConnection } from './connection.ts'
import {
  describeError,
  failureOf,
  isOutOfConnections,
  isRetryable,
  isStatementError,
  OutcomeUnknown,
} from './errors.ts'

/** Called for the log. */
export type PostgresEvents = { readonly onUnreachable: (reason: string) => void; readonly onReachable: () => void }

/** The result of a transaction, and whether there is anything to commit. */
export type Work<T> = { readonly result: T; readonly changed: boolean }

const ATTEMPTS_MAX = 10
/** The message by which pg-pool reports an acquire timeout; the error has no code. */
const ACQUIRE_TIMEOUT = 'timeout exceeded when trying to connect'

/**
 * The connections of this process. Short reads, writes and snapshots have separate pools, so that a slow export does
 * not delay writes, and slow writes do not delay reads.
 */
export class PostgresPool {
  readonly #options: PostgresOptions
  readonly #pools: Readonly<Record<ConnectionKind, pg.Pool>>
  readonly #sockets = new Set<Socket>()
  readonly #lost = new WeakSet<pg.ClientBase>()
  /** For each open snapshot a function that drops its connection. */
  readonly #snapshots = new Set<() => void>()
  readonly #availability: Availability

  constructor(options: PostgresOptions, events: PostgresEvents) {
    this.#options = options
    const share = Math.floor(options.connectionsMax / 4)
    const ofMax = { read: share, scan: share, write: options.connectionsMax - 2 * share }
    const pool = (kind: ConnectionKind) => this.#pool(kind, ofMax[kind])
    this.#pools = { read: pool('read'), write: pool('write'), scan: pool('scan') }
    this.#availability = new Availability({
      probe: () => this.#probe(),
      onUnreachable: (reason) => {
        this.#destroySockets()
        events.onUnreachable(reason)
      },
      onReachable: events.onReachable,
    })
  }

  /** The use of the connections at this moment. */
  get uses(): readonly ConnectionUse[] {
    return Object.entries(this.#pools).map(([use, { totalCount, idleCount, waitingCount, options }]) => ({
      use,
      inUse: totalCount - idleCount,
      idle: idleCount,
      waiting: waitingCount,
      limit: options.max ?? 0,
    }))
  }

  /** Executes reads. When the connection is lost they are retried once over another. Throws StoreUnavailable. */
  async read<T>(work: (db: SqlConnection) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      const client = await this.#connect('read')
      try {
        const result = await work(new PostgresConnection(client, this.#availability))
        client.release()
        return result
      } catch (error) {
        const isLost = this.#isLost(client, error)
        client.release(isLost)
        if (!isLost || tries > 1) throw toStoreError(error)
      }
    }
  }

  /**
   * Executes work in one transaction and returns when it is durable. Retries after a serialization failure or deadlock,
   * and once when the connection is lost before the commit. Throws OutcomeUnknown, StoreUnavailable, and the errors of
   * the work; after all but the first, nothing has changed.
   */
  async transaction<T>(work: (db: SqlConnection) => Promise<Work<T>>): Promise<T> {
    let losses = 0
    for (let tries = 1; ; tries++) {
      const client = await this.#connect('write')
      const db = new PostgresConnection(client, this.#availability)
      let isCommitting = false
      try {
        db.send('BEGIN ISOLATION LEVEL READ COMMITTED')
        const { result, changed } = await work(db)
        await db.settle()
        isCommitting = changed
        const done = await db.command(changed ? 'COMMIT' : 'ROLLBACK')
        if (changed && done !== 'COMMIT') throw new Error(`the database answered a commit with ${done}`)
        client.release()
        return result
      } catch (thrown) {
        // The first failure of a pipelined statement caused those after it.
        const error = await db.settle().then(
          () => thrown,
          (first: unknown) => first,
        )
        const isLost = this.#isLost(client, error) || !(await rolledBack(db))
        client.release(isLost)
        // When the connection was lost during the commit, the server may have committed.
        if (isLost && isCommitting) throw outcomeUnknown(error)
        const isRetried = isRetryable(error) && tries < ATTEMPTS_MAX
        const isBroken = isLost && !isStatementError(error) && ++losses < 2 && isConnectionError(error)
        if (!isRetried && !isBroken) throw toStoreError(error)
      }
    }
  }

  /**
   * Opens a snapshot for reading. `release` closes it; a second call does nothing. The snapshot ends when its
   * connection is lost, and after a minute without a read.
   */
  async snapshot(): Promise<{ readonly db: SqlConnection; release(): void }> {
    const client = await this.#connect('scan')
    const db = new PostgresConnection(client, this.#availability)
    const release = (isLost: boolean) => {
      if (!this.#snapshots.delete(drop)) return
      client.off('end', drop)
      client.release(isLost)
    }
    const drop = () => release(true)
    this.#snapshots.add(drop)
    client.on('end', drop)
    db.send('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    return { db: withStoreErrors(db), release: () => void rolledBack(db).then((isUsable) => release(!isUsable)) }
  }

  /** Updates the planner's statistics of the tables of resources. */
  async analyzeTables(): Promise<void> {
    const client = await this.#connect('scan')
    try {
      await new PostgresConnection(client, this.#availability).command(
        'ANALYZE resource, change_log, project_state, image_member',
      )
      client.release()
    } catch (error) {
      client.release(true)
      throw error
    }
  }

  /** Closes every connection, those of snapshots included. No other call may be in flight. */
  async close(): Promise<void> {
    this.#availability.stop()
    for (const drop of this.#snapshots) drop()
    const ended = Promise.all(Object.values(this.#pools).map((pool) => pool.end()))
    const timer = setTimeout(() => this.#destroySockets(), this.#options.connectTimeoutMs)
    await ended
    clearTimeout(timer)
  }

  async #connect(kind: ConnectionKind): Promise<pg.PoolClient> {
    this.#availability.throwIfUnreachable()
    const pool = this.#pools[kind]
    const { answers } = this.#availability
    try {
      return await pool.connect()
    } catch (error) {
      const message = describeError(error)
      if (message === ACQUIRE_TIMEOUT) {
        const { max } = pool.options
        throw new StoreUnavailable(`all ${max} connections that may ${kind} have been busy for too long`, 'busy')
      }
      if (!isOutOfConnections(error)) this.#availability.markUnreachable(error, answers)
      throw new StoreUnavailable(`the database cannot be reached: ${message}`, failureOf(error), { cause: error })
    }
  }

  #isLost(client: pg.ClientBase, error: unknown): boolean {
    return this.#lost.has(client) || (error instanceof pg.DatabaseError && !isStatementError(error))
  }

  #pool(kind: ConnectionKind, max: number): pg.Pool {
    const { connectTimeoutMs, acquireTimeoutMs } = this.#options
    const config = clientConfig(this.#options, kind)
    const client = class extends pg.Client {
      constructor(options: pg.ClientConfig) {
        super({ ...options, connectionTimeoutMillis: connectTimeoutMs })
      }
    }
    const pool = new pg.Pool({
      ...config,
      max,
      connectionTimeoutMillis: acquireTimeoutMs,
      idleTimeoutMillis: 60_000,
      stream: () => this.#socket(),
      Client: client as never,
      // The pool awaits this function and discards connections for which it rejects; its types lack that.
      onConnect: ((newClient: pg.ClientBase) => checkServer(newClient, connectTimeoutMs)) as never,
    })
    pool.on('connect', (newClient) => {
      // The statement in flight, if any, fails as well.
      newClient.on('error', () => this.#lost.add(newClient))
      newClient.on('end', () => this.#lost.add(newClient))
    })
    // The pool replaces an idle connection that is lost when the next one is needed.
    pool.on('error', () => undefined)
    return pool
  }

  #socket(): Socket {
    const socket = new Socket()
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    return socket
  }

  #destroySockets(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async #probe(): Promise<void> {
    const { connectTimeoutMs } = this.#options
    const config = { ...clientConfig(this.#options, 'read'), connectionTimeoutMillis: connectTimeoutMs }
    const client = new pg.Client(config)
    client.on('error', () => undefined)
    try {
      await client.connect()
      await checkServer(client, connectTimeoutMs)
    } catch (error) {
      if (!isOutOfConnections(error)) throw error
    } finally {
      void client.end()
    }
  }
}

/** Rolls back a transaction that may be open. Returns whether the connection stays usable. */
function rolledBack(db: PostgresConnection): Promise<boolean> {
  return db.command('ROLLBACK').then(
    () => true,
    () => false,
  )
}

function outcomeUnknown(cause: unknown): OutcomeUnknown {
  const message = `the connection was lost during a commit, which may have taken place: ${describeError(cause)}`
  return new OutcomeUnknown(message, failureOf(cause), { cause })
}

/** False for programming errors, for which a retry over another connection is no help. */
function isConnectionError(error: unknown): boolean {
  return !(error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError)
}

/** Wraps errors of the server and the network in StoreUnavailable; programming errors stay unchanged. */
function toStoreError(error: unknown): unknown {
  if (error instanceof StoreUnavailable || !isConnectionError(error)) return error
  return new StoreUnavailable(describeError(error), failureOf(error), { cause: error })
}

/** Wraps a connection such that every error passes through `toStoreError`. */
function withStoreErrors(db: SqlConnection): SqlConnection {
  const throwing = (error: unknown) => {
    throw toStoreError(error)
  }
  return {
    rowLock: db.rowLock,
    nextProjectNo: db.nextProjectNo,
    all: (sql, ...params) => db.all(sql, ...params).catch(throwing),
    get: (sql, ...params) => db.get(sql, ...params).catch(throwing),
    run: (sql, ...params) => db.run(sql, ...params).catch(throwing),
    getBatch: (statement, sets) => db.getBatch(statement, sets).catch(throwing),
    runBatch: (statement, sets) => db.runBatch(statement, sets).catch(throwing),
  }
}
