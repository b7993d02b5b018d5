import type { CombinedRequest, CombinedResult, FacetRequest } from '../../src/catalog/combined-request.ts'
import { searchCombined } from '../../src/catalog/combined-search.ts'
import { ProjectIndex } from '../../src/catalog/project-index.ts'
import { IMAGES } from '../../src/core/resource-types.ts'
import type { TagQuery } from '../../src/core/tag-query.ts'
import type { Change } from '../../src/store/store.ts'
import { type Case, type CaseContext, checkSame } from '../case.ts'
import type { DataResource } from '../data/dataset.ts'
import { largestExpressions, toQuery, usualExpressions } from '../data/expressions.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { truthOf } from '../data/truth.ts'
import { Vocabulary } from '../data/vocabulary.ts'
import { type Figure, significant, timeText } from '../report/figure.ts'
import { cpuUs, watchLoop } from '../report/loop-hold.ts'
import { median, quantile, spreadOf } from '../report/statistics.ts'
import type { TargetId } from '../report/targets.ts'
import { timeNearDuplicates } from './search-near-duplicates.ts'

const PROJECT = 'bench'
const BATCH = 2000
const QUERIES = 16
const PAGE = 10
/** Keys with 16 and 30 values, one on most images, one on few. */
const FACET_KEYS = ['os', 'zone'] as const
/** Half of the images have it. */
const HALF = '"tier" in tags'

/** Requests of one kind, which are sent in turn. */
type Kind = { readonly target: TargetId; readonly what: string; readonly requests: readonly CombinedRequest[] }

/** How long do searches by expressions, with facets, take, and how long near-duplicates? All in process. */
export const searchCase: Case = {
  name: 'search',
  about: 'searches by expressions and with facets, near-duplicates of 10,000 keys, in process',
  run: async (context) => {
    const dataset = new GeneratedDataset(context.size)
    const vocabulary = new Vocabulary(dataset)
    const kinds = kindsOf(vocabulary)
    const index = await indexOf(context, dataset)
    await checkTotals(context, dataset, index, kinds)
    await checkFacets(context, dataset, index, kinds, vocabulary)
    const figures: Figure[] = []
    for (const kind of kinds) figures.push(...(await timeKind(context, index, kind)))
    return { figures: [...figures, ...(await timeNearDuplicates(context))] }
  },
}

function kindsOf(vocabulary: Vocabulary): readonly Kind[] {
  const plain = (query: TagQuery) => requestOf(query, PAGE)
  const usual = usualExpressions(vocabulary, QUERIES)
  const facets = usual.flatMap((query) => FACET_KEYS.map((key) => requestOf(query, PAGE, [{ query, key, limit: 20 }])))
  const wide = FACET_KEYS.map((key) => requestOf({}, PAGE, [{ query: {}, key, limit: 20 }]))
  const half = toQuery(HALF)
  return [
    { target: 'search8', what: 'search by an expression of 8 tests, page of 10', requests: usual.map(plain) },
    {
      target: 'search64',
      what: 'search by an expression of 64 dense tests, page of 10',
      requests: largestExpressions(vocabulary, QUERIES).map(plain),
    },
    { target: 'facet', what: 'the same 8 tests with a facet of a key with 16 or 30 values', requests: facets },
    { target: 'facet', what: 'a facet of a key with 16 or 30 values over all images', requests: wide },
    {
      target: 'facetKeys',
      what: 'facet of all keys, half of the images match',
      requests: [requestOf(half, 0, [{ query: half, key: undefined, limit: 100 }])],
    },
  ]
}

function requestOf(query: TagQuery, limit: number, facets: readonly FacetRequest[] = []): CombinedRequest {
  return { query, limit, after: undefined, facets, counted: [] }
}

/** Builds the index of a data set. */
export async function indexOf({ progress }: CaseContext, dataset: GeneratedDataset): Promise<ProjectIndex> {
  const index = new ProjectIndex({ seed: 7 })
  progress.start('building the index', dataset.size)
  for (let from = 0; from < dataset.size; from += BATCH) {
    const length = Math.min(BATCH, dataset.size - from)
    await index.apply(Array.from({ length }, (_, i) => changeOf(dataset.at(from + i), from + i + 1)))
    progress.update(from)
  }
  progress.stop()
  checkSame('number of images', dataset.size, index.size)
  return index
}

/** The registration of an image. */
export function changeOf({ id, name, detail, tags }: DataResource, revision: number): Change {
  return {
    revision,
    kind: 'register',
    type: IMAGES,
    id,
    sequence: revision,
    createdAtMs: revision,
    atMs: revision,
    actor: '',
    requestId: '',
    priorRevision: undefined,
    cause: undefined,
    after: { name, detail, tags },
  }
}

