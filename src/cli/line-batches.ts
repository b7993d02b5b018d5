/** Lines that go out in one request, and where they stand. */
export type Batch = {
  readonly bytes: Uint8Array
  /** Number of the first line in its file, from 1. */
  readonly firstLine: number
  readonly lines: number
}

export type BatchLimits = {
  readonly linesMax: number
  /** A batch ends with the line that reaches this. */
  readonly bytesMax: number
  /** What is kept of one line, its line break not counted; the rest is dropped. */
  readonly lineBytesMax: number
}

const LINE_FEED = 10
const LINE_BREAK = Uint8Array.of(LINE_FEED)

/**
 * Cuts a stream of bytes into batches of whole lines. Of a line that is too long only the beginning is kept: enough for
 * the service to see that it is too long, and to refuse it under its number.
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
    // Lines that are kept whole are taken in one piece, from here to where the line at hand begins.
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
