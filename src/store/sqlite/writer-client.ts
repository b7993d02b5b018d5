import { Worker } from 'node:worker_threads'
import { type CheckpointCounts, StoreUnavailable } from '../store.ts'
import type { WriteCall, WriteReply, WriterMessage } from './writer-messages.ts'

/** Sends a call to the writer and resolves with the reply. Rejects with StoreUnavailable when the writer has ended. */
export type SendWrite = (call: WriteCall) => Promise<WriteReply>

type PendingCall = {
  readonly callId: number
  readonly resolve: (reply: WriteReply) => void
  readonly reject: (error: Error) => void
}

/** Called by the writer of a data folder. */
export type WriterEvents = {
  /** The thread has ended: every later call fails. Called at most once. */
  readonly onFailure: (error: Error) => void
  /** Something failed that affects no call, for the log. */
  readonly onWarning: (message: string) => void
  /** The write-ahead log was emptied, or reads or an error prevented it. */
  readonly onCheckpoint: (outcome: keyof CheckpointCounts) => void
}

/** The client of the thread that writes to the database of a data folder. */
export class WriterThread {
  readonly #worker: Worker
  readonly #events: WriterEvents
  readonly #pending = new Map<number, PendingCall>()
  #lastCallId = 0
  #failure: Error | undefined
  #isClosing = false
  #onDrained: (() => void) | undefined

  private constructor(worker: Worker, events: WriterEvents) {
    this.#worker = worker
    this.#events = events
    worker.on('message', (message: WriterMessage) => {
      if ('warning' in message) events.onWarning(message.warning)
      else if ('checkpoint' in message) events.onCheckpoint(message.checkpoint)
      else this.#settle(message)
    })
    worker.on('error', (error) => this.#fail(error as Error))
    worker.on('exit', (code) => this.#fail(exitError(code)))
  }

  /** Starts the thread on a data folder, whose schema it migrates. `isEphemeral`: see `ConnectionOptions`. Throws when the thread cannot start. */
  static async start(folder: string, events: WriterEvents, isEphemeral = false): Promise<WriterThread> {
    // The sources contain the .ts file, the published package a .js file in the same folder.
    const script = new URL(
      import.meta.url.endsWith('.ts') ? './writer-thread.ts' : './writer-thread.js',
      import.meta.url,
    )
    const worker = new Worker(script, { workerData: { folder, isEphemeral } })
    try {
      await waitUntilReady(worker)
    } catch (error) {
      await worker.terminate()
      throw error
    }
    return new WriterThread(worker, events)
  }

  /** Sends a call, of this process or of another one. The reply has the id of the call, unique only per sender. */
  readonly send: SendWrite = (call) => {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#isClosing) return Promise.reject(new StoreUnavailable('the store is closed'))
    return new Promise((resolve, reject) => {
      const id = ++this.#lastCallId
      this.#worker.postMessage({ ...call, id })
      this.#pending.set(id, { callId: call.id, resolve, reject })
    })
  }

  /** Waits for the pending calls and ends the thread, which empties the write-ahead log if no other process reads. */
  async close(): Promise<void> {
    this.#isClosing = true
    if (this.#pending.size > 0) await new Promise<void>((resolve) => (this.#onDrained = resolve))
    if (this.#failure !== undefined) return
    const ended = new Promise((resolve) => this.#worker.once('exit', resolve))
    this.#worker.postMessage('close')
    await ended
  }

  #settle(replies: readonly WriteReply[]): void {
    for (const reply of replies) {
      const pending = this.#pending.get(reply.id)
      if (pending === undefined) continue
      this.#pending.delete(reply.id)
      pending.resolve({ ...reply, id: pending.callId })
    }
    if (this.#pending.size === 0) this.#onDrained?.()
  }

  #fail(cause: Error): void {
    if (this.#isClosing && this.#pending.size === 0) return
    if (this.#failure !== undefined) return
    const error = new StoreUnavailable(cause.message)
    this.#failure = error
    for (const { reject } of this.#pending.values()) reject(error)
    this.#pending.clear()
    this.#onDrained?.()
    this.#events.onFailure(error)
  }
}

/** Waits for the ready message of a thread. Throws when the thread ends instead. */
async function waitUntilReady(worker: Worker): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve())
    worker.once('error', reject)
    worker.once('exit', (code) => reject(exitError(code)))
  })
  for (const event of ['error', 'exit']) worker.removeAllListeners(event)
}

function exitError(code: number): Error {
  return new Error(`the writer thread ended with code ${code}`)
}
