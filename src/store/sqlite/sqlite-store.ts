import { sqlReads } from '../sql/reads.ts'
import { handedOn, type WriteMethod } from '../sql/writes.ts'
import { type Store, StoreUnavailable } from '../store.ts'
import { coalesce } from './coalesce.ts'
import { SqliteConnection } from './connection.ts'
import { databaseFileIn, lockDataFolder } from './data-folder.ts'
import { scanFile } from './read-only-store.ts'
import { type SendWrite, WriterThread } from './writer-client.ts'
import { packCall, unpackValue, type WriteCall } from './writer-messages.ts'

/** What is read most, revisions and latest changes, is little: more would only fill up with what is read once. */
const READ_CACHE_KIB = 8192

/** A store in a data folder, whose writer other processes of this machine may use too. */
export type SqlitePrimary = {
  readonly store: Store
  /** Takes a call of a member, see `openSqliteWorker`. */
  readonly send: SendWrite
}

/**
 * Opens the store in a data folder, making both if they are missing. `onFailure` is told, at most once, when the thread
 * that writes is gone: from then on every write fails, and only a new process helps. Throws when another process holds
 * the folder, and when a newer program wrote the data.
 */
export async function openSqliteStore(folder: string, onFailure: (error: Error) => void): Promise<Store> {
  return (await openSqlitePrimary(folder, onFailure)).store
}

/** Opens the same for other processes as well. */
export async function openSqlitePrimary(folder: string, onFailure: (error: Error) => void): Promise<SqlitePrimary> {
  const dataFolder = lockDataFolder(folder)
  let thread: WriterThread | undefined
  const letGo = async () => {
    await thread?.close()
    dataFolder.release()
  }
  try {
    thread = await WriterThread.start(dataFolder.file, onFailure)
    return { store: new SqliteStore(dataFolder.file, thread.send, letGo).asStore(), send: thread.send }
  } catch (error) {
    await letGo()
    throw error
  }
}

/**
 * Opens the store in a data folder that another process has, for as long as that one has it. Reads are done here, and are
 * as fresh as there; `send` brings writes to that process.
 */
export function openSqliteWorker(folder: string, send: SendWrite): Store {
  return new SqliteStore(databaseFileIn(folder), send, async () => undefined).asStore()
}

/** Reads on a connection of this thread, and whoever takes the writes. */
class SqliteStore {
  readonly #file: string
  readonly #connection: SqliteConnection
  readonly #send: SendWrite
  readonly #letGo: () => Promise<void>
  #underWay = 0
  #lastCallId = 0
  #closing: Promise<void> | undefined
  #drained: (() => void) | undefined

  constructor(file: string, send: SendWrite, letGo: () => Promise<void>) {
    this.#file = file
    this.#connection = new SqliteConnection(file, { readOnly: true, cacheKib: READ_CACHE_KIB })
    this.#send = send
    this.#letGo = letGo
  }

  asStore(): Store {
    const reads = sqlReads(this.#connection)
    return {
      ...reads,
      // Every request asks this first. Those that come in together then go on together, up to what they ask next.
      getAccountsRevision: coalesce(reads.getAccountsRevision),
      ...handedOn((method, args) => this.#call(method, args)),
      scan: (project, types) => scanFile(this.#file, project, types),
      close: () => {
        this.#closing ??= this.#close()
        return this.#closing
      },
    }
  }

  async #close(): Promise<void> {
    if (this.#underWay > 0) await new Promise<void>((resolve) => (this.#drained = resolve))
    await this.#letGo()
    this.#connection.close()
  }

  async #call(method: WriteMethod, args: readonly unknown[]): Promise<unknown> {
    if (this.#closing !== undefined) throw new StoreUnavailable('the store is closed')
    const call: WriteCall = { id: ++this.#lastCallId, method, args }
    this.#underWay++
    try {
      const reply = await this.#send(packCall(call))
      if ('error' in reply) throw new StoreUnavailable(reply.error.message)
      return unpackValue(call, reply.value)
    } finally {
      this.#underWay--
      if (this.#underWay === 0) this.#drained?.()
    }
  }
}
