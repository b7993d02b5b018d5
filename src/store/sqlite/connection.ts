import { statSync } from 'node:fs'
import { backup, DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { type BatchSelect, type BatchWrite, statementText } from '../sql/batch-statement.ts'
import type { Params, Row, SqlConnection } from '../sql/sql.ts'
import { StoreUnavailable } from '../store.ts'
import { RowStatement } from './row-statement.ts'
import { failureOf, isUnwritable } from './sqlite-errors.ts'

/** SQLite compares text by code point by default. */
export const SQLITE_DIALECT = {
  text: 'TEXT',
  clustered: 'WITHOUT ROWID',
  bigKey: 'INTEGER',
  generated: 'VIRTUAL',
  numbered: '',
}

/**
 * A write of one tag changes a page of the log and one of the resources: smaller pages are less to write. A row of the log
 * should fit into one.
 */
export const PAGE_BYTES = 2048

const BUSY_TIMEOUT_MS = 5000
const CACHE_KIB = 65_536
/** Pages that a copy transfers between two reports of its progress. */
const PAGES_PER_COPY_STEP = 1000
/**
 * The size of the write-ahead log at which SQLite moves its pages into the database file. A page that was written many
 * times is moved once, so a large log saves up to a fifth of the work of a tag write.
 */
const WAL_PAGES = 32_768
/**
 * The size to which the log is truncated after a long read has let it grow: above its normal size, so that normal
 * checkpoints do not truncate it.
 */
const WAL_BYTES_KEPT = 96 * 2 ** 20

/** Prepared statements have the names of the columns that a table had. */
const CHANGES_SCHEMA = /\b(?:CREATE|ALTER|DROP)\b/i

export type ConnectionOptions = {
  readonly readOnly: boolean
  readonly cacheKib?: number
  /** True: commits do not wait for the disk. For data that does not outlive the process. */
  readonly isEphemeral?: boolean
}

/**
 * One SQLite connection with a cache of prepared statements. Its calls run synchronously behind an asynchronous
 * interface.
 *
 * Reading needs a writable disk, for the index of the write-ahead log. If the disk is full or read-only and the log is
 * empty, a read-only connection reads the database file alone, until another connection writes again.
 */
export class SqliteConnection implements SqlConnection {
  /** SQLite has one writer. */
  readonly rowLock = ''
  readonly nextProjectNo = '(SELECT COALESCE(MAX(project_no), 0) + 1 FROM project_state)'
  readonly #file: string
  readonly #options: ConnectionOptions
  readonly #statements = new Map<string, RowStatement>()
  #db: DatabaseSync
  /** True: the file is read without its log, as if nothing could change it. */
  #isImmutable: boolean

  /** `cacheKib` is the size of the page cache. Throws StoreUnavailable when the file cannot be opened. */
  constructor(file: string, options: ConnectionOptions) {
    this.#file = file
    this.#options = options
    const opened = withStoreErrors(() => open(file, options))
    this.#db = opened.db
    this.#isImmutable = opened.isImmutable
  }

  exec(sql: string): void {
    withStoreErrors(() => this.#db.exec(sql))
    if (CHANGES_SCHEMA.test(sql)) this.#statements.clear()
  }

  async all(sql: string, ...params: Params): Promise<readonly Row[]> {
    return this.#read(() => this.#prepare(sql).all(params))
  }

  async get(sql: string, ...params: Params): Promise<Row | undefined> {
    return this.#read(() => this.#prepare(sql).get(params))
  }

  /** Iterates over the rows of a query without holding them in memory. */
  *iterate(sql: string): Generator<Row> {
    yield* new RowStatement(this.#db.prepare(sql)).iterate()
    this.#leaveImmutable()
  }

  /**
   * Copies the whole database, as this connection sees it, into a file. In a read transaction that is one snapshot, and
   * writes of other connections neither wait nor disturb it.
   */
  async copyTo(file: string, onPages: (done: number, total: number) => void): Promise<void> {
    const progress = ({ totalPages, remainingPages }: { totalPages: number; remainingPages: number }) =>
      onPages(totalPages - remainingPages, totalPages)
    await backup(this.#db, file, { rate: PAGES_PER_COPY_STEP, progress })
    this.#leaveImmutable()
  }

  async run(sql: string, ...params: Params): Promise<void> {
    this.#prepare(sql).run(params)
  }

  async getBatch(statement: BatchSelect, paramSets: readonly Params[]): Promise<readonly (Row | undefined)[]> {
    const byNumber = selectByNumber(statement)
    if (byNumber !== undefined) {
      const keys = JSON.stringify(paramSets.map(([key]) => key))
      return this.#prepare(byNumber).allAtPlaces([keys], paramSets.length)
    }
    const prepared = this.#prepare(statementText(statement))
    return paramSets.map((params) => prepared.get(params))
  }

  async runBatch(statement: BatchWrite, paramSets: readonly Params[]): Promise<void> {
    if (paramSets.length === 0) return
    const prepared = this.#prepare(statementText(statement))
    for (const params of paramSets) prepared.run(params)
  }

  /**
   * Moves the write-ahead log into the database file and empties it. Waits for no other connection: gives false when
   * reads prevent it at this moment.
   */
  checkpoint(): boolean {
    this.exec('PRAGMA busy_timeout = 0')
    try {
      return Number(this.#prepare('PRAGMA wal_checkpoint(TRUNCATE)').get([])?.busy) === 0
    } finally {
      this.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
    }
  }

  /** Closes the connection and opens it again: connections of one process share what SQLite knows of the disk. */
  reopen(): void {
    this.close()
    const opened = withStoreErrors(() => open(this.#file, this.#options))
    this.#db = opened.db
    this.#isImmutable = opened.isImmutable
  }

  close(): void {
    this.#statements.clear()
    if (this.#db.isOpen) this.#db.close()
  }

  /** Reads again over a new connection when another one may have written during the read. */
  #read<T>(read: () => T): T {
    const result = withStoreErrors(read)
    return this.#leaveImmutable() ? withStoreErrors(read) : result
  }

  /**
   * Opens the file with its log when another connection writes to it. Gives true if it did. Throws in a transaction: its
   * reads would not be of one moment.
   */
  #leaveImmutable(): boolean {
    if (!this.#isImmutable || !hasLog(this.#file)) return false
    if (this.#db.isTransaction) throw new StoreUnavailable(`${this.#file} is written again: repeat the read`, 'busy')
    const db = withStoreErrors(() => openDatabase(this.#file, this.#options))
    this.close()
    this.#db = db
    this.#isImmutable = false
    return true
  }

  #prepare(sql: string): RowStatement {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      if (CHANGES_SCHEMA.test(sql)) this.#statements.clear()
      statement = new RowStatement(this.#db.prepare(sql))
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

const textsByNumber = new WeakMap<BatchSelect, string>()

/** A select by one key that is a number, for an array of keys as JSON; its first column is the place in the array. */
function selectByNumber(statement: BatchSelect): string | undefined {
  const { keys, numbers, columns, table } = statement
  const [key] = keys
  if (key === undefined || keys.length > 1 || !numbers?.includes(key)) return undefined
  let text = textsByNumber.get(statement)
  if (text === undefined) {
    text = `SELECT json_each.key, ${columns.join(', ')} FROM json_each(?) CROSS JOIN ${table} ON ${key} = json_each.value`
    textsByNumber.set(statement, text)
  }
  return text
}

type Opened = { readonly db: DatabaseSync; readonly isImmutable: boolean }

function open(file: string, options: ConnectionOptions): Opened {
  try {
    return { db: openDatabase(file, options), isImmutable: false }
  } catch (error) {
    if (!options.readOnly || !isUnwritable(error) || hasLog(file)) throw error
    const url = pathToFileURL(file)
    url.searchParams.set('immutable', '1')
    return { db: openDatabase(url, options), isImmutable: true }
  }
}

/** Size of the index of a write-ahead log in use. A full disk leaves a shorter one. */
const LOG_INDEX_BYTES = 32_768

/** True when the write-ahead log of a database has content, or another connection may be writing to it. */
function hasLog(file: string): boolean {
  const sizeOf = (name: string) => statSync(name, { throwIfNoEntry: false })?.size ?? 0
  return sizeOf(`${file}-wal`) > 0 || sizeOf(`${file}-shm`) >= LOG_INDEX_BYTES
}

function openDatabase(
  file: string | URL,
  { readOnly, cacheKib = CACHE_KIB, isEphemeral = false }: ConnectionOptions,
): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly, timeout: BUSY_TIMEOUT_MS })
  try {
    // An acknowledged write must survive a power failure, so every commit waits for the disk.
    if (!readOnly) {
      // Without effect on a database that is there.
      db.exec(`PRAGMA page_size = ${PAGE_BYTES}`)
      db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${isEphemeral ? 'OFF' : 'FULL'}`)
      // Overwritten and deleted values are zeroed in their pages: a secret that is encrypted must not stay there in clear.
      db.exec('PRAGMA secure_delete = FAST')
      db.exec(`PRAGMA wal_autocheckpoint = ${WAL_PAGES}; PRAGMA journal_size_limit = ${WAL_BYTES_KEPT}`)
    }
    // The first read: it opens the write-ahead log.
    db.exec(`PRAGMA cache_size = -${cacheKib}; SELECT 1 FROM sqlite_master LIMIT 1`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Wraps an error in StoreUnavailable: the engine or the file has failed. */
function withStoreErrors<T>(task: () => T): T {
  try {
    return task()
  } catch (error) {
    throw new StoreUnavailable((error as Error).message, failureOf(error), { cause: error })
  }
}
