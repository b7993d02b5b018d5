import { migrate } from '../migrate.ts'
import { type SqlWrites, sqlWrites } from '../sql/writes.ts'
import type { Verdict } from '../store.ts'
import { SQLITE_DIALECT, SqliteConnection } from './connection.ts'
import type { WriteCall, WriteReply } from './writer-messages.ts'

/**
 * Owns the one connection that writes to a SQLite file. Calls that wait together share a transaction, and so a single
 * wait for the disk. When a shared transaction fails, each call is tried once more on its own, so that one call's
 * failure is not another's.
 */
export class SqliteWriter {
  readonly #db: SqliteConnection
  readonly #writes: SqlWrites

  constructor(file: string) {
    this.#db = new SqliteConnection(file, { readOnly: false })
    this.#writes = sqlWrites(this.#db)
  }

  async migrate(): Promise<void> {
    await this.#transaction(async () => {
      await migrate(this.#db, SQLITE_DIALECT)
      return { result: undefined, changed: true }
    })
  }

  /** Runs calls in order. Every reply is given after its call is durable, or after it has left no trace. */
  async run(calls: readonly WriteCall[]): Promise<readonly WriteReply[]> {
    try {
      return await this.#runTogether(calls)
    } catch (error) {
      if (calls.length === 1) return calls.map(({ id }) => ({ id, error: { message: String(error) } }))
      const replies: WriteReply[] = []
      for (const call of calls) replies.push(...(await this.run([call])))
      return replies
    }
  }

  close(): void {
    this.#db.close()
  }

  #runTogether(calls: readonly WriteCall[]): Promise<readonly WriteReply[]> {
    return this.#transaction(async () => {
      const result: WriteReply[] = []
      let changed = false
      for (const { id, method, args } of calls) {
        const write = this.#writes[method] as (...args: readonly unknown[]) => Promise<unknown>
        const value = await write(...args)
        changed ||= method !== 'commit' || (value as readonly Verdict[]).some(({ outcome }) => outcome === 'changed')
        result.push({ id, value })
      }
      return { result, changed }
    })
  }

  /** Commits what changed something, and spares the disk the rest. */
  async #transaction<T>(work: () => Promise<{ readonly result: T; readonly changed: boolean }>): Promise<T> {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      const { result, changed } = await work()
      this.#db.exec(changed ? 'COMMIT' : 'ROLLBACK')
      return result
    } catch (error) {
      this.#rollBack()
      throw error
    }
  }

  #rollBack(): void {
    try {
      this.#db.exec('ROLLBACK')
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full: there is nothing left to undo.
    }
  }
}
