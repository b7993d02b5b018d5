/** Lines for one request, with their position in the file. */
export type Batch = {
  readonly bytes: Uint8Array
  /** Number of the first line in its file, from 1. */
  readonly firstLine: number
  readonly lines: number
}

export type BatchLimits = {
  readonly linesMax: number
  /** A batch ends after the line that reaches this size. */
  readonly bytesMax: number
  /** Longer lines are truncated to this size, without counting the line break. */
  readonly lineBytesMax: number
}

const LINE_FEED = 10
const LINE_BREAK = Uint8Array.of(LINE_FEED)

/**
 * Splits a byte stream into batches of whole lines. A line over the limit is truncated to one that is still too long, so
 * that the service refuses it with the right line number.
 */
export async function* batchesOf(stream: AsyncIterable<Uint8Array>, limits: BatchLimits): AsyncGenerator<Batch> {
  const { linesMax, bytesMax, lineBytesMax } = limits
  let firstLine = 1
  let lines = 0
  let parts: Uint8Array[] = []
  let bytes = 0
  let lineBytes = 0
  const append = (part: Uint8Array) => {
    if (part.length === 0) return
    parts.push(part)
    bytes += part.length
  }
  const finishBatch = (): Batch => {
    const batch = { bytes: Buffer.concat(parts, bytes), firstLine, lines }
    firstLine += lines
    lines = 0
    parts = []
    bytes = 0
    return batch
  }
  for await (const chunk of stream) {
    // Complete lines are appended in one piece, from this offset to the start of the current line.
    let pending = 0
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      const room = lineBytesMax - lineBytes
      if (end - start > room) {
        append(chunk.subarray(pending, start + room))
        pending = end
      }
      start = end + 1
      lines++
      lineBytes = 0
      if (lines < linesMax && bytes + start - pending < bytesMax) continue
      append(chunk.subarray(pending, start))
      pending = start
      yield finishBatch()
    }
    const length = Math.min(chunk.length - start, lineBytesMax - lineBytes)
    append(chunk.subarray(pending, start + length))
    lineBytes += length
  }
  if (lineBytes > 0) {
    append(LINE_BREAK)
    lines++
  }
  if (lines > 0) yield finishBatch()
}
