import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { type BatchSelect, type BatchWrite, statementText } from '../sql/batch-statement.ts'
import type { Params, Row, SqlConnection } from '../sql/sql.ts'
import { StoreUnavailable } from '../store.ts'

/** SQLite compares text by code point as it is. */
export const SQLITE_DIALECT = { text: 'TEXT', clustered: 'WITHOUT ROWID' }

const BUSY_TIMEOUT_MS = 5000
const CACHE_KIB = 65_536
/**
 * How far the log of SQLite grows before its pages are moved into the file. Moving takes the writer longer the more
 * there is, but a page that was written many times moves only once: this much spares a tag write up to a fifth of its
 * work.
 */
const WAL_PAGES = 16_384
/**
 * What the log shrinks to once a long reader has let it grow: more than it needs by itself, so that it stays as it is.
 */
const WAL_BYTES_KEPT = 96 * 2 ** 20

/** One SQLite connection with its prepared statements. Work on it is synchronous; only the interface is not. */
export class SqliteConnection implements SqlConnection {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  /** `cacheKib` is how much of the file it may keep in memory. */
  constructor(file: string, options: { readonly readOnly: boolean; readonly cacheKib?: number }) {
    this.#db = new DatabaseSync(file, { readOnly: options.readOnly, timeout: BUSY_TIMEOUT_MS })
    // An acknowledged write has to survive a loss of power, so every commit waits for the disk.
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
    return reading(() => this.#prepare(sql).all(...params)) as Row[]
  }

  async get(sql: string, ...params: Params): Promise<Row | undefined> {
    return reading(() => this.#prepare(sql).get(...params)) as Row | undefined
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

/** What fails here is the engine or its file, not who asks. */
function reading<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new StoreUnavailable(String(error), { cause: error })
  }
}
