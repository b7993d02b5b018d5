import { TimeSlice } from '../../catalog/time-slice.ts'
import { invalid } from '../../core/errors.ts'
import { FileKindCheck } from '../../core/file-kind.ts'
import type { BatchSlots } from './batch-slots.ts'
import { type AcceptedBatch, type ImportContext, type ParsedLine, submitBatch } from './import-batch.ts'
import { handledLater } from './import-writers.ts'
import { LINE_BYTES_MAX } from './limits.ts'
import { type Line, linesOf } from './lines.ts'
import type { LineRules, TagStrictness } from './resource-line.ts'

/** Lines per batch: half of what one commit takes, which leaves room for other writers. */
const LINES_PER_BATCH = 500
/**
 * The same while several users send requests: encoding a batch for its commit is one piece of work, and the lines of all
 * batches survive collections of the young generation, which stop everybody.
 */
const LINES_PER_SHARED_BATCH = 50
/** Batches in flight while the next one is parsed: one is being committed, the other is queued. */
const BATCHES_IN_FLIGHT_MAX = 2

/** The lines of an import, and how they are read. */
export type LineSource = {
  readonly stream: AsyncIterable<Uint8Array>
  readonly firstLine: number
  readonly rules: LineRules
  readonly strictness: TagStrictness
  /** Limit on all lines together. */
  readonly bytesMax: number
  /** The owner of the time slices, and of the slots. */
  readonly owner: string
  readonly slots: BatchSlots
  readonly isAborted: () => boolean
  /** Throws if the caller may no longer import. */
  readonly reauthorize: () => Promise<void>
}

/** Reads lines and writes them in batches. Resolves when all are committed and counted; false if the client is gone. */
export async function importLines(source: LineSource, context: ImportContext): Promise<boolean> {
  const { stream, firstLine, bytesMax, isAborted } = source
  const batches = new Batches(source, context)
  let unparsed: Line[] = []
  let bytes = 0
  for await (const lines of linesOf(firstLine === 1 ? linesOnly(stream) : stream, LINE_BYTES_MAX, firstLine)) {
    for (const line of lines) {
      // The client is gone. Lines written before remain; sending the file again is idempotent.
      if (isAborted()) break
      bytes += line.bytes?.length ?? 0
      if (bytes > bytesMax) throw invalid('body', { name: 'bytes-max', limit: bytesMax }, undefined, 'body-too-large')
      unparsed.push(line)
      if (unparsed.length < batches.linesMax) continue
      await batches.send(unparsed)
      unparsed = []
    }
    if (isAborted()) break
  }
  await batches.send(unparsed)
  await batches.end()
  return !isAborted()
}

/** The batches of one import. */
class Batches {
  readonly #source: LineSource
  readonly #context: ImportContext
  readonly #slice: TimeSlice
  readonly #inFlight: Promise<void>[] = []
  #accepted: Promise<AcceptedBatch> = Promise.resolve({ done: Promise.resolve() })

  constructor(source: LineSource, context: ImportContext) {
    this.#source = source
    this.#context = context
    this.#slice = new TimeSlice(source.owner, { isBulk: true })
  }

  /** How many lines the next batch should have. */
  get linesMax(): number {
    return this.#slice.isShared ? LINES_PER_SHARED_BATCH : LINES_PER_BATCH
  }

  /** Parses lines and writes them after those of earlier calls. Resolves when it is time to send more. */
  async send(lines: readonly Line[]): Promise<void> {
    const { slots, owner, reauthorize, isAborted } = this.#source
    if (this.#inFlight.length === BATCHES_IN_FLIGHT_MAX) await this.#inFlight.shift()
    const free = await slots.take(owner)
    try {
      const batch = await this.#parse(lines)
      if (isAborted()) return free()
      // A caller whose access was revoked meanwhile is refused; batches written before remain.
      await reauthorize()
      this.#accepted = submitBatch(batch, this.#context, this.#accepted)
      this.#inFlight.push(handledLater(this.#accepted.then(({ done }) => done).finally(free)))
    } catch (error) {
      free()
      throw error
    }
  }

  /** Resolves when all lines are committed and counted. */
  async end(): Promise<void> {
    for (const done of this.#inFlight) await done
  }

  async #parse(lines: readonly Line[]): Promise<readonly ParsedLine[]> {
    const { rules, strictness } = this.#source
    const batch: ParsedLine[] = []
    for (const line of lines) {
      if (this.#slice.isOver) await this.#slice.yield()
      const resource = this.#context.report.parse(line, rules, strictness)
      if (resource !== undefined) batch.push({ number: line.number, resource })
    }
    return batch
  }
}

/** Passes a body on. Throws for one of another kind, such as CSV, instead of refusing each of its lines. */
async function* linesOnly(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const check = new FileKindCheck(({ name, remedy }) => {
    const what = `one JSON object per line; this is ${name}. ${remedy}`
    return invalid('body', { name: 'well-formed', what }, undefined, 'body-malformed')
  })
  for await (const chunk of chunks) {
    const passed = check.push(chunk)
    if (passed.length > 0) yield passed
  }
  yield check.end()
}
