import { setImmediate as nextTick } from 'node:timers/promises'
import type { TagQuery } from '../../src/core/tag-query.ts'
import { checkSame } from '../case.ts'
import { CatalogueDataset } from '../data/catalogue.ts'
import type { DataResource, Dataset, Shape } from '../data/dataset.ts'
import { GeneratedDataset } from '../data/generated.ts'
import {
  nameAndTagQueries,
  namePartQueries,
  type PagedQuery,
  seedQueries,
  wideQuery,
  worstQuery,
  worstWithoutTags,
} from '../data/queries.ts'
import { truthOf } from '../data/truth.ts'
import { Vocabulary } from '../data/vocabulary.ts'
import { IndexAdapter } from '../index-adapter.ts'
import { TerminalProgress } from '../report/progress.ts'
import { quantile } from '../report/statistics.ts'

// Builds and queries one index in a separate process, so that its memory can be measured.

export type IndexTask = {
  readonly shape: Shape
  readonly size: number
  readonly catalogueFile: string
  readonly cacheFolder: string
  readonly isQuick: boolean
}

/** Latencies of one kind of query for each round, in microseconds. */
export type KindResult = { readonly kind: Kind; readonly p50s: readonly number[]; readonly p99s: readonly number[] }

export type IndexResult = {
  readonly kinds: readonly KindResult[]
  readonly assignments: number
  /** Bytes after garbage collection, minus those before the index was built. */
  readonly liveBytes: number
  readonly residentBytes: number
  readonly putsPerSecond: number
}

export type Kind =
  | 'seed'
  | 'seed count'
  | 'worst, dense values'
  | 'worst, medium values'
  | 'worst, nothing excluded early'
  | 'wide page'
  | 'rare substring of names'
  | 'common substring of names'
  | 'substring of names and two tags'

type MeasuredQuery = PagedQuery & { readonly isCount: boolean }

const BATCH = 2000
/** Queries that are checked against `matches` and measured in rotation. */
const SEED_QUERIES = 16

process.once('message', (task) => {
  run(task as IndexTask).then(
    (result) => process.send?.(result, () => process.disconnect()),
    (error) => {
      console.error(error instanceof Error && error.name === 'WrongAnswer' ? error.message : error)
      process.exit(1)
    },
  )
})

async function run(task: IndexTask): Promise<IndexResult> {
  const dataset = await open(task)
  const vocabulary = new Vocabulary(dataset)
  const queries = queriesByKind(dataset, vocabulary)
  const all = [...queries.values()].flat()
  const truths = await truthOf(dataset, all, task.cacheFolder, new TerminalProgress())
  const index = new IndexAdapter()
  const before = await memory()
  const { assignments, putsPerSecond } = await build(index, dataset)
  const after = await memory()
  checkSame('number of images', dataset.size, index.size)
  for (const [i, measured] of all.entries()) {
    const { total, numbers } = truths[i] as (typeof truths)[number]
    const page = index.find(measured.query, measured.offset, measured.limit)
    const what = JSON.stringify(measured.query)
    checkSame(`total of ${what}`, total, page.total)
    checkSame(`count of ${what}`, total, index.count(measured.query))
    const expected = numbers.map((number) => dataset.at(number).id)
    checkSame(
      `page of ${what}`,
      expected,
      Array.from(page.slots, (slot) => index.idAt(slot)),
    )
  }
  return {
    kinds: measure(index, queries, task.isQuick),
    assignments,
    putsPerSecond,
    liveBytes: after.live - before.live,
    residentBytes: after.resident - before.resident,
  }
}

async function open({ shape, size, catalogueFile }: IndexTask): Promise<Dataset> {
  if (shape === 'generated') return new GeneratedDataset(size)
  const dataset = await CatalogueDataset.read(catalogueFile, size)
  if (dataset === undefined) throw new Error(`no catalogue at ${catalogueFile}`)
  return dataset
}

