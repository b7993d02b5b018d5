import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type DataResource, type Dataset, importLine } from '../data/dataset.ts'
import type { Progress } from '../report/progress.ts'

/** Incremented with every change of the file contents. */
const FORM = 1

const LINES_PER_PIECE = 500

/** Writes the images of a data set to a file of import lines, once; the file is cached. */
export async function imagesFile(dataset: Dataset, cacheFolder: string, progress: Progress): Promise<string> {
  return (await imagesFiles(dataset, cacheFolder, progress, 1))[0] as string
}

/** The same as several files, to be imported one after the other. */
export async function imagesFiles(
  dataset: Dataset,
  cacheFolder: string,
  progress: Progress,
  parts: number,
): Promise<readonly string[]> {
  const lines = function* (from: number, to: number) {
    for (let number = from; number < to; number++) {
      if (number % 1000 === 0) progress.update(number)
      yield importLine(dataset.at(number))
    }
  }
  progress.start('writing the import file', dataset.size)
  const files: string[] = []
  const whole = join(cacheFolder, `images-${dataset.shape}-${dataset.size}-v${FORM}`)
  for (let part = 0; part < parts; part++) {
    const file = parts === 1 ? `${whole}.ndjson` : `${whole}-${part + 1}-of-${parts}.ndjson`
    const firstOf = (share: number) => Math.floor((dataset.size * share) / parts)
    await writeOnce(file, lines(firstOf(part), firstOf(part + 1)))
    files.push(file)
  }
  progress.stop()
  return files
}

/** The size of `instancesFile`: 20 tags per instance, each key on several instances. */
export const INSTANCES = { count: 2000, keys: 10_000, tags: 20 } as const

/** One instance. Keys are assigned round-robin, so that every key is on four instances, with two values. */
export function instanceAt(instance: number): DataResource {
  const tags = Array.from({ length: INSTANCES.tags }, (_, i) => {
    const key = (instance * INSTANCES.tags + i) % INSTANCES.keys
    const round = Math.floor((instance * INSTANCES.tags + i) / INSTANCES.keys)
    return { key: keyOf(key), value: `value-${round % 2}` }
  })
  const id = `${instance.toString(16).padStart(32, '0')}in07`
  return { id, name: `instance-${instance}`, detail: '{"status":"active"}', tags }
}

function keyOf(number: number): string {
  return `key-${String(number).padStart(5, '0')}`
}

/** The expected page of the project tags of these instances: keys ascending, each with its values. */
export function projectTagsPage(offset: number, limit: number): unknown {
  const numbers = Array.from({ length: Math.min(limit, INSTANCES.keys - offset) }, (_, i) => offset + i)
  const tags = numbers.map((number) => ({ key: keyOf(number), values: ['value-0', 'value-1'] }))
  return { total_count: INSTANCES.keys, tags }
}

/** Writes database instances with thousands of keys to a file of import lines. */
export async function instancesFile(cacheFolder: string): Promise<string> {
  const lines = function* () {
    for (let instance = 0; instance < INSTANCES.count; instance++) yield importLine(instanceAt(instance), 'instances')
  }
  const file = join(cacheFolder, `instances-v${FORM}.ndjson`)
  await writeOnce(file, lines())
  return file
}

/** Writes a file unless it exists, atomically. */
async function writeOnce(file: string, lines: Iterable<string>): Promise<void> {
  if (existsSync(file)) return
  await mkdir(join(file, '..'), { recursive: true })
  const unfinished = `${file}.${process.pid}`
  await pipeline(Readable.from(inPieces(lines)), createWriteStream(unfinished))
  await rename(unfinished, file)
}

function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece: string[] = []
  for (const line of lines) {
    piece.push(line)
    if (piece.length < LINES_PER_PIECE) continue
    yield piece.join('')
    piece = []
  }
  yield piece.join('')
}