function search(index: ProjectIndex, request: CombinedRequest): Promise<CombinedResult> {
  return searchCombined(index, PROJECT, [IMAGES], request)
}

/** Compares every total and page with the plain predicate. */
async function checkTotals(
  { cacheFolder, progress }: CaseContext,
  dataset: GeneratedDataset,
  index: ProjectIndex,
  kinds: readonly Kind[],
): Promise<void> {
  const requests = kinds.flatMap((kind) => kind.requests)
  const paged = requests.map(({ query, limit }) => ({ query, offset: 0, limit }))
  const truths = await truthOf(dataset, paged, cacheFolder, progress)
  for (const [i, request] of requests.entries()) {
    const { total = 0, numbers = [] } = truths[i] ?? {}
    const found = await search(index, request)
    const what = JSON.stringify(request.query)
    checkSame(`total of ${what}`, total, found.totals.get(IMAGES))
    const ids = found.resources.map(({ resource }) => resource.id)
    checkSame(
      `page of ${what}`,
      numbers.map((number) => dataset.at(number).id),
      ids,
    )
    for (const facet of found.facets) checkSame(`total of a facet of ${what}`, total, facet.total)
  }
}

/** Compares counts of facets with the plain predicate: of the first values, and of the keys. */
async function checkFacets(
  { cacheFolder, progress }: CaseContext,
  dataset: GeneratedDataset,
  index: ProjectIndex,
  kinds: readonly Kind[],
  { keys }: Vocabulary,
): Promise<void> {
  const request = kinds.at(-1)?.requests[0] as CombinedRequest
  const some = [...keys.slice(0, 5), ...keys.slice(-5)]
  const asked = some.map((key) => ({
    query: toQuery(`${HALF} && ${JSON.stringify(key)} in tags`),
    offset: 0,
    limit: 0,
  }))
  const truths = await truthOf(dataset, asked, cacheFolder, progress)
  const counts = new Map((await search(index, request)).facets[0]?.counts.map(({ text, count }) => [text, count]))
  for (const [i, key] of some.entries()) checkSame(`images with ${key}`, truths[i]?.total ?? 0, counts.get(key) ?? 0)

  const [usual] = kinds[2]?.requests ?? []
  const [key] = FACET_KEYS
  const facet = (await search(index, usual as CombinedRequest)).facets[0]
  const listed = facet?.counts.slice(0, 5) ?? []
  const ofValues = listed.map(({ text }) => ({
    query: { ...(usual as CombinedRequest).query, tags: [{ key, values: [text] }] },
    offset: 0,
    limit: 0,
  }))
  const expected = await truthOf(dataset, ofValues, cacheFolder, progress)
  for (const [i, { text, count }] of listed.entries())
    checkSame(`images with ${key}=${text}`, expected[i]?.total, count)
}

async function timeKind(
  { size, isQuick, say }: CaseContext,
  index: ProjectIndex,
  { target, what, requests }: Kind,
): Promise<readonly Figure[]> {
  say(what)
  const [rounds, roundMs] = isQuick ? [2, 20] : [9, 300]
  const [p50s, p99s, cpus, holds]: [number[], number[], number[], number[]] = [[], [], [], []]
  for (let round = -1; round < rounds; round++) {
    const watch = watchLoop()
    const startUs = cpuUs()
    const latenciesUs: number[] = []
    const endMs = performance.now() + roundMs
    for (let i = 0; i < requests.length || performance.now() < endMs; i++) {
      const startMs = performance.now()
      await search(index, requests[i % requests.length] as CombinedRequest)
      latenciesUs.push((performance.now() - startMs) * 1000)
      // Otherwise requests that need no time slice would follow each other in one tick.
      await new Promise((resolve) => setImmediate(resolve))
    }
    const cpu = (cpuUs() - startUs) / latenciesUs.length
    const hold = watch.end()
    // The first round is the warm-up.
    if (round === -1) continue
    p50s.push(quantile(latenciesUs, 0.5))
    p99s.push(quantile(latenciesUs, 0.99))
    cpus.push(cpu)
    holds.push(hold)
  }
  const timed = `p50 ${timeText(median(p50s))}, p99 ${timeText(median(p99s))}, with ${timeText(median(cpus))} of processor time`
  return [
    { target, what, size, value: median(p50s), spread: spreadOf(p50s), measured: timed },
    {
      target: 'polite',
      what: `event loop during: ${what}`,
      size,
      value: median(holds),
      spread: spreadOf(holds),
      measured: `${significant(median(holds))} ms of uninterrupted CPU time, ${significant(Math.max(...holds))} ms at most`,
    },
  ]
}