function queriesByKind(dataset: Dataset, vocabulary: Vocabulary): Map<Kind, MeasuredQuery[]> {
  const page = { offset: 0, limit: 10, isCount: false }
  const seeds = seedQueries(vocabulary, SEED_QUERIES)
  const names = namePartQueries(dataset)
  const pages = (queries: readonly TagQuery[]) => queries.map((query) => ({ query, ...page }))
  return new Map<Kind, MeasuredQuery[]>([
    ['seed', pages(seeds)],
    ['seed count', seeds.map((query) => ({ query, ...page, isCount: true }))],
    ['worst, dense values', pages([worstQuery(vocabulary, 0)])],
    ['worst, medium values', pages([worstQuery(vocabulary, 10)])],
    ['worst, nothing excluded early', pages([worstWithoutTags(vocabulary, 0), worstWithoutTags(vocabulary, 10)])],
    [
      'wide page',
      [{ query: wideQuery(vocabulary), offset: Math.floor(dataset.size / 2), limit: 1000, isCount: false }],
    ],
    ['rare substring of names', pages(names.selective)],
    ['common substring of names', pages(names.common)],
    ['substring of names and two tags', pages(nameAndTagQueries(dataset, vocabulary))],
  ])
}

/** Bytes in use after garbage collection. */
async function memory(): Promise<{ live: number; resident: number }> {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc')
  for (let i = 0; i < 3; i++) {
    globalThis.gc()
    await nextTick()
  }
  // `external` includes array buffers and WebAssembly memories.
  const { heapUsed, external, rss } = process.memoryUsage()
  return { live: heapUsed + external, resident: rss }
}

async function build(index: IndexAdapter, dataset: Dataset): Promise<{ assignments: number; putsPerSecond: number }> {
  const progress = new TerminalProgress()
  progress.start('building the index', dataset.size)
  let assignments = 0
  let putMs = 0
  for (let from = 0; from < dataset.size; from += BATCH) {
    const batch: DataResource[] = []
    for (let i = from; i < Math.min(from + BATCH, dataset.size); i++) {
      // Like rows from a store: no string is shared between resources.
      batch.push(JSON.parse(JSON.stringify(dataset.at(i))) as DataResource)
    }
    const startMs = performance.now()
    for (const resource of batch) index.put(resource)
    putMs += performance.now() - startMs
    for (const { tags } of batch) assignments += tags.length
    progress.update(from)
    await nextTick()
  }
  progress.stop()
  return { assignments, putsPerSecond: (dataset.size * 1000) / putMs }
}

function measure(index: IndexAdapter, queries: Map<Kind, MeasuredQuery[]>, isQuick: boolean): KindResult[] {
  const [rounds, roundMs] = isQuick ? [3, 20] : [9, 100]
  const results = Array.from(queries, ([kind, ofKind]) => ({
    kind,
    queries: ofKind,
    p50s: [] as number[],
    p99s: [] as number[],
  }))
  for (let round = -1; round < rounds; round++) {
    for (const { queries: ofKind, p50s, p99s } of results) {
      const latenciesUs = timeFor(index, ofKind, roundMs)
      // The first round is the warm-up.
      if (round === -1) continue
      p50s.push(quantile(latenciesUs, 0.5))
      p99s.push(quantile(latenciesUs, 0.99))
    }
  }
  return results.map(({ kind, p50s, p99s }) => ({ kind, p50s, p99s }))
}

/** Runs queries in rotation for a while, each at least once. Returns the latencies in microseconds. */
function timeFor(index: IndexAdapter, queries: readonly MeasuredQuery[], forMs: number): number[] {
  const latenciesUs: number[] = []
  const endMs = performance.now() + forMs
  for (let i = 0; i < queries.length || performance.now() < endMs; i++) {
    const { query, offset, limit, isCount } = queries[i % queries.length] as MeasuredQuery
    const startMs = performance.now()
    if (isCount) index.count(query)
    else index.find(query, offset, limit)
    latenciesUs.push((performance.now() - startMs) * 1000)
  }
  return latenciesUs
}
