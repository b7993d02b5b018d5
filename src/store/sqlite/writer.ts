import { randomUUID } from 'node:crypto'
import { migrate, SCHEMA_VERSION } from '../migrate.ts'
import { executeRecordWrite, type SqlWrites, sqlWrites } from '../sql/writes.ts'
import { executeBaselineCall } from './baseline.ts'
import { SQLITE_DIALECT, SqliteConnection } from './connection.ts'
import { rewriteInPages } from './page-size.ts'
import { readSqliteVersion } from './schema-version.ts'
import { failureOf, isDiskError } from './sqlite-errors.ts'
import { COUNT_COMMIT, createIdentity, readIdentity, type StoreIdentity } from './store-identity.ts'
import { packVerdicts, unpackRequests, type WriteCall, type WriteReply } from './writer-messages.ts'

/** A reply, and whether the call changed anything. */
type Executed = { readonly reply: WriteReply; readonly changed: boolean }

/**
 * Owns the only connection that writes to a SQLite file. Calls that wait in the queue share a transaction, and so one
 * wait for the disk. When a shared transaction fails, each call is retried in its own transaction, so that one failing
 * call does not fail the others. After an error of the disk they all fail, and the connection is replaced before the next.
 */
export class SqliteWriter {
  readonly #file: string
  readonly #connect: () => SqliteConnection
  #db: SqliteConnection
  #writes: SqlWrites
  #identity: StoreIdentity = { storeId: '', commits: 0 }
  #hasDiskFailed = false
  #transactions = 0
  #uncounted = 0
  /** Says if the next transaction raises the count of the identity, which costs a page. */
  isCountDue: () => boolean = () => true

  /** `connect` opens the connection; tests replace it. */
  constructor(file: string, connect = () => new SqliteConnection(file, { readOnly: false })) {
    this.#file = file
    this.#connect = connect
    this.#db = connect()
    this.#writes = sqlWrites(this.#db)
  }

  /**
   * Migrates the schema and the pages, and gives a store of an older program an identity. A current store is not written
   * to. Returns why the pages could not be migrated, for the log: the store is whole without.
   */
  async migrate(): Promise<string | undefined> {
    const isCurrent = (await readSqliteVersion(this.#db)) === SCHEMA_VERSION
    const identity = await readIdentity(this.#db)
    // Also without work: the transaction fails on a disk that cannot be written to, where a connection can still be opened.
    await this.#inTransaction(async () => {
      if (!isCurrent) await migrate(this.#db, SQLITE_DIALECT)
      if (identity === undefined) await createIdentity(this.#db, randomUUID())
      return !isCurrent || identity === undefined
    })
    this.#identity = (await readIdentity(this.#db)) as StoreIdentity
    try {
      if (await rewriteInPages(this.#db, this.#file)) this.#replace(this.#connect())
      return undefined
    } catch (error) {
      return `${this.#file} was not written anew in smaller pages, so it takes more room: ${(error as Error).message}`
    }
  }

  /** The store, and the count of its transactions, which is durable. */
  get identity(): StoreIdentity {
    return this.#identity
  }

  /** The number of transactions that this writer has committed. */
  get transactions(): number {
    return this.#transactions
  }

  /** Makes the count differ from that of every earlier state of the store. To be called outside of a transaction. */
  count(): void {
    if (this.#uncounted === 0) return
    try {
      this.#db.exec(COUNT_COMMIT)
      this.#committed(true)
    } catch (error) {
      this.#hasDiskFailed ||= isDiskError(error)
      throw error
    }
  }

  /** See `SqliteConnection.checkpoint`. */
  checkpoint(): boolean {
    try {
      return this.#db.checkpoint()
    } catch (error) {
      this.#hasDiskFailed ||= isDiskError(error)
      throw error
    }
  }

  /** Executes calls in order. Returns their replies when each call is durable or has left no trace. */
  async execute(calls: readonly WriteCall[]): Promise<readonly WriteReply[]> {
    try {
      if (this.#hasDiskFailed) await this.#reopen()
      return await this.#executeTogether(calls)
    } catch (error) {
      this.#hasDiskFailed ||= isDiskError(error)
      if (calls.length === 1 || this.#hasDiskFailed) {
        return calls.map(({ id }) => ({ id, error: { message: String(error), failure: failureOf(error) } }))
      }
      const replies: WriteReply[] = []
      for (const call of calls) replies.push(...(await this.execute([call])))
      return replies
    }
  }

  close(): void {
    this.#db.close()
  }

  /**
   * Replaces the connection after an error of the disk. A system may report a failed sync once and drop what it has not
   * written, so nothing is acknowledged until a checkpoint over a new connection, which syncs log and database, succeeds.
   */
  async #reopen(): Promise<void> {
    const db = this.#connect()
    try {
      db.checkpoint()
      this.#identity = (await readIdentity(db)) as StoreIdentity
    } catch (error) {
      db.close()
      throw error
    }
    this.#db.close()
    this.#replace(db)
    this.#hasDiskFailed = false
  }

  #replace(db: SqliteConnection): void {
    this.#db = db
    this.#writes = sqlWrites(db)
  }

  #executeTogether(calls: readonly WriteCall[]): Promise<readonly WriteReply[]> {
    return this.#transaction(async () => {
      const result: WriteReply[] = []
      let changed = false
      for (const call of calls) {
        const executed = await this.#execute(call)
        changed ||= executed.changed
        result.push(executed.reply)
      }
      return { result, changed }
    })
  }

  async #execute(call: WriteCall): Promise<Executed> {
    const { id } = call
    if ('record' in call) {
      return { reply: { id, result: await executeRecordWrite(this.#writes, call.record) }, changed: true }
    }
    if ('baseline' in call) {
      await executeBaselineCall(this.#db, this.#writes, call.baseline)
      return { reply: { id, result: undefined }, changed: true }
    }
    const requests = unpackRequests(call.commit.requests)
    const verdicts = await this.#writes.commit(call.commit.project, requests)
    return {
      reply: { id, verdicts: packVerdicts(requests, verdicts) },
      changed: verdicts.some(({ outcome }) => outcome === 'changed'),
    }
  }

  /** Commits work that changed something. Other work is rolled back, which needs no wait for the disk. */
  async #transaction<T>(work: () => Promise<{ readonly result: T; readonly changed: boolean }>): Promise<T> {
    let done: { readonly result: T } | undefined
    let isCounted = false
    const hasCommitted = await this.#inTransaction(async () => {
      const { result, changed } = await work()
      done = { result }
      isCounted = changed && this.isCountDue()
      if (isCounted) this.#db.exec(COUNT_COMMIT)
      return changed
    })
    if (hasCommitted) this.#committed(isCounted)
    return (done as unknown as { readonly result: T }).result
  }

  #committed(isCounted: boolean): void {
    this.#transactions++
    this.#uncounted = isCounted ? 0 : this.#uncounted + 1
    if (isCounted) this.#identity = { ...this.#identity, commits: this.#identity.commits + 1 }
  }

  /** Commits the work if it returns true, and otherwise rolls it back. Gives what it returned. */
  async #inTransaction(work: () => Promise<boolean>): Promise<boolean> {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      const changed = await work()
      this.#db.exec(changed ? 'COMMIT' : 'ROLLBACK')
      return changed
    } catch (error) {
      this.#rollBack()
      throw error
    }
  }

  #rollBack(): void {
    try {
      this.#db.exec('ROLLBACK')
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full.
    }
  }
}
