import { statSync } from 'node:fs'
import { SCHEMA_VERSION } from '../migrate.ts'
import { sqlReads } from '../sql/reads.ts'
import { forwardRecordWrites, type RecordOperation, type RecordResult, type RecordWrite } from '../sql/writes.ts'
import { type CheckpointCounts, type Store, StoreUnavailable, type Verdict, type WriteRequest } from '../store.ts'
import type { Baseline, BaselineCall } from './baseline.ts'
import { coalesce } from './coalesce.ts'
import { SqliteConnection } from './connection.ts'
import { databaseFileIn } from './data-folder.ts'
import { foundStore } from './found-store.ts'
import { type FolderContent, inspectDataFolder, StoreRefused } from './inspect-folder.ts'
import { scanFile } from './read-only-store.ts'
import { RetryingWriter } from './retrying-writer.ts'
import { readSqliteVersion } from './schema-version.ts'
import { setStoreAside } from './set-aside.ts'
import type { SendWrite, WriterEvents } from './writer-client.ts'
import { packRequests, unpackVerdicts, type WriteCall, type WriteReply } from './writer-messages.ts'

/**
 * Nearly all reads are of revisions and recent changes, which are small: a larger cache would fill with pages read
 * once.
 */
const READ_CACHE_KIB = 8192

/** The store of the process that owns a data folder, whose writer other processes of this machine use as well. */
export type SqlitePrimary = {
  readonly store: Store
  readonly baseline: Baseline
  /** Executes a call of a worker process, see `openSqliteWorker`. */
  readonly send: SendWrite
}

/** How a data folder is opened. */
export type SqliteOptions = {
  /** True: a new, empty store takes the place of one that is refused; see `inspectDataFolder`. */
  readonly foundsAnew?: boolean
  /** True: nothing outlives the process, so no write waits for the disk. */
  readonly isEphemeral?: boolean
  /** See `WriterEvents`. */
  readonly onWarning?: WriterEvents['onWarning']
}

/**
 * Opens the store in a data folder, creating both if they are missing. `onFailure` is called, at most once, when the
 * writer thread ends: every later write fails until the process is restarted. On a disk that is full or read-only a
 * complete store is opened for reading, and writes fail until the disk can be written to. Throws when another process has locked
 * the folder, when a newer program wrote the data, and when data that was there is missing or damaged.
 */
export async function openSqliteStore(
  folder: string,
  onFailure: WriterEvents['onFailure'],
  options: SqliteOptions = {},
): Promise<Store> {
  return (await openSqlitePrimary(folder, onFailure, options)).store
}

/** Opens the store as `openSqliteStore` does, for worker processes too. */
export async function openSqlitePrimary(
  folder: string,
  onFailure: WriterEvents['onFailure'],
  options: SqliteOptions = {},
): Promise<SqlitePrimary> {
  const { onWarning = () => undefined } = options
  let foundsAnew = options.foundsAnew ?? false
  let sqliteStore: SqliteStore | undefined
  const checkpoints = { done: 0, prevented: 0 }
  const onCheckpoint: WriterEvents['onCheckpoint'] = (outcome) => checkpoints[outcome]++
  const writer = new RetryingWriter(
    folder,
    { onFailure, onWarning, onCheckpoint },
    async () => {
      sqliteStore?.reopen()
      await prepareFolder(folder, foundsAnew, onWarning)
      foundsAnew = false
    },
    options.isEphemeral,
  )
  try {
    await writer.open(() => isReadable(folder))
    sqliteStore = new SqliteStore(databaseFileIn(folder), writer.send, () => writer.close(), checkpoints)
    return { store: sqliteStore.asStore(), baseline: sqliteStore.asBaseline(), send: writer.send }
  } catch (error) {
    await writer.close()
    throw error
  }
}

/** True when a data folder holds a whole store of the current schema. */
async function isReadable(folder: string): Promise<boolean> {
  if ((await inspectDataFolder(folder)) === 'nothing') return false
  const db = new SqliteConnection(databaseFileIn(folder), { readOnly: true })
  try {
    return (await readSqliteVersion(db)) === SCHEMA_VERSION
  } finally {
    db.close()
  }
}

