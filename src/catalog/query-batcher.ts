import type { Expression } from '../core/expression/expression.ts'
import type { ResourceType } from '../core/resource-types.ts'
import { BLOCK_SLOTS } from '../search-index/kernels/abi.ts'
import type { QueryRequest } from '../search-index/query-request.ts'
import type { ProjectIndex } from './project-index.ts'
import { TimeSlice } from './time-slice.ts'
import { TURNS } from './turns.ts'

/** The answer to a query at a revision. `json` is a view into the index, valid only inside the callback. */
export type Answer = { readonly revision: number; readonly total: number; readonly json: Uint8Array }

/**
 * Estimated time of all queries that one event-loop tick executes, over all indexes, before the batcher yields. In
 * microseconds, summed from the estimates below. Less while several projects send requests: they wait for each other.
 */
const TICK_BUDGET_US = 4000
const SHARED_TICK_BUDGET_US = 500
const QUERY_US = 10
/** One resource on a page, including the write to the socket. */
const RESOURCE_US = 1
/** Unpacking one resource of a small index. */
const UNPACK_US = 10
/** One tag condition, per block of slots. */
const TAG_US = 1 / 3
/** A condition on the name costs as much as this many tag conditions. */
const NAME_TAGS = 50
/** A test of the text of values compares many values and then joins those that pass. */
const TEXT_TEST_TAGS = 200
/** Queries that the index executes together at most. */
const BATCH_MAX = 32

type Pending = {
  readonly request: QueryRequest
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** Pending queries to one index, first in, first out. */
type IndexQueue = { readonly index: ProjectIndex; readonly type: ResourceType; readonly pending: Pending[] }

/**
 * Batches queries of one event-loop tick: an index executes a batch in less time than its queries one by one. Each query
 * is answered from the index that was passed with it, at that index's revision at execution, which is the end of a commit.
 */
export class QueryBatcher {
  /** Indexes with pending queries; they are served round robin. */
  #queues: IndexQueue[] = []
  #isScheduled = false
  readonly #isShared: () => boolean

  /** `isShared`: whether several projects send requests. */
  constructor(isShared = () => TURNS.isShared) {
    this.#isShared = isShared
  }

  /** Gives the result of `read`, which must copy out of the answer synchronously. */
  run<T>(index: ProjectIndex, type: ResourceType, request: QueryRequest, read: (answer: Answer) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const pending = { request, resolve: (answer: Answer) => resolve(read(answer)), reject }
      const known = this.#queues.find((other) => other.index === index && other.type === type)
      const queue = known ?? { index, type, pending: [] }
      queue.pending.push(pending)
      if (known === undefined) this.#queues.push(queue)
      // A microtask: readers that awaited the same revision check enqueue their queries first.
      if (!this.#isScheduled) queueMicrotask(() => this.#executeTick())
      else if (known === undefined && this.#isShared()) queueMicrotask(() => this.#executeAtOnce(queue))
      this.#isScheduled = true
    })
  }

  /**
   * Executes the first queries of an index that had none, although those of others wait for the next tick: a project with
   * few queries does not wait behind one with many.
   */
  #executeAtOnce(queue: IndexQueue): void {
    const { index, type, pending } = queue
    const at = this.#queues.indexOf(queue)
    if (at < 0 || index.boundary.isChanging) return
    const { count } = batchWithin(queue, SHARED_TICK_BUDGET_US, true)
    pending.splice(0, execute(index, type, pending.slice(0, count)))
    if (pending.length === 0) this.#queues.splice(at, 1)
  }

  /** Executes as many queries as fit into the budget of one tick, and schedules the next tick if any are left. */
  #executeTick(): void {
    const allUs = this.#isShared() ? SHARED_TICK_BUDGET_US : TICK_BUDGET_US
    let budgetUs = allUs
    const deferred: IndexQueue[] = []
    for (let next = this.#queues.shift(); next !== undefined; next = this.#queues.shift()) {
      const { index, type, pending } = next
      if (index.boundary.isChanging) {
        deferred.push(next)
        continue
      }
      const { count, costUs } = batchWithin(next, budgetUs, budgetUs === allUs)
      const executed = execute(index, type, pending.slice(0, count))
      pending.splice(0, executed)
      budgetUs -= costUs
      if (executed === 0) this.#queues.unshift(next)
      else if (pending.length > 0) this.#queues.push(next)
      if (executed < count || count === 0 || budgetUs <= 0) break
    }
    this.#queues.push(...deferred)
    this.#isScheduled = this.#queues.length > 0
    if (this.#isScheduled) setImmediate(() => this.#executeTick())
  }
}

/** Gives how many of the first queries fit into a budget, at least one if so asked, and their estimated cost. */
function batchWithin(
  { index, type, pending }: IndexQueue,
  budgetUs: number,
  atLeastOne: boolean,
): { readonly count: number; readonly costUs: number } {
  const blocks = Math.ceil(index.size / BLOCK_SLOTS)
  let costUs = index.packedSize(type) * UNPACK_US
  let count = 0
  for (const { request } of pending.slice(0, BATCH_MAX)) {
    const queryUs = estimateUs(request, blocks)
    if (costUs + queryUs > budgetUs && !(atLeastOne && count === 0)) break
    costUs += queryUs
    count++
  }
  return { count, costUs }
}

function estimateUs({ query, limit }: QueryRequest, blocks: number): number {
  const { tags = [], tagsAny = [], notTags = [], notTagsAny = [], nameContains, nameEquals, filter } = query
  let conditions = nameContains === undefined && nameEquals === undefined ? 0 : NAME_TAGS
  if (filter !== undefined) conditions += countValues(filter)
  for (const { values } of [...tags, ...tagsAny, ...notTags, ...notTagsAny]) conditions += Math.max(1, values.length)
  return QUERY_US + limit * RESOURCE_US + conditions * blocks * TAG_US
}

/** The number of values that an expression names, at least one for each test. */
function countValues(filter: Expression): number {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.operands.reduce((sum, operand) => sum + countValues(operand), 0)
    case 'not':
      return countValues(filter.operand)
    case 'tag-in':
      return Math.max(1, filter.values.length)
    case 'tag-text':
      return TEXT_TEST_TAGS
    default:
      return 1
  }
}

/** Executes a batch. Gives how many queries were settled; fewer than given when pages take longer than a time slice. */
function execute(index: ProjectIndex, type: ResourceType, batch: readonly Pending[]): number {
  let answered = 0
  let pages: TimeSlice | undefined
  try {
    const { revision } = index
    for (const { total, json } of index.of(type).answer(batch.map(({ request }) => request))) {
      const { resolve } = batch[answered++] as Pending
      resolve({ revision, total, json })
      // The first answer includes the search of the whole batch, which must not run twice; later ones are pages only.
      if (pages === undefined) pages = new TimeSlice()
      else if (json.length > 0 && pages.isOver) break
    }
    return answered
  } catch (error) {
    for (const { reject } of batch.slice(Math.max(0, answered - 1))) reject(error)
    return batch.length
  }
}
