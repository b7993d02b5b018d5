import type { Resource } from '../../core/resource.ts'
import type { ResourceType } from '../../core/resource-type.ts'
import { sqlReads } from '../sql/reads.ts'
import type { SqlConnection } from '../sql/sql.ts'
import { resourcesOf, tagReads } from '../sql/tag-reader.ts'
import { handedOn, sqlWrites, type WriteMethod } from '../sql/writes.ts'
import { type Scan, type Store, StoreUnavailable, type Verdict, type WriteRequest } from '../store.ts'
import { AutoAnalyze } from './analyze.ts'
import type { PostgresOptions } from './client-config.ts'
import { type PostgresEvents, PostgresPool } from './pool.ts'
import { checkPostgresSchema, migratePostgres } from './schema.ts'

/**
 * Opens the store in a PostgreSQL database, 15 or newer. With `migrates` it brings the schema up to date first. Throws
 * when the database cannot be reached or relied on, when its schema is older than this program, and when a newer program
 * has been there. While the database is away later on, every call throws StoreUnavailable within a second.
 */
export async function openPostgresStore(
  options: PostgresOptions & PostgresEvents & { readonly migrates: boolean },
): Promise<Store> {
  if (options.migrates) await migratePostgres(options)
  else await checkPostgresSchema(options)
  return new PostgresStore(new PostgresPool(options, options)).asStore()
}

/** Calls that need no turn among the other calls of this process: the statements lock what they need. */
const WITHOUT_TURN: ReadonlySet<WriteMethod> = new Set([
  ...(['addImageMember', 'updateImageMember', 'removeImageMember'] as const),
  ...(['putPredefinedTags', 'removePredefinedTags', 'replacePredefinedTag'] as const),
])

class PostgresStore {
  readonly #pool: PostgresPool
  readonly #statistics = new AutoAnalyze(() => this.#whileOpen(() => this.#pool.analyzeTables()))
  /** The change of accounts that was asked for last: they take place in the order in which they were asked for. */
  #lastOfAccounts: Promise<unknown> = Promise.resolve()
  #underWay = 0
  #closing: Promise<void> | undefined
  #drained: (() => void) | undefined

  constructor(pool: PostgresPool) {
    this.#pool = pool
  }

  asStore(): Store {
    return {
      ...sqlReads(this.#reading()),
      ...handedOn((method, args) => this.#whileOpen(() => this.#write(method, args))),
      scan: (project, types) => this.#whileOpen(() => this.#scan(project, types)),
      close: () => {
        this.#closing ??= this.#close()
        return this.#closing
      },
    }
  }

  /** A connection that takes one of the pool for each statement. */
  #reading(): SqlConnection {
    const read = <T>(work: (db: SqlConnection) => Promise<T>) => this.#whileOpen(() => this.#pool.read(work))
    return {
      all: (sql, ...params) => read((db) => db.all(sql, ...params)),
      get: (sql, ...params) => read((db) => db.get(sql, ...params)),
      getBatch: (statement, sets) => read((db) => db.getBatch(statement, sets)),
      run: refuseWrite,
      runBatch: refuseWrite,
    }
  }

  #write(method: WriteMethod, args: readonly unknown[]): Promise<unknown> {
    if (method === 'commit') return this.#commit(...(args as [string, readonly WriteRequest[]]))
    const call = () =>
      this.#pool.transaction(async (db) => {
        const write = sqlWrites(db)[method] as (...args: readonly unknown[]) => Promise<unknown>
        return { result: await write(...args), changed: true }
      })
    if (WITHOUT_TURN.has(method)) return call()
    const done = this.#lastOfAccounts.then(call)
    this.#lastOfAccounts = done.catch(() => undefined)
    return done
  }

  /**
   * Concurrent calls for one project wait for each other at the project's row lock, each on a connection. The catalogue
   * groups writes and has one call per project in flight, so a locked project occupies one connection of this process.
   */
  async #commit(project: string, requests: readonly WriteRequest[]): Promise<readonly Verdict[]> {
    const verdicts = await this.#pool.transaction(async (db) => {
      const result = await sqlWrites(db).commit(project, requests)
      // What changes nothing is spared the wait for the disk.
      return { result, changed: result.some(({ outcome }) => outcome === 'changed') }
    })
    this.#statistics.added(verdicts.filter((verdict) => verdict.outcome === 'changed' && verdict.created).length)
    return verdicts
  }

  async #scan(project: string, types: readonly ResourceType[]): Promise<Scan> {
    const { db, release } = await this.#pool.snapshot()
    try {
      const revision = await tagReads(db).getRevision(project)
      const batches = (async function* (): AsyncGenerator<readonly Resource[]> {
        try {
          yield* resourcesOf(db, project, types)
        } finally {
          release()
        }
      })()
      return { revision, batches }
    } catch (error) {
      release()
      throw error
    }
  }

  async #whileOpen<T>(call: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw new StoreUnavailable('the store is closed')
    this.#underWay++
    try {
      return await call()
    } finally {
      this.#underWay--
      if (this.#underWay === 0) this.#drained?.()
    }
  }

  async #close(): Promise<void> {
    if (this.#underWay > 0) await new Promise<void>((resolve) => (this.#drained = resolve))
    await this.#pool.close()
  }
}

function refuseWrite(): Promise<never> {
  return Promise.reject(new TypeError('a write was sent over a connection for reads'))
}
