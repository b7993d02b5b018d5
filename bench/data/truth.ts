import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { matches } from '../../src/core/matches.ts'
import type { Progress } from '../report/progress.ts'
import type { Dataset } from './dataset.ts'
import type { PagedQuery } from './queries.ts'

/** The expected result of a query by `matches`: the total, and the numbers of the images on the page. */
export type Truth = { readonly total: number; readonly numbers: readonly number[] }

/** Files that determine the expected results. A change of one invalidates the cache. */
const DETERMINING_FILES = [
  '../../src/core/matches.ts',
  '../../src/core/expression/matches-expression.ts',
  '../../src/core/text.ts',
  'generated.ts',
  'catalogue.ts',
  'keys.ts',
]

/**
 * Evaluates all queries on every image with `matches`. Some hundred queries over a million images take a minute or two,
 * so the results are cached in `cacheFolder` under a key of everything that they depend on.
 */
export async function truthOf(
  dataset: Dataset,
  queries: readonly PagedQuery[],
  cacheFolder: string,
  progress: Progress,
): Promise<readonly Truth[]> {
  const file = join(cacheFolder, `expected-${await nameOf(dataset, queries)}.json`)
  const known = await readFile(file, 'utf8').catch(() => undefined)
  if (known !== undefined) return JSON.parse(known) as Truth[]
  const truths = evaluateAll(dataset, queries, progress)
  await mkdir(dirname(file), { recursive: true })
  // Written to a temporary file and renamed, so that concurrent readers never see a part.
  await writeFile(`${file}.${process.pid}`, JSON.stringify(truths))
  await rename(`${file}.${process.pid}`, file)
  return truths
}

function evaluateAll(dataset: Dataset, queries: readonly PagedQuery[], progress: Progress): Truth[] {
  const truths = queries.map(() => ({ total: 0, numbers: [] as number[] }))
  progress.start('computing expected results', dataset.size)
  for (let number = 0; number < dataset.size; number++) {
    const resource = dataset.at(number)
    for (let q = 0; q < queries.length; q++) {
      const { query, offset, limit } = queries[q] as PagedQuery
      if (!matches(resource, query)) continue
      const truth = truths[q] as { total: number; numbers: number[] }
      if (truth.total >= offset && truth.numbers.length < limit) truth.numbers.push(number)
      truth.total++
    }
    if (number % 1000 === 0) progress.update(number)
  }
  progress.stop()
  return truths
}

async function nameOf(dataset: Dataset, queries: readonly PagedQuery[]): Promise<string> {
  const hash = createHash('sha256')
  for (const file of DETERMINING_FILES) hash.update(await readFile(join(import.meta.dirname, file)))
  const { shape, size } = dataset
  // A sample of images identifies the contents of a catalogue file.
  const samples = [0, 1, size >>> 1, size - 1].map((number) => dataset.at(number))
  hash.update(JSON.stringify({ shape, size, samples, queries }))
  return hash.digest('hex').slice(0, 32)
}
