import { write, writeSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import type { Output } from './output.ts'

/** Characters of lines that wait for their reader. Further lines are dropped. */
const QUEUE_CHARACTERS_MAX = 4 * 2 ** 20
/** Room above that for lines that matter more, so that ordinary ones do not displace them. */
const RESERVED_CHARACTERS = 2 ** 20
/** Lines that are written together. A pipe takes 64 KiB at a time. */
const CHUNK_CHARACTERS = 65_536
/** Interval of attempts while the reader is behind. */
const RETRY_MS = 20

const NO_BYTES = new Uint8Array()

/**
 * Writes lines to an output that may be slow, stalled or broken. `write` never waits: lines queue up in memory, up to a
 * limit beyond which they are dropped and counted. Lines of one event-loop tick are written together.
 */
export class LineWriter {
  readonly #output: Output
  readonly #onDropped: (count: number) => void
  readonly #queue: string[] = []
  #queuedCharacters = 0
  /** The chunk in progress, or what is left of it, and its number of lines. */
  #chunk: Uint8Array = NO_BYTES
  #chunkLines = 0
  #dropped = 0
  #droppedEver = 0
  /** True while `#pump` runs or is due: by an immediate, a timer, or the callback of a write. */
  #isDue = false
  #isClosed = false

  /** `onDropped` is called with the number of dropped lines once the output takes lines again. */
  constructor(output: Output, onDropped: (count: number) => void) {
    this.#output = output
    this.#onDropped = onDropped
  }

  /** Queues a line, which ends with a line break. A reserved line is dropped later than others. */
  write(line: string, isReserved = false): void {
    const limit = isReserved ? QUEUE_CHARACTERS_MAX + RESERVED_CHARACTERS : QUEUE_CHARACTERS_MAX
    if (this.#isClosed || this.#queuedCharacters + line.length > limit) {
      this.#dropped++
      this.#droppedEver++
      return
    }
    this.#queue.push(line)
    this.#queuedCharacters += line.length
    if (this.#isDue) return
    this.#isDue = true
    setImmediate(() => this.#pump())
  }

  /** How many lines were dropped since the start. */
  get dropped(): number {
    return this.#droppedEver
  }

  /** Resolves when all lines are written, or after a time. */
  async flush(timeoutMs: number): Promise<void> {
    const start = performance.now()
    while (!this.#isIdle && performance.now() - start < timeoutMs) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS / 4))
    }
  }

  /** Writes what the output takes at once. For the end of a process, in which nothing asynchronous runs any more. */
  flushNow(): void {
    // The thread that writes the chunk in progress finishes it.
    if (this.#output.writes === 'thread' && this.#isDue) this.#chunk = NO_BYTES
    while (!this.#isIdle && this.#tryWrite());
  }

  /** Closes the output. Lines that are not written yet are lost. */
  close(): void {
    this.#isClosed = true
    this.#output.close()
  }

  get #isIdle(): boolean {
    return this.#chunk.length === 0 && this.#queue.length === 0
  }

  /** Writes until the queue is empty or the output makes it wait. */
  #pump(): void {
    while (!this.#isClosed && !this.#isIdle) {
      if (this.#output.writes === 'thread') {
        this.#writeInThread()
        return
      }
      if (!this.#tryWrite()) {
        setTimeout(() => this.#pump(), RETRY_MS).unref()
        return
      }
    }
    this.#isDue = false
  }

  /** Attempts one write. False: the output takes nothing now. */
  #tryWrite(): boolean {
    this.#takeChunk()
    try {
      this.#written(writeSync(this.#output.fd, this.#chunk))
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false
      this.#failed()
      return true
    }
  }

  #writeInThread(): void {
    this.#takeChunk()
    write(this.#output.fd, this.#chunk, (error, bytes) => {
      if (error === null) this.#written(bytes)
      else this.#failed()
      this.#pump()
    })
  }

  #takeChunk(): void {
    if (this.#chunk.length > 0) return
    let characters = 0
    let lines = 0
    for (const line of this.#queue) {
      if (lines > 0 && characters + line.length > CHUNK_CHARACTERS) break
      characters += line.length
      lines++
    }
    this.#chunk = Buffer.from(this.#queue.splice(0, lines).join(''))
    this.#chunkLines = lines
    this.#queuedCharacters -= characters
  }

  #written(bytes: number): void {
    this.#chunk = this.#chunk.subarray(bytes)
    if (!this.#isIdle || this.#dropped === 0) return
    const count = this.#dropped
    this.#dropped = 0
    this.#onDropped(count)
  }

  /** The reader has gone, or the disk is full. The service goes on without its log. */
  #failed(): void {
    this.#dropped += this.#chunkLines
    this.#droppedEver += this.#chunkLines
    this.#chunk = NO_BYTES
  }
}
