import type { ResourceType } from '../../core/resource-types.ts'
import { sqlReads } from '../sql/reads.ts'
import type { SqlConnection } from '../sql/sql.ts'
import { scanOver } from '../sql/tag-reader.ts'
import {
  executeRecordWrite,
  forwardRecordWrites,
  type RecordOperation,
  type RecordResult,
  type RecordWrite,
  sqlWrites,
} from '../sql/writes.ts'
import { type Scan, type Store, StoreUnavailable, type Verdict, type WriteRequest } from '../store.ts'
import { AutoAnalyze } from './analyze.ts'
import type { PostgresOptions } from './client-config.ts'
import { type PostgresEvents, PostgresPool } from './pool.ts'
import { checkPostgresSchema, migratePostgres } from './schema.ts'

/**
 * Opens the store in a PostgreSQL database, version 15 or newer. With `migrates` it migrates the schema first. Throws
 * when the database is unreachable or fails `checkServer`, and when its schema is older or newer than this program.
 * While the database is unreachable later on, every call throws StoreUnavailable within a second.
 */
export async function openPostgresStore(
  options: PostgresOptions & PostgresEvents & { readonly migrates: boolean },
): Promise<Store> {
  if (options.migrates) await migratePostgres(options)
  else await checkPostgresSchema(options)
  return new PostgresStore(new PostgresPool(options, options)).asStore()
}

/** Rows per batch of a scan: each batch is a round trip, and its rows are parsed without a pause. */
const SCAN_BATCH_ROWS = 100

/** Operations that take row locks of their own. The others, on accounts, share one row and are queued per process. */
const UNQUEUED_OPERATIONS: ReadonlySet<RecordOperation> = new Set([
  'addImageMember',
  'updateImageMember',
  'removeImageMember',
  'putPredefinedTags',
  'removePredefinedTags',
  'replacePredefinedTag',
  'forgetHistory',
  'createPlan',
  'addPlanItems',
  'finishPlan',
  'commitPlan',
  'deletePlan',
  'forgetPlans',
  'ignoreGroup',
  'endIgnoringGroup',
  'putCoverage',
  'forgetCoverage',
  'takeLease',
])

class PostgresStore {
  readonly #pool: PostgresPool
  readonly #autoAnalyze = new AutoAnalyze(() => this.#whileOpen(() => this.#pool.analyzeTables()))
  /** The tail of the queue of account writes, which take effect in the order of their calls. */
  #lastAccountWrite: Promise<unknown> = Promise.resolve()
  #callsInFlight = 0
  #closing: Promise<void> | undefined
  #onDrained: (() => void) | undefined

  constructor(pool: PostgresPool) {
    this.#pool = pool
  }

  asStore(): Store {
    return {
      ...sqlReads(this.#reading()),
      ...forwardRecordWrites((write) => this.#whileOpen(() => this.#writeRecord(write))),
      commit: (project, requests) => this.#whileOpen(() => this.#commit(project, requests)),
      scan: (project, types) => this.#whileOpen(() => this.#scan(project, types)),
      statistics: () => ({ connections: this.#pool.uses, walBytes: undefined, checkpoints: undefined }),
      close: () => {
        this.#closing ??= this.#close()
        return this.#closing
      },
    }
  }

  /** Executes each query over a connection of the pool. */
  #reading(): SqlConnection {
    const read = <T>(work: (db: SqlConnection) => Promise<T>) => this.#whileOpen(() => this.#pool.read(work))
    return {
      rowLock: '',
      nextProjectNo: '',
      all: (sql, ...params) => read((db) => db.all(sql, ...params)),
      get: (sql, ...params) => read((db) => db.get(sql, ...params)),
      getBatch: (statement, sets) => read((db) => db.getBatch(statement, sets)),
      run: refuseWrite,
      runBatch: refuseWrite,
    }
  }

  #writeRecord<O extends RecordOperation>(write: RecordWrite<O>): Promise<RecordResult<O>> {
    const execute = () =>
      this.#pool.transaction(async (db) => ({ result: await executeRecordWrite(sqlWrites(db), write), changed: true }))
    if (UNQUEUED_OPERATIONS.has(write.operation)) return execute()
    const done = this.#lastAccountWrite.then(execute)
    this.#lastAccountWrite = done.catch(() => undefined)
    return done
  }

  /**
   * Concurrent calls for one project wait for each other at the project's row lock, each on a connection. The catalogue
   * groups writes and has one call per project in flight, so a locked project occupies one connection of this process.
   */
  async #commit(project: string, requests: readonly WriteRequest[]): Promise<readonly Verdict[]> {
    const verdicts = await this.#pool.transaction(async (db) => {
      const result = await sqlWrites(db).commit(project, requests)
      // Without a change the transaction is rolled back, which needs no wait for the disk.
      return { result, changed: result.some(({ outcome }) => outcome === 'changed') }
    })
    this.#autoAnalyze.added(verdicts.filter((verdict) => verdict.outcome === 'changed' && verdict.created).length)
    return verdicts
  }

  async #scan(project: string, types: readonly ResourceType[] | undefined): Promise<Scan> {
    const { db, release } = await this.#pool.snapshot()
    try {
      return await scanOver(db, project, types, release, { rows: SCAN_BATCH_ROWS, isAhead: true })
    } catch (error) {
      release()
      throw error
    }
  }

  async #whileOpen<T>(call: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw new StoreUnavailable('the store is closed')
    this.#callsInFlight++
    try {
      return await call()
    } finally {
      this.#callsInFlight--
      if (this.#callsInFlight === 0) this.#onDrained?.()
    }
  }

  async #close(): Promise<void> {
    if (this.#callsInFlight > 0) await new Promise<void>((resolve) => (this.#onDrained = resolve))
    await this.#pool.close()
  }
}

function refuseWrite(): Promise<never> {
  return Promise.reject(new TypeError('a write was sent over a connection for reads'))
}
