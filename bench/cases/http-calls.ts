import { type CaseContext, checkSame } from '../case.ts'
import type { Dataset } from '../data/dataset.ts'
import { actionBody, type PagedQuery, variedQueries } from '../data/queries.ts'
import { Random } from '../data/random.ts'
import { type Truth, truthOf } from '../data/truth.ts'
import { Vocabulary } from '../data/vocabulary.ts'
import type { TargetId } from '../report/targets.ts'
import { INSTANCES, projectTagsPage } from '../service/import-file.ts'
import type { ServiceProcess } from '../service/service-process.ts'

/** A call with its expected response. */
export type Call = {
  readonly method: 'GET' | 'POST'
  /** With `PROJECT` as a placeholder for the project's id. */
  readonly path: string
  readonly body?: string
  readonly expected: unknown
}

/** A kind of call to measure. */
export type CallKind = { readonly target: TargetId; readonly what: string; readonly calls: readonly Call[] }

const COUNT_BODIES = 400
const PAGE_BODIES = 60
/** Number of queries that are tried to find some whose matches fill a page. */
const PAGE_CANDIDATES = 120
const IMAGES = 1000
const ACTION_PATH = '/v2/PROJECT/images/resource_instances/action'

/** Generates the calls of every kind, with their expected responses by `matches`. */
export async function callKinds(context: CaseContext, dataset: Dataset): Promise<readonly CallKind[]> {
  const vocabulary = new Vocabulary(dataset)
  const limits = [10, 100, 1000] as const
  const counts = variedQueries(vocabulary, COUNT_BODIES, true).map((query) => ({ query, offset: 0, limit: 0 }))
  const pages = limits.flatMap((limit, i) => {
    const queries = variedQueries(vocabulary, PAGE_CANDIDATES, false, 100 + i)
    return queries.map((query, q) => ({ query, limit, offset: q % 2 === 0 ? 0 : limit * (q % 5) }))
  })
  const queries = [...counts, ...pages]
  const truths = await truthOf(dataset, queries, context.cacheFolder, context.progress)
  const expected = queries.map((query, i) => ({ query, truth: truths[i] as Truth }))
  const pageKind = (limit: number, target: TargetId): CallKind => {
    const full = expected.filter(({ query, truth }) => query.limit === limit && truth.numbers.length === limit)
    if (full.length === 0) throw new Error(`no query fills a page of ${limit}: there are too few images`)
    const calls = full.slice(0, PAGE_BODIES).map(({ query, truth }) => filterCall(dataset, query, truth))
    return { target, what: `filter, page of ${limit}`, calls }
  }
  return [
    {
      target: 'P4',
      what: `count, ${counts.length} varied bodies`,
      calls: expected.slice(0, counts.length).map(({ query, truth }) => ({
        method: 'POST',
        path: ACTION_PATH,
        body: actionBody(query.query),
        expected: { total_count: truth.total },
      })),
    },
    pageKind(10, 'P5'),
    pageKind(100, 'P6'),
    pageKind(1000, 'P7'),
    { target: 'P8', what: 'tags of an image', calls: imageTagsCalls(dataset) },
    { target: 'P9', what: 'tags of a project, page of 100 of 10,000 keys', calls: projectTagsCalls() },
  ]
}

function filterCall(dataset: Dataset, paged: PagedQuery, { total, numbers }: Truth): Call {
  const resources = numbers.map((number) => {
    const { id, name, detail, tags } = dataset.at(number)
    return { resource_id: id, resource_name: name, resource_detail: JSON.parse(detail), tags }
  })
  const body = actionBody(paged.query, paged)
  return { method: 'POST', path: ACTION_PATH, body, expected: { total_count: total, resources } }
}

function imageTagsCalls(dataset: Dataset): Call[] {
  const random = new Random(41)
  return Array.from({ length: IMAGES }, () => {
    const { id, tags } = dataset.at(random.below(dataset.size))
    return { method: 'GET', path: `/v2/PROJECT/images/${id}/tags`, expected: { tags } }
  })
}

function projectTagsCalls(): Call[] {
  const limit = 100
  return Array.from({ length: INSTANCES.keys / limit }, (_, i) => ({
    method: 'GET',
    path: `/v3/PROJECT/tags?offset=${i * limit}&limit=${limit}`,
    expected: projectTagsPage(i * limit, limit),
  }))
}

/** Makes each call once, checks its response, and returns the body bytes of each. */
export async function checkCalls(service: ServiceProcess, { what, calls }: CallKind): Promise<number[]> {
  const bytes: number[] = []
  for (const call of calls) {
    const answer = await service.call(call.method, pathFor(call, service), call.body)
    checkSame(`${what}: status of ${call.path} ${call.body ?? ''}`, 200, answer.status)
    checkSame(`${what}: ${call.path} ${call.body ?? ''}`, call.expected, JSON.parse(answer.text))
    bytes.push(Buffer.byteLength(answer.text))
  }
  return bytes
}

export function pathFor(call: Call, { project }: Pick<ServiceProcess, 'project'>): string {
  return call.path.replace('PROJECT', project)
}
