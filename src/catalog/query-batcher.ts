import type { ResourceType } from '../core/resource-type.ts'
import { BLOCK_SLOTS } from '../search-index/kernels/abi.ts'
import type { QueryRequest } from '../search-index/query-request.ts'
import type { ProjectIndex } from './project-index.ts'
import { TimeSlice } from './time-slice.ts'

/** What is found at a revision; `json` is valid only while it is looked at. */
export type Reading = { readonly revision: number; readonly total: number; readonly json: Uint8Array }

/**
 * How much is answered in one go before other work gets its turn, over all questions that wait. It is counted in
 * microseconds, by what the parts of a question take about.
 */
const TURN_US = 4000
const QUESTION_US = 10
/** One resource on a page, until it is with the system. */
const RESOURCE_US = 1
/** One tag that is asked for, in each block of slots. */
const TAG_US = 1 / 3
/** A name that is asked for costs as many tags. */
const NAME_TAGS = 50
/** How long pages are made in a turn, as far as the clock knows better: on a slow machine, or when memory is new. */
const PAGES_MS = 2
/** So many questions are worked out together at most. */
const TOGETHER_MAX = 32

type Asked = {
  readonly question: QueryRequest
  readonly take: (reading: Reading) => void
  readonly refuse: (error: unknown) => void
}

/** QueryBatcher to one index, in the order in which they came. */
type Waiting = { readonly index: ProjectIndex; readonly type: ResourceType; readonly asked: Asked[] }

/**
 * Puts questions together that come at the same time: an index answers many of them in less time than one after the other.
 * Each is answered from the index that it was asked of, as it is then.
 */
export class QueryBatcher {
  #waiting: Waiting[] = []
  #isDue = false

  /** Gives what `read` makes of the answer, which it must do at once. */
  run<T>(index: ProjectIndex, type: ResourceType, question: QueryRequest, read: (reading: Reading) => T): Promise<T> {
    return new Promise((resolve, refuse) => {
      const asked = { question, take: (reading: Reading) => resolve(read(reading)), refuse }
      const waiting = this.#waiting.find((other) => other.index === index && other.type === type)
      if (waiting === undefined) this.#waiting.push({ index, type, asked: [asked] })
      else waiting.asked.push(asked)
      // Whoever else waited for the same news has its turn before this.
      if (!this.#isDue) queueMicrotask(() => this.#answerTurn())
      this.#isDue = true
    })
  }

  /** Answers as many as fit into one turn. Indexes are looked at in turn too, so that none waits for all that others ask. */
  #answerTurn(): void {
    let leftUs = TURN_US
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { index, type, asked } = next
      const { count, us } = shareOf(next, leftUs, leftUs === TURN_US)
      const answered = answer(index, type, asked.slice(0, count))
      asked.splice(0, answered)
      leftUs -= us
      if (answered === 0) this.#waiting.unshift(next)
      else if (asked.length > 0) this.#waiting.push(next)
      if (answered < count || count === 0 || leftUs <= 0) break
    }
    this.#isDue = this.#waiting.length > 0
    if (this.#isDue) setImmediate(() => this.#answerTurn())
  }
}

/** How many of the first questions fit into the time that is left, and what they take of it. */
function shareOf(
  { index, asked }: Waiting,
  leftUs: number,
  atLeastOne: boolean,
): { readonly count: number; readonly us: number } {
  const blocks = Math.ceil(index.size / BLOCK_SLOTS)
  let us = 0
  let count = 0
  for (const { question } of asked.slice(0, TOGETHER_MAX)) {
    const more = costOf(question, blocks)
    if (us + more > leftUs && !(atLeastOne && count === 0)) break
    us += more
    count++
  }
  return { count, us }
}

function costOf({ query, limit }: QueryRequest, blocks: number): number {
  const { tags = [], tagsAny = [], notTags = [], notTagsAny = [], nameContains, nameEquals } = query
  let named = nameContains === undefined && nameEquals === undefined ? 0 : NAME_TAGS
  for (const { values } of [...tags, ...tagsAny, ...notTags, ...notTagsAny]) named += Math.max(1, values.length)
  return QUESTION_US + limit * RESOURCE_US + named * blocks * TAG_US
}

/** Gives how many of the questions have their answers; the others are left when pages take longer than they should. */
function answer(index: ProjectIndex, type: ResourceType, asked: readonly Asked[]): number {
  let answered = 0
  let pages: TimeSlice | undefined
  try {
    const { revision } = index
    for (const { total, json } of index.of(type).answer(asked.map(({ question }) => question))) {
      const { take } = asked[answered++] as Asked
      take({ revision, total, json })
      // By the first all are worked out, which is not to be done twice; the pages are made one by one.
      if (pages === undefined) pages = new TimeSlice(PAGES_MS)
      else if (json.length > 0 && pages.isOver) break
    }
    return answered
  } catch (error) {
    for (const { refuse } of asked.slice(Math.max(0, answered - 1))) refuse(error)
    return asked.length
  }
}
