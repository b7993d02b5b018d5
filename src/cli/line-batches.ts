/** The lines of one request, with their position in the file. */
export type Batch = {
  readonly bytes: Uint8Array
  /** Number of the first line in its file, from 1. */
  readonly firstLine: number
  readonly lines: number
}

export type BatchLimits = {
  readonly linesMax: number
  /** The line that reaches this size ends its batch. */
  readonly bytesMax: number
  /** Bytes kept of one line, without its line break; the rest is dropped. */
  readonly lineBytesMax: number
}

const LINE_FEED = 10
const LINE_BREAK = Uint8Array.of(LINE_FEED)

/**
 * Splits a byte stream into batches of whole lines. A line that is too long is truncated to a length that the service
 * still refuses, so that the refusal has the right line number.
 */
export async function* batchesOf(stream: AsyncIterable<Uint8Array>, limits: BatchLimits): AsyncGenerator<Batch> {
  const { linesMax, bytesMax, lineBytesMax } = limits
  let firstLine = 1
  let lines = 0
  let parts: Uint8Array[] = []
  let bytes = 0
  let lineBytes = 0
  const take = (part: Uint8Array) => {
    if (part.length === 0) return
    parts.push(part)
    bytes += part.length
  }
  const cut = (): Batch => {
    const batch = { bytes: Buffer.concat(parts, bytes), firstLine, lines }
    firstLine += lines
    lines = 0
    parts = []
    bytes = 0
    return batch
  }
  for await (const chunk of stream) {
    // Start of the pending whole lines, which are copied in one slice.
    let untaken = 0
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      const room = lineBytesMax - lineBytes
      if (end - start > room) {
        take(chunk.subarray(untaken, start + room))
        untaken = end
      }
      start = end + 1
      lines++
      lineBytes = 0
      if (lines < linesMax && bytes + start - untaken < bytesMax) continue
      take(chunk.subarray(untaken, start))
      untaken = start
      yield cut()
    }
    const kept = Math.min(chunk.length - start, lineBytesMax - lineBytes)
    take(chunk.subarray(untaken, start + kept))
    lineBytes += kept
  }
  if (lineBytes > 0) {
    take(LINE_BREAK)
    lines++
  }
  if (lines > 0) yield cut()
}
