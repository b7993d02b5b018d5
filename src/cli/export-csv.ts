import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { StringDecoder } from 'node:string_decoder'
import { csvRows, csvStringifier, type ExportedResource, KEYS_MAX } from './files/csv-writer.ts'

/** The lines of an export on disk, to be read as CSV. */
export type CsvSource = {
  /** Streams that a pipeline connects. */
  readonly stages: readonly [Readable, Transform]
  /** Removes the lines. */
  remove(): Promise<void>
}

/**
 * Gives the lines of an export as CSV. The columns are known when all lines are, so these are kept in a temporary file, and
 * not asked for twice: the keys could change in between.
 */
export async function toCsv(lines: Readable, counter: Transform, signal: AbortSignal): Promise<CsvSource> {
  const folder = await mkdtemp(join(tmpdir(), 'tagwerk-export-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  const path = join(folder, 'lines')
  try {
    const keys = new Set<string>()
    const collectKeys = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const text of wholeLines(chunks)) {
        for (const { tags } of resourcesIn(text)) for (const { key } of tags) keys.add(key)
        yield text
      }
    }
    await pipeline(lines, counter, collectKeys, createWriteStream(path, { mode: 0o600 }), { signal })
    if (keys.size > KEYS_MAX) {
      const limit = `a CSV file has at most ${KEYS_MAX.toLocaleString('en-GB')} columns for tags`
      const number = keys.size.toLocaleString('en-GB')
      throw new Error(`${limit}, and the resources have ${number} keys. Select fewer, or use --format ndjson`)
    }
    const resources = async function* () {
      for await (const text of wholeLines(createReadStream(path))) yield* resourcesIn(text)
    }
    return { stages: [Readable.from(csvRows(resources(), keys)), csvStringifier()], remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/** Gives the text of a stream in parts that end with a line. */
async function* wholeLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const text = rest + decoder.write(chunk)
    const end = text.lastIndexOf('\n') + 1
    rest = text.slice(end)
    if (end > 0) yield text.slice(0, end)
  }
  if (rest !== '') yield rest
}

function resourcesIn(lines: string): ExportedResource[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ExportedResource)
}
