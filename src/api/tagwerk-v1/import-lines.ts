import { TimeSlice } from '../../catalog/time-slice.ts'
import { invalid } from '../../core/errors.ts'
import { FileKindCheck } from '../../core/file-kind.ts'
import { type AcceptedBatch, type ImportContext, type ParsedLine, submitBatch } from './import-batch.ts'
import { handledLater } from './import-writers.ts'
import { LINE_BYTES_MAX } from './limits.ts'
import { linesOf } from './lines.ts'
import type { LineRules, TagStrictness } from './resource-line.ts'

/** Lines per batch: half of what one commit takes, which leaves room for other writers. */
const LINES_PER_BATCH = 500
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
  /** The owner of the time slices. */
  readonly owner: string
  readonly isAborted: () => boolean
  /** Throws if the caller may no longer import. */
  readonly reauthorize: () => Promise<void>
}

/** Reads lines and writes them in batches. Resolves when all are committed and counted; false if the client is gone. */
export async function importLines(source: LineSource, context: ImportContext): Promise<boolean> {
  const { stream, firstLine, rules, strictness, bytesMax, owner, isAborted, reauthorize } = source
  const inFlight: Promise<void>[] = []
  let accepted: Promise<AcceptedBatch> = Promise.resolve({ done: Promise.resolve() })
  let batch: ParsedLine[] = []
  const send = async () => {
    if (inFlight.length === BATCHES_IN_FLIGHT_MAX) await inFlight.shift()
    // A caller whose access was revoked meanwhile is refused; batches written before remain.
    await reauthorize()
    accepted = submitBatch(batch, context, accepted)
    inFlight.push(handledLater(accepted.then(({ done }) => done)))
    batch = []
  }
  let bytes = 0
  const slice = new TimeSlice(owner)
  for await (const lines of linesOf(firstLine === 1 ? linesOnly(stream) : stream, LINE_BYTES_MAX, firstLine)) {
    for (const line of lines) {
      // The client is gone. Lines written before remain; sending the file again is idempotent.
      if (isAborted()) break
      bytes += line.bytes?.length ?? 0
      if (bytes > bytesMax) throw invalid('body', { name: 'bytes-max', limit: bytesMax }, undefined, 'body-too-large')
      if (slice.isOver) await slice.yield()
      const resource = context.report.parse(line, rules, strictness)
      if (resource === undefined) continue
      batch.push({ number: line.number, resource })
      if (batch.length === LINES_PER_BATCH) await send()
    }
    if (isAborted()) break
  }
  await send()
  for (const done of inFlight) await done
  return !isAborted()
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
