import { createReadStream, type ReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Io } from './io.ts'

/** An open file of lines, or standard input. */
export type Source = {
  /** The name on the command line. */
  readonly name: string
  /** Size of the file in bytes, compressed or not; undefined if unknown. */
  readonly size: number | undefined
  /** The number of bytes read from the file so far. */
  readonly bytesRead: () => number
  /** The content, decompressed if it is gzip. Errors start with the name. */
  readonly bytes: AsyncIterable<Uint8Array>
  close(): Promise<void>
}

const STANDARD_INPUT = '-'
const READ_BYTES = 256 * 1024
const GZIP_MAGIC = [0x1f, 0x8b] as const

/** Opens all sources of an import first, so that a missing file fails before anything is sent. */
export async function openSources(names: readonly string[], io: Io): Promise<readonly Source[]> {
  const sources: Source[] = []
  try {
    for (const name of names) sources.push(await openSource(name, io))
    return sources
  } catch (error) {
    for (const source of sources) await source.close()
    throw error
  }
}

async function openSource(name: string, io: Io): Promise<Source> {
  let file: FileHandle | undefined
  let stream: Readable = io.stdin
  let size: number | undefined
  if (name !== STANDARD_INPUT) {
    file = await open(name)
    const stat = await file.stat()
    if (stat.isFile()) size = stat.size
    stream = streamOf(file)
  }
  let bytesRead = 0
  const counted = async function* () {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      bytesRead += chunk.length
      yield chunk
    }
  }
  return {
    name,
    size,
    bytesRead: () => bytesRead,
    bytes: withErrorPrefix(name, decompressed(counted())),
    close: async () => {
      // An open standard input would keep the process alive after a failed import.
      stream.destroy()
      await file?.close()
    },
  }
}

function streamOf(file: FileHandle): ReadStream {
  return createReadStream('', { fd: file, highWaterMark: READ_BYTES, autoClose: false })
}

/** Decompresses gzip, recognized by its first bytes and not by the file name; passes other content through. */
async function* decompressed(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < GZIP_MAGIC.length) {
    const { value, done } = await chunks.next()
    if (done) break
    head = head.length === 0 ? value : Buffer.concat([head, value])
  }
  const all = async function* () {
    yield head
    yield* chunks
  }
  if (head[0] !== GZIP_MAGIC[0] || head[1] !== GZIP_MAGIC[1]) {
    yield* all()
    return
  }
  const gunzip = createGunzip({ chunkSize: READ_BYTES })
  // The reader of gunzip receives the error.
  pipeline(Readable.from(all()), gunzip, () => undefined)
  yield* gunzip
}

async function* withErrorPrefix(name: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`)
  }
}
