import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { type BatchSelect, type BatchWrite, statementText } from '../sql/batch-statement.ts'
import type { Params, Row, SqlConnection } from '../sql/sql.ts'
import { StoreUnavailable } from '../store.ts'

/** SQLite compares text by code point by default. */
export const SQLITE_DIALECT = { text: 'TEXT', clustered: 'WITHOUT ROWID' }

const BUSY_TIMEOUT_MS = 5000
const CACHE_KIB = 65_536
/**
 * The size of the write-ahead log at which SQLite moves its pages into the database file. A page that was written many
 * times is moved once, so a large log saves up to a fifth of the work of a tag write.
 */
const WAL_PAGES = 16_384
/**
 * The size to which the log is truncated after a long read has let it grow: above its normal size, so that normal
 * checkpoints do not truncate it.
 */
const WAL_BYTES_KEPT = 96 * 2 ** 20

/**
 * One SQLite connection with a cache of prepared statements. Its calls run synchronously behind an asynchronous
 * interface.
 */
export class SqliteConnection implements SqlConnection {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  /** `cacheKib` is the size of the page cache. */
  constructor(file: string, options: { readonly readOnly: boolean; readonly cacheKib?: number }) {
    this.#db = new DatabaseSync(file, { readOnly: options.readOnly, timeout: BUSY_TIMEOUT_MS })
    // An acknowledged write must survive a power failure, so every commit waits for the disk.
    if (!options.readOnly) {
      this.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
      this.exec(`PRAGMA wal_autocheckpoint = ${WAL_PAGES}; PRAGMA journal_size_limit = ${WAL_BYTES_KEPT}`)
    }
    this.exec(`PRAGMA cache_size = -${options.cacheKib ?? CACHE_KIB}`)
  }

  exec(sql: string): void {
    this.#db.exec(sql)
  }

  async all(sql: string, ...params: Params): Promise<readonly Row[]> {
    return withStoreErrors(() => this.#prepare(sql).all(...params)) as Row[]
  }

  async get(sql: string, ...params: Params): Promise<Row | undefined> {
    return withStoreErrors(() => this.#prepare(sql).get(...params)) as Row | undefined
  }

  async run(sql: string, ...params: Params): Promise<void> {
    this.#prepare(sql).run(...params)
  }

  async getBatch(statement: BatchSelect, paramSets: readonly Params[]): Promise<readonly (Row | undefined)[]> {
    const prepared = this.#prepare(statementText(statement))
    return paramSets.map((params) => prepared.get(...params) as Row | undefined)
  }

  async runBatch(statement: BatchWrite, paramSets: readonly Params[]): Promise<void> {
    if (paramSets.length === 0) return
    const prepared = this.#prepare(statementText(statement))
    for (const params of paramSets) prepared.run(...params)
  }

  close(): void {
    this.#statements.clear()
    this.#db.close()
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#db.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

/** Wraps an error of a read in StoreUnavailable: the engine or the file has failed. */
function withStoreErrors<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new StoreUnavailable(String(error), { cause: error })
  }
}
