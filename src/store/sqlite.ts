import { Worker } from 'node:worker_threads'
import { type DataFolder, takeDataFolder } from './data-folder.ts'
import { oncePerTurn } from './once-per-turn.ts'
import { sqlReads } from './sql-reads.ts'
import { handedOn, type WriteMethod } from './sql-writes.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import { packCall, unpackValue, type WriteCall, type WriteReply } from './sqlite-messages.ts'
import { scanFile } from './sqlite-reader.ts'
import { type Store, StoreUnavailable } from './store.ts'

type Waiting = {
  readonly call: WriteCall
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/**
 * Opens the store in a data folder, making both if they are missing. `onFailure` is told, at most once, when the thread
 * that writes is gone: from then on every write fails, and only a new process helps. Throws when another process holds
 * the folder, and when a newer program wrote the data.
 */
export async function openSqliteStore(folder: string, onFailure: (error: Error) => void): Promise<Store> {
  const dataFolder = takeDataFolder(folder)
  let worker: Worker | undefined
  try {
    // From the sources a worker runs the .ts file, from a published package the .js file beside this one.
    const script = new URL(
      import.meta.url.endsWith('.ts') ? './sqlite-worker.ts' : './sqlite-worker.js',
      import.meta.url,
    )
    worker = new Worker(script, { workerData: { file: dataFolder.file } })
    await readiness(worker)
    return new SqliteStore(dataFolder, worker, onFailure).asStore()
  } catch (error) {
    await worker?.terminate()
    dataFolder.release()
    throw error
  }
}

/** Waits for a thread to say that it is ready. Throws when it ends instead. */
async function readiness(worker: Worker): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve())
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the writing thread ended with code ${code}`)))
  })
  for (const event of ['error', 'exit']) worker.removeAllListeners(event)
}

/** The writing thread and what this side of it waits for. */
class SqliteStore {
  readonly #folder: DataFolder
  readonly #worker: Worker
  readonly #connection: SqliteConnection
  readonly #waiting = new Map<number, Waiting>()
  #lastCallId = 0
  #failure: Error | undefined
  #closing: Promise<void> | undefined
  #drained: (() => void) | undefined

  constructor(folder: DataFolder, worker: Worker, onFailure: (error: Error) => void) {
    this.#connection = new SqliteConnection(folder.file, { readOnly: true })
    this.#folder = folder
    this.#worker = worker
    worker.on('message', (replies: readonly WriteReply[]) => this.#settle(replies))
    worker.on('error', (error) => this.#fail(error as Error, onFailure))
    worker.on('exit', (code) => this.#fail(new Error(`the writing thread ended with code ${code}`), onFailure))
  }

  /** The store: reads on a connection of this thread, writes handed on to the other. */
  asStore(): Store {
    const reads = sqlReads(this.#connection)
    return {
      ...reads,
      // Every request asks this first. Those that come in together then go on together, up to what they ask next.
      getAccountsRevision: oncePerTurn(reads.getAccountsRevision),
      ...handedOn((method, args) => this.#call(method, args)),
      scan: (project, types) => scanFile(this.#folder.file, project, types),
      close: () => this.#closeOnce(),
    }
  }

  #closeOnce(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    if (this.#waiting.size > 0) await new Promise<void>((resolve) => (this.#drained = resolve))
    if (this.#failure === undefined) {
      const ended = new Promise((resolve) => this.#worker.once('exit', resolve))
      this.#worker.postMessage('close')
      await ended
    }
    this.#connection.close()
    this.#folder.release()
  }

  #call(method: WriteMethod, args: readonly unknown[]): Promise<unknown> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#closing !== undefined) return Promise.reject(new StoreUnavailable('the store is closed'))
    return new Promise((resolve, reject) => {
      const call: WriteCall = { id: ++this.#lastCallId, method, args }
      this.#worker.postMessage(packCall(call))
      this.#waiting.set(call.id, { call, resolve, reject })
    })
  }

  #settle(replies: readonly WriteReply[]): void {
    for (const reply of replies) {
      const waiting = this.#waiting.get(reply.id)
      if (waiting === undefined) continue
      this.#waiting.delete(reply.id)
      if ('error' in reply) waiting.reject(new StoreUnavailable(reply.error.message))
      else waiting.resolve(unpackValue(waiting.call, reply.value))
    }
    if (this.#waiting.size === 0) this.#drained?.()
  }

  #fail(cause: Error, onFailure: (error: Error) => void): void {
    if (this.#closing !== undefined && this.#waiting.size === 0) return
    if (this.#failure !== undefined) return
    const error = new StoreUnavailable(cause.message)
    this.#failure = error
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
    this.#drained?.()
    onFailure(error)
  }
}
