import { type FileKind, isEnough, recognizeKind } from '../../core/file-kind.ts'
import { type CsvOptions, csvLines } from './csv-rows.ts'
import { jsonItems } from './json-items.ts'
import type { Places } from './places.ts'

/** How the content of a file is read. */
export type RecordOptions = CsvOptions & {
  /** Longer items of a JSON array are cut off here, and then refused by the service. */
  readonly itemBytesMax: number
}

const READ = 'one JSON object per line, a JSON array, or CSV'
const utf8 = new TextEncoder()

/**
 * Converts the content of a file to lines of JSON objects, as the service takes them, and records in `places` where they
 * come from. Throws for a file of a kind that is not read.
 */
export async function* recordLines(
  chunks: AsyncIterable<Uint8Array>,
  options: RecordOptions,
  places: Places,
): AsyncGenerator<Uint8Array> {
  const { head, content, kind } = await peek(chunks)
  switch (kind?.format) {
    case undefined:
      if (kind !== undefined) throw refusal(kind)
      yield* content
      return
    case 'csv':
      yield* csvLines(content, head, options, places)
      return
    case 'json-array':
    case 'json-values':
      yield* jsonItems(content, kind.format === 'json-array', options.itemBytesMax, places)
      return
    case 'utf-16le':
    case 'utf-16be':
      yield* recordLines(decoded(content, kind.format), options, places)
  }
}

function refusal({ name, remedy }: FileKind): Error {
  return new Error(`this is ${name}, and an import reads ${READ}. ${remedy}`)
}

/** Reads as much as tells the kind of a file. `content` begins with that. */
async function peek(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; content: AsyncIterable<Uint8Array>; kind: FileKind | undefined }> {
  const iterator = chunks[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array(0)
  let isWhole = false
  while (!isEnough(head)) {
    const { value, done } = await iterator.next()
    if (done) {
      isWhole = true
      break
    }
    head = head.length === 0 ? value : Buffer.concat([head, value])
  }
  const content = (async function* () {
    try {
      if (head.length > 0) yield head
      if (!isWhole) yield* { [Symbol.asyncIterator]: () => iterator }
    } finally {
      await iterator.return?.()
    }
  })()
  return { head, content, kind: recognizeKind(head, isWhole) }
}

/** Converts UTF-16 to UTF-8, without its byte order mark. */
async function* decoded(chunks: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  try {
    for await (const chunk of chunks) {
      const text = decoder.decode(chunk, { stream: true })
      if (text !== '') yield utf8.encode(text)
    }
    decoder.decode()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error
    throw new Error('this is text in UTF-16 that is damaged or not complete')
  }
}
