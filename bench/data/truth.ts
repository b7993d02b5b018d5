import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { matches } from '../../src/core/matches.ts'
import type { Progress } from '../report/progress.ts'
import type { Dataset } from './dataset.ts'
import type { PagedQuery } from './queries.ts'

/** What the plain predicate says: how many images match, and which (by number) are on the page, in order. */
export type Truth = { readonly total: number; readonly places: readonly number[] }

/** The files whose text decides what is true; when one changes, nothing that was worked out before counts. */
const DECIDING = ['../../src/core/matches.ts', '../../src/core/text.ts', 'generated.ts', 'catalogue.ts', 'keys.ts']

/**
 * Looks at every image with the plain predicate, for all queries at once. That takes a minute or two for some hundred queries
 * over a million images, so what was found is kept in `cacheFolder` under everything that it depends on.
 */
export async function truthOf(
  dataset: Dataset,
  queries: readonly PagedQuery[],
  cacheFolder: string,
  progress: Progress,
): Promise<readonly Truth[]> {
  const file = join(cacheFolder, `truth-${await nameOf(dataset, queries)}.json`)
  const known = await readFile(file, 'utf8').catch(() => undefined)
  if (known !== undefined) return JSON.parse(known) as Truth[]
  const truths = lookAtAll(dataset, queries, progress)
  await mkdir(dirname(file), { recursive: true })
  // Whoever reads meanwhile finds all of it or nothing.
  await writeFile(`${file}.${process.pid}`, JSON.stringify(truths))
  await rename(`${file}.${process.pid}`, file)
  return truths
}

function lookAtAll(dataset: Dataset, queries: readonly PagedQuery[], progress: Progress): Truth[] {
  const found = queries.map(() => ({ total: 0, places: [] as number[] }))
  progress.start('asking the plain predicate', dataset.size)
  for (let place = 0; place < dataset.size; place++) {
    const resource = dataset.at(place)
    for (let q = 0; q < queries.length; q++) {
      const { query, offset, limit } = queries[q] as PagedQuery
      if (!matches(resource, query)) continue
      const truth = found[q] as { total: number; places: number[] }
      if (truth.total >= offset && truth.places.length < limit) truth.places.push(place)
      truth.total++
    }
    if (place % 1000 === 0) progress.update(place)
  }
  progress.stop()
  return found
}

async function nameOf(dataset: Dataset, queries: readonly PagedQuery[]): Promise<string> {
  const hash = createHash('sha256')
  for (const file of DECIDING) hash.update(await readFile(join(import.meta.dirname, file)))
  const { shape, size } = dataset
  // Some images stand for all of them: should a catalogue be another one, they differ.
  const samples = [0, 1, size >>> 1, size - 1].map((place) => dataset.at(place))
  hash.update(JSON.stringify({ shape, size, samples, queries }))
  return hash.digest('hex').slice(0, 32)
}
