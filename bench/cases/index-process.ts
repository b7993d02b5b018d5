import { setImmediate as nextTurn } from 'node:timers/promises'
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

// Builds one index and asks it, in a process of its own, so that what it takes of memory is all there is.

export type IndexTask = {
  readonly shape: Shape
  readonly size: number
  readonly catalogueFile: string
  readonly cacheFolder: string
  readonly isQuick: boolean
}

/** Latencies of one kind of query: of each round, in microseconds. */
export type KindResult = { readonly kind: Kind; readonly p50s: readonly number[]; readonly p99s: readonly number[] }

export type IndexResult = {
  readonly kinds: readonly KindResult[]
  readonly assignments: number
  /** Bytes held after a garbage collection, above what was held before the index was built. */
  readonly liveBytes: number
  readonly residentBytes: number
  readonly putsPerSecond: number
}

export type Kind =
  | 'seed'
  | 'seed count'
  | 'worst, dense values'
  | 'worst, middling values'
  | 'worst, nothing ruled out early'
  | 'wide page'
  | 'name, few have it'
  | 'name, many have it'
  | 'name and two tags'

type Question = PagedQuery & { readonly isCount: boolean }

const BATCH = 2000
/** Checked by the plain predicate and measured, in turn. */
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
  const questions = questionsOf(dataset, vocabulary)
  const all = [...questions.values()].flat()
  const truths = await truthOf(dataset, all, task.cacheFolder, new TerminalProgress())
  const index = new IndexAdapter()
  const before = await memory()
  const { assignments, putsPerSecond } = await build(index, dataset)
  const after = await memory()
  checkSame('number of images', dataset.size, index.size)
  for (const [i, question] of all.entries()) {
    const { total, places } = truths[i] as (typeof truths)[number]
    const found = index.find(question.query, question.offset, question.limit)
    const what = JSON.stringify(question.query)
    checkSame(`total of ${what}`, total, found.total)
    checkSame(`count of ${what}`, total, index.count(question.query))
    const expected = places.map((place) => dataset.at(place).id)
    checkSame(
      `page of ${what}`,
      expected,
      Array.from(found.slots, (slot) => index.idAt(slot)),
    )
  }
  return {
    kinds: measure(index, questions, task.isQuick),
    ...{ assignments, putsPerSecond },
    liveBytes: after.live - before.live,
    residentBytes: after.resident - before.resident,
  }
}

async function open({ shape, size, catalogueFile }: IndexTask): Promise<Dataset> {
  if (shape === 'generated') return new GeneratedDataset(size)
  const dataset = await CatalogueDataset.read(catalogueFile, size)
  if (dataset === undefined) throw new Error(`there is no catalogue at ${catalogueFile}`)
  return dataset
}

function questionsOf(dataset: Dataset, vocabulary: Vocabulary): Map<Kind, Question[]> {
  const page = { offset: 0, limit: 10, isCount: false }
  const seeds = seedQueries(vocabulary, SEED_QUERIES)
  const names = namePartQueries(dataset)
  const pages = (queries: readonly TagQuery[]) => queries.map((query) => ({ query, ...page }))
  return new Map<Kind, Question[]>([
    ['seed', pages(seeds)],
    ['seed count', seeds.map((query) => ({ query, ...page, isCount: true }))],
    ['worst, dense values', pages([worstQuery(vocabulary, 0)])],
    ['worst, middling values', pages([worstQuery(vocabulary, 10)])],
    ['worst, nothing ruled out early', pages([worstWithoutTags(vocabulary, 0), worstWithoutTags(vocabulary, 10)])],
    [
      'wide page',
      [{ query: wideQuery(vocabulary), offset: Math.floor(dataset.size / 2), limit: 1000, isCount: false }],
    ],
    ['name, few have it', pages(names.selective)],
    ['name, many have it', pages(names.common)],
    ['name and two tags', pages(nameAndTagQueries(dataset, vocabulary))],
  ])
}

/** What is held, in bytes, after everything is gone that nobody holds. */
async function memory(): Promise<{ live: number; resident: number }> {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc')
  for (let i = 0; i < 3; i++) {
    globalThis.gc()
    await nextTurn()
  }
  // `external` holds the bytes of array buffers and of WebAssembly memories too.
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
      // As rows come from a store: every text a new one, none shared with another row.
      batch.push(JSON.parse(JSON.stringify(dataset.at(i))) as DataResource)
    }
    const startMs = performance.now()
    for (const resource of batch) index.put(resource)
    putMs += performance.now() - startMs
    for (const { tags } of batch) assignments += tags.length
    progress.update(from)
    await nextTurn()
  }
  progress.stop()
  return { assignments, putsPerSecond: (dataset.size * 1000) / putMs }
}

function measure(index: IndexAdapter, questions: Map<Kind, Question[]>, isQuick: boolean): KindResult[] {
  const [rounds, roundMs] = isQuick ? [3, 20] : [9, 100]
  const results = Array.from(questions, ([kind, asked]) => ({
    ...{ kind, asked, p50s: [] as number[], p99s: [] as number[] },
  }))
  for (let round = -1; round < rounds; round++) {
    for (const { asked, p50s, p99s } of results) {
      const took = timeFor(index, asked, roundMs)
      // The first round warms up.
      if (round === -1) continue
      p50s.push(quantile(took, 0.5))
      p99s.push(quantile(took, 0.99))
    }
  }
  return results.map(({ kind, p50s, p99s }) => ({ kind, p50s, p99s }))
}

/** Asks the questions in turn for a while, each at least once; gives how long each took, in microseconds. */
function timeFor(index: IndexAdapter, asked: readonly Question[], forMs: number): number[] {
  const took: number[] = []
  const endMs = performance.now() + forMs
  for (let i = 0; i < asked.length || performance.now() < endMs; i++) {
    const { query, offset, limit, isCount } = asked[i % asked.length] as Question
    const startMs = performance.now()
    if (isCount) index.count(query)
    else index.find(query, offset, limit)
    took.push((performance.now() - startMs) * 1000)
  }
  return took
}
