import { createReadStream, type ReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { Places } from './files/places.ts'
import { recordLines } from './files/records.ts'
import { gunzip, isGzip } from './gunzip.ts'
import type { Io } from './io.ts'

/** Gives where a record stands, by its number from 1. `item` is its number in a JSON array. */
export type Locate = (record: number) => { readonly file: string; readonly line: number; readonly item?: number }

/** An open file of lines, or standard input. */
export type Source = {
  /** The name on the command line. */
  readonly name: string
  /** Size of the file in bytes, compressed or not; undefined if unknown. */
  readonly size: number | undefined
  /** The number of bytes read from the file so far. */
  readonly bytesRead: () => number
  /**
   * The content as lines of JSON objects: decompressed if it is gzip, converted if it is CSV or a JSON array. Throws for
   * a file of another kind. Errors start with the name.
   */
  readonly bytes: AsyncIterable<Uint8Array>
  /** Where its lines come from in the file. */
  readonly places: Places
  readonly locate: Locate
  close(): Promise<void>
}

const STANDARD_INPUT = '-'
const READ_BYTES = 256 * 1024

/** Settings of all sources of an import. */
export type SourceOptions = {
  /** Ends the reading with its reason. */
  readonly stop: AbortSignal
  /** Receives sentences that start with the name of a source. */
  readonly warn: (message: string) => void
  /** Columns of CSV files that are not imported. */
  readonly ignoredColumns: readonly string[]
  /** Longer items of a JSON array are cut off, and then refused by the service. */
  readonly itemBytesMax: number
}

/**
 * Opens all sources of an import first, so that a missing file, or one of another kind, fails before anything is sent.
 * The kind of a stream is recognized when it is read.
 */
export async function openSources(
  names: readonly string[],
  io: Io,
  options: SourceOptions,
): Promise<readonly Source[]> {
  const sources: Source[] = []
  try {
    for (const name of names) {
      const source = await openSource(name, io, options)
      sources.push(source)
      if (source.size !== undefined) await checkKind(name, io, options)
    }
    return sources
  } catch (error) {
    for (const source of sources) await source.close()
    throw error
  }
}

/** Reads the start of a file. */
async function checkKind(name: string, io: Io, options: SourceOptions): Promise<void> {
  const file = await openSource(name, io, { ...options, warn: () => undefined })
  try {
    for await (const _ of file.bytes) break
  } finally {
    await file.close()
  }
}

async function openSource(name: string, io: Io, options: SourceOptions): Promise<Source> {
  const { stop } = options
  const warn = (message: string) => options.warn(`${name}: ${message}`)
  let file: FileHandle | undefined
  let stream: Readable = io.stdin
  let size: number | undefined
  if (name !== STANDARD_INPUT) {
    file = await openFile(name)
    const stat = await file.stat()
    if (stat.isDirectory()) {
      await file.close()
      throw new Error(`${name} is a folder: name the files in it, such as ${join(name, '*.ndjson')}`)
    }
    if (stat.isFile()) size = stat.size
    stream = streamOf(file)
  }
  // The reader throws the error; without a listener it would also end the process.
  stream.on('error', () => undefined)
  const onStop = () => stream.destroy(stop.reason)
  stop.addEventListener('abort', onStop)
  let bytesRead = 0
  const counted = async function* () {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      bytesRead += chunk.length
      yield chunk
    }
  }
  const content = decompressed(counted(), () => {
    warn('what follows the end of the compressed content is not gzip and was ignored')
  })
  const places = new Places()
  return {
    name,
    size,
    bytesRead: () => bytesRead,
    bytes: withErrorPrefix(name, recordLines(content, { ...options, warn }, places), stop),
    places,
    locate: (record) => ({
      file: name,
      line: places.lineOf(record),
      ...(places.areItems && { item: record }),
    }),
    close: async () => {
      stop.removeEventListener('abort', onStop)
      // An open standard input would keep the process alive after a failed import.
      stream.destroy()
      await file?.close()
    },
  }
}

const OPEN_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
}

async function openFile(name: string): Promise<FileHandle> {
  try {
    return await open(name)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    const reason = OPEN_ERRORS[code]
    throw new Error(`cannot open ${name}: ${reason === undefined ? message : `${reason} (${code})`}`)
  }
}

function streamOf(file: FileHandle): ReadStream {
  return createReadStream('', { fd: file, highWaterMark: READ_BYTES, autoClose: false })
}

/** Decompresses gzip, recognized by its first bytes and not by the file name; passes other content through. */
async function* decompressed(
  chunks: AsyncGenerator<Uint8Array>,
  onTrailingGarbage: () => void,
): AsyncGenerator<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < 2) {
    const { value, done } = await chunks.next()
    if (done) break
    head = head.length === 0 ? value : Buffer.concat([head, value])
  }
  const all = async function* () {
    yield head
    yield* chunks
  }
  yield* isGzip(head) ? gunzip(all(), onTrailingGarbage) : all()
}

async function* withErrorPrefix(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  stop: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } catch (error) {
    throw stop.aborted ? stop.reason : new Error(`${name}: ${(error as Error).message}`)
  }
}
