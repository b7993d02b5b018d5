/** One line of a stream. `bytes` is undefined for a line that is too long. */
export type Line = { readonly number: number; readonly bytes: Uint8Array | undefined }

const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/**
 * Splits a stream of bytes into lines at LF or CRLF, and yields one batch per chunk: the lines that end in it. Empty
 * lines are numbered but not yielded. A line longer than `bytesMax` is yielded without its bytes, and is never buffered
 * whole. Numbers start at `firstLine`.
 */
export async function* linesOf(
  stream: AsyncIterable<Uint8Array>,
  bytesMax: number,
  firstLine: number,
): AsyncGenerator<readonly Line[]> {
  let number = firstLine
  let parts: Uint8Array[] = []
  let length = 0
  const finish = (last: Uint8Array): Line | undefined => {
    const total = length + last.length
    const bytes = total > bytesMax + 1 ? undefined : trimmed(join([...parts, last], total))
    const line = { number, bytes: bytes === undefined || bytes.length > bytesMax ? undefined : bytes }
    number++
    parts = []
    length = 0
    return line.bytes?.length === 0 ? undefined : line
  }
  for await (const chunk of stream) {
    const lines: Line[] = []
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      const line = finish(chunk.subarray(start, end))
      if (line !== undefined) lines.push(line)
      start = end + 1
    }
    const rest = chunk.subarray(start)
    length += rest.length
    if (length > bytesMax + 1) parts = []
    else if (rest.length > 0) parts.push(rest)
    if (lines.length > 0) yield lines
  }
  if (length > 0) {
    const line = finish(new Uint8Array(0))
    if (line !== undefined) yield [line]
  }
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array
  const joined = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

function trimmed(bytes: Uint8Array): Uint8Array {
  return bytes[bytes.length - 1] === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes
}
