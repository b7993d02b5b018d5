import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe } from 'vitest'
import type { Resource } from '../../src/core/resource.ts'
import type { ResourceType } from '../../src/core/resource-type.ts'
import { SqlReader } from '../../src/store/sql-reader.ts'
import { SqliteConnection } from '../../src/store/sqlite-connection.ts'
import { SqliteWriter, type WriteMethod } from '../../src/store/sqlite-writer.ts'
import type { Founding, Project, Scan, Store, Verdict, WriteRequest } from '../../src/store/store.ts'
import { accountStoreConformance } from './account-store.ts'
import { tagStoreConformance } from './tag-store.ts'

/** The SQLite writer without its thread: the same statements, one transaction a call, where a debugger can follow them. */
class InThreadStore extends SqlReader implements Store {
  readonly #file: string
  readonly #writer: SqliteWriter
  readonly #connection: SqliteConnection
  #isOpen = true

  constructor(file: string, writer: SqliteWriter) {
    const connection = new SqliteConnection(file, { readOnly: true })
    super(connection)
    this.#file = file
    this.#writer = writer
    this.#connection = connection
  }

  async scan(project: string, types: readonly ResourceType[]): Promise<Scan> {
    const connection = new SqliteConnection(this.#file, { readOnly: true })
    connection.exec('BEGIN')
    const reader = new SqlReader(connection)
    const revision = await reader.getRevision(project)
    const batches = (async function* (): AsyncGenerator<readonly Resource[]> {
      yield* reader.resources(project, types)
      connection.close()
    })()
    return { revision, batches }
  }

  commit(project: string, requests: readonly WriteRequest[]): Promise<readonly Verdict[]> {
    return this.#run('commit', project, requests)
  }

  found(founding: Founding): Promise<boolean> {
    return this.#run('found', founding)
  }

  ensureProject(project: Project): Promise<Project> {
    return this.#run('ensureProject', project)
  }

  revokeToken(tokenId: string, expiresAtMs: number): Promise<void> {
    return this.#run('revokeToken', tokenId, expiresAtMs)
  }

  forgetExpiredRevocations(beforeMs: number): Promise<void> {
    return this.#run('forgetExpiredRevocations', beforeMs)
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    await this.#last
    this.#connection.close()
    this.#writer.close()
  }

  /** Calls wait for each other, as messages to a thread do. */
  #last: Promise<unknown> = Promise.resolve()

  #run<T>(method: WriteMethod, ...args: readonly unknown[]): Promise<T> {
    if (!this.#isOpen) return Promise.reject(new Error('the store is closed'))
    const done = this.#last.then(async () => {
      const [reply] = await this.#writer.run([{ id: 1, method, args }])
      if (reply === undefined || 'error' in reply) throw new Error(reply?.error.message)
      return reply.value as T
    })
    this.#last = done.catch(() => undefined)
    return done
  }
}

describe('the SQLite writer in the thread of its caller', () => {
  let folder: string
  let store: Store

  async function open(): Promise<Store> {
    const file = join(folder, 'tagwerk.sqlite')
    const writer = new SqliteWriter(file)
    await writer.migrate()
    return new InThreadStore(file, writer)
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagwerk-in-thread-'))
    store = await open()
  })

  afterEach(async () => {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function reopened(): Promise<Store> {
    await store.close()
    store = await open()
    return store
  }

  describe('keeps tags', () => tagStoreConformance(() => store, reopened))
  describe('keeps accounts', () => accountStoreConformance(() => store, reopened))
})
