import { Socket } from 'node:net'
import pg from 'pg'
import type { SqlConnection } from '../sql/sql.ts'
import { StoreUnavailable } from '../store.ts'
import { Availability } from './availability.ts'
import { type ConnectionKind, checkServer, clientConfig, type PostgresOptions } from './client-config.ts'
import { PostgresConnection } from './connection.ts'
import { describeError, isOutOfConnections, isRetryable, isStatementError, OutcomeUnknown } from './errors.ts'

/** Told of what the log should say. */
export type PostgresEvents = { readonly onUnreachable: (reason: string) => void; readonly onReachable: () => void }

/** What a piece of work came to, and whether there is anything to commit. */
export type Work<T> = { readonly result: T; readonly changed: boolean }

const UNDONE_TRIES_MAX = 10
/** What the pool says when every connection is taken for too long; it has no other mark. */
const ALL_TAKEN = 'timeout exceeded when trying to connect'

/**
 * The connections of this process. Short reads, writes and snapshots have connections of their own, so that a slow
 * export holds up no write and slow writes no question.
 */
export class PostgresPool {
  readonly #options: PostgresOptions
  readonly #pools: Readonly<Record<ConnectionKind, pg.Pool>>
  readonly #sockets = new Set<Socket>()
  readonly #lost = new WeakSet<pg.ClientBase>()
  /** For each snapshot that is open, how to let go of it. */
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
        this.#cutOff()
        events.onUnreachable(reason)
      },
      onReachable: events.onReachable,
    })
  }

  /**
   * Does work that only reads. When its connection breaks, it is done again over another one. Throws StoreUnavailable.
   */
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
   * Does work in one transaction, and returns when it is durable. Work that the server undid because of others, or that
   * lost its connection before it was to be committed, is done again. Throws OutcomeUnknown, StoreUnavailable, and
   * what the work throws; but for the first of these, nothing has changed.
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
        // What came first is the reason for whatever came after it.
        const error = await db.settle().then(
          () => thrown,
          (first: unknown) => first,
        )
        const isLost = this.#isLost(client, error) || !(await rolledBack(db))
        client.release(isLost)
        // A server that undid the commit is still there to be asked; one that is not may have done it.
        if (isLost && isCommitting) throw outcomeUnknown(error)
        const isUndone = isRetryable(error) && tries < UNDONE_TRIES_MAX
        const isBroken = isLost && !isStatementError(error) && ++losses < 2 && isOfConnection(error)
        if (!isUndone && !isBroken) throw toStoreError(error)
      }
    }
  }

  /**
   * Opens a snapshot for reading. `release` gives it back; a second call does nothing. It ends by itself when its
   * connection is lost, and when nothing is read from it for a minute.
   */
  async snapshot(): Promise<{ readonly db: SqlConnection; release(): void }> {
    const client = await this.#connect('scan')
    const db = new PostgresConnection(client, this.#availability)
    const giveBack = (isLost: boolean) => {
      if (!this.#snapshots.delete(lose)) return
      client.off('end', lose)
      client.release(isLost)
    }
    const lose = () => giveBack(true)
    this.#snapshots.add(lose)
    client.on('end', lose)
    db.send('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    return { db: storeErrors(db), release: () => void rolledBack(db).then((isSound) => giveBack(!isSound)) }
  }

  /** Has the server see how large the tables of tags have become and what is in them. */
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

  /** Lets go of every connection, snapshots included. Nothing else may be under way. */
  async close(): Promise<void> {
    this.#availability.stop()
    for (const lose of this.#snapshots) lose()
    const ended = Promise.all(Object.values(this.#pools).map((pool) => pool.end()))
    const cutOff = setTimeout(() => this.#cutOff(), this.#options.connectTimeoutMs)
    await ended
    clearTimeout(cutOff)
  }

  async #connect(kind: ConnectionKind): Promise<pg.PoolClient> {
    this.#availability.refuseIfAway()
    const pool = this.#pools[kind]
    const { answers } = this.#availability
    try {
      return await pool.connect()
    } catch (error) {
      const message = describeError(error)
      if (message === ALL_TAKEN) {
        const { max } = pool.options
        throw new StoreUnavailable(`all ${max} connections that may ${kind} have been busy for too long`)
      }
      if (!isOutOfConnections(error)) this.#availability.away(error, answers)
      throw new StoreUnavailable(`the database cannot be reached: ${message}`, { cause: error })
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
      ...{ max, connectionTimeoutMillis: acquireTimeoutMs, idleTimeoutMillis: 60_000 },
      stream: () => this.#socket(),
      Client: client as never,
      // The pool waits for it and hands out no connection that does not pass; its types do not say so.
      onConnect: ((newClient: pg.ClientBase) => checkServer(newClient, connectTimeoutMs)) as never,
    })
    pool.on('connect', (newClient) => {
      // Whoever works over the connection hears of it too, from the statement that fails.
      newClient.on('error', () => this.#lost.add(newClient))
      newClient.on('end', () => this.#lost.add(newClient))
    })
    // A connection that breaks while nobody uses it is replaced when the next one is needed.
    pool.on('error', () => undefined)
    return pool
  }

  #socket(): Socket {
    const socket = new Socket()
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    return socket
  }

  #cutOff(): void {
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

/** Undoes what is left of a transaction. Says whether the connection is of further use. */
function rolledBack(db: PostgresConnection): Promise<boolean> {
  return db.command('ROLLBACK').then(
    () => true,
    () => false,
  )
}

function outcomeUnknown(cause: unknown): OutcomeUnknown {
  const message = `the connection was lost during a commit, which may have taken place: ${describeError(cause)}`
  return new OutcomeUnknown(message, { cause })
}

/** False for a defect of ours, which no other connection mends. */
function isOfConnection(error: unknown): boolean {
  return !(error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError)
}

/** What the engine or the network did, as the error for that; a defect of ours stays what it is. */
function toStoreError(error: unknown): unknown {
  if (error instanceof StoreUnavailable || !isOfConnection(error)) return error
  return new StoreUnavailable(describeError(error), { cause: error })
}

/** The same connection, with every failure as the error for what the engine does. */
function storeErrors(db: SqlConnection): SqlConnection {
  const throwing = (error: unknown) => {
    throw toStoreError(error)
  }
  return {
    all: (sql, ...params) => db.all(sql, ...params).catch(throwing),
    get: (sql, ...params) => db.get(sql, ...params).catch(throwing),
    run: (sql, ...params) => db.run(sql, ...params).catch(throwing),
    getBatch: (statement, sets) => db.getBatch(statement, sets).catch(throwing),
    runBatch: (statement, sets) => db.runBatch(statement, sets).catch(throwing),
  }
}
