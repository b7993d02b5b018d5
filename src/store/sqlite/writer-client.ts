import { Worker } from 'node:worker_threads'
import { StoreUnavailable } from '../store.ts'
import type { WriteCall, WriteReply } from './writer-messages.ts'

/** Hands on a packed call, and gives its packed reply. Rejects with StoreUnavailable when nobody can take it. */
export type SendWrite = (call: WriteCall) => Promise<WriteReply>

type Waiting = {
  readonly callersId: number
  readonly resolve: (reply: WriteReply) => void
  readonly reject: (error: Error) => void
}

/** The one thread that writes to a database file, as seen by those that hand it calls. */
export class WriterThread {
  readonly #worker: Worker
  readonly #onFailure: (error: Error) => void
  readonly #waiting = new Map<number, Waiting>()
  #lastCallId = 0
  #failure: Error | undefined
  #isClosing = false
  #drained: (() => void) | undefined

  private constructor(worker: Worker, onFailure: (error: Error) => void) {
    this.#worker = worker
    this.#onFailure = onFailure
    worker.on('message', (replies: readonly WriteReply[]) => this.#settle(replies))
    worker.on('error', (error) => this.#fail(error as Error))
    worker.on('exit', (code) => this.#fail(endedWith(code)))
  }

  /**
   * Starts the thread on a database file, whose schema it brings up to date. `onFailure` is told, at most once, when it
   * is gone: from then on every call fails. Throws what keeps it from starting.
   */
  static async start(file: string, onFailure: (error: Error) => void): Promise<WriterThread> {
    // From the sources a worker runs the .ts file, from a published package the .js file beside this one.
    const script = new URL(
      import.meta.url.endsWith('.ts') ? './writer-thread.ts' : './writer-thread.js',
      import.meta.url,
    )
    const worker = new Worker(script, { workerData: { file } })
    try {
      await readiness(worker)
    } catch (error) {
      await worker.terminate()
      throw error
    }
    return new WriterThread(worker, onFailure)
  }

  /** Hands on a call of anybody: the reply has the number that its caller gave it. */
  readonly send: SendWrite = (call) => {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#isClosing) return Promise.reject(new StoreUnavailable('the store is closed'))
    return new Promise((resolve, reject) => {
      const id = ++this.#lastCallId
      this.#worker.postMessage({ ...call, id })
      this.#waiting.set(id, { callersId: call.id, resolve, reject })
    })
  }

  /** Finishes what is under way, and ends the thread. */
  async close(): Promise<void> {
    this.#isClosing = true
    if (this.#waiting.size > 0) await new Promise<void>((resolve) => (this.#drained = resolve))
    if (this.#failure !== undefined) return
    const ended = new Promise((resolve) => this.#worker.once('exit', resolve))
    this.#worker.postMessage('close')
    await ended
  }

  #settle(replies: readonly WriteReply[]): void {
    for (const reply of replies) {
      const waiting = this.#waiting.get(reply.id)
      if (waiting === undefined) continue
      this.#waiting.delete(reply.id)
      waiting.resolve({ ...reply, id: waiting.callersId })
    }
    if (this.#waiting.size === 0) this.#drained?.()
  }

  #fail(cause: Error): void {
    if (this.#isClosing && this.#waiting.size === 0) return
    if (this.#failure !== undefined) return
    const error = new StoreUnavailable(cause.message)
    this.#failure = error
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
    this.#drained?.()
    this.#onFailure(error)
  }
}

/** Waits for a thread to say that it is ready. Throws when it ends instead. */
async function readiness(worker: Worker): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve())
    worker.once('error', reject)
    worker.once('exit', (code) => reject(endedWith(code)))
  })
  for (const event of ['error', 'exit']) worker.removeAllListeners(event)
}

function endedWith(code: number): Error {
  return new Error(`the writing thread ended with code ${code}`)
}