/** Founds the store of a folder that never had one, or if that is wanted in place of one that is refused. */
async function prepareFolder(folder: string, foundsAnew: boolean, onWarning: WriterEvents['onWarning']): Promise<void> {
  let content: FolderContent
  try {
    content = await inspectDataFolder(folder, onWarning)
  } catch (error) {
    if (!(error instanceof StoreRefused) || !foundsAnew) throw error
    onWarning(`a new, empty store was founded; the files of the former one are in ${setStoreAside(folder)}`)
    content = 'nothing'
  }
  if (content === 'nothing') await foundStore(folder)
  else if (foundsAnew) onWarning('--found-anew had no effect, because the store is whole: remove the option')
}

/**
 * Opens the store in a data folder that another process owns, for as long as that process runs. Reads are executed here
 * and are as fresh as there; `send` passes writes to that process.
 */
export function openSqliteWorker(folder: string, send: SendWrite): Store {
  return new SqliteStore(databaseFileIn(folder), send, async () => undefined).asStore()
}

/** The size of a file; 0 when it does not exist. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** Reads over a connection of this thread, and sends writes. */
class SqliteStore {
  readonly #file: string
  readonly #connection: SqliteConnection
  readonly #send: SendWrite
  readonly #release: () => Promise<void>
  readonly #checkpoints: CheckpointCounts | undefined
  #writesInFlight = 0
  #lastCallId = 0
  #closing: Promise<void> | undefined
  #onDrained: (() => void) | undefined

  constructor(file: string, send: SendWrite, release: () => Promise<void>, checkpoints?: CheckpointCounts) {
    this.#file = file
    this.#connection = new SqliteConnection(file, { readOnly: true, cacheKib: READ_CACHE_KIB })
    this.#send = send
    this.#release = release
    this.#checkpoints = checkpoints
  }

  asStore(): Store {
    const reads = sqlReads(this.#connection)
    return {
      ...reads,
      // Every request reads this first. Requests of one event-loop tick share the read, and so continue in the same
      // tick.
      getAccountsRevision: coalesce(reads.getAccountsRevision),
      ...forwardRecordWrites((write) => this.#writeRecord(write)),
      commit: (project, requests) => this.#commit(project, requests),
      scan: (project, types) => scanFile(this.#file, project, types),
      statistics: () => ({
        connections: [],
        walBytes: sizeOf(`${this.#file}-wal`),
        checkpoints: this.#checkpoints && { ...this.#checkpoints },
      }),
      close: () => {
        this.#closing ??= this.#close()
        return this.#closing
      },
    }
  }

  asBaseline(): Baseline {
    const send = async (baseline: BaselineCall) => {
      await this.#call((id) => ({ id, baseline }))
    }
    return { keep: () => send('keep'), restore: (entry) => send({ restore: entry }) }
  }

  /** Replaces the connection for reads, before a writer is started that could not be started before. */
  reopen(): void {
    if (this.#closing === undefined) this.#connection.reopen()
  }

  async #close(): Promise<void> {
    if (this.#writesInFlight > 0) await new Promise<void>((resolve) => (this.#onDrained = resolve))
    // Before the writer, which can remove the write-ahead log only as the last connection.
    this.#connection.close()
    await this.#release()
  }

  async #commit(project: string, requests: readonly WriteRequest[]): Promise<readonly Verdict[]> {
    const reply = await this.#call((id) => ({ id, commit: { project, requests: packRequests(requests) } }))
    if (!('verdicts' in reply)) throw new TypeError('a commit was answered without verdicts')
    return unpackVerdicts(requests, reply.verdicts)
  }

  async #writeRecord<O extends RecordOperation>(record: RecordWrite<O>): Promise<RecordResult<O>> {
    const reply = await this.#call((id) => ({ id, record: record as RecordWrite }))
    if (!('result' in reply)) throw new TypeError('a write of a record was answered without a result')
    // The writer executes the operation that the call names, so its result has that operation's type.
    return reply.result as RecordResult<O>
  }

  async #call(message: (id: number) => WriteCall): Promise<Exclude<WriteReply, { readonly error: object }>> {
    if (this.#closing !== undefined) throw new StoreUnavailable('the store is closed')
    this.#writesInFlight++
    try {
      const reply = await this.#send(message(++this.#lastCallId))
      if ('error' in reply) throw new StoreUnavailable(reply.error.message, reply.error.failure)
      return reply
    } finally {
      this.#writesInFlight--
      if (this.#writesInFlight === 0) this.#onDrained?.()
    }
  }
}
