import { StoreUnavailable, type Verdict, type WriteRequest } from '../store.ts'
import { isStatementError } from './errors.ts'

/** Runs requests of one project in one transaction. */
export type Commit = (project: string, requests: readonly WriteRequest[]) => Promise<readonly Verdict[]>

type Call = {
  readonly requests: readonly WriteRequest[]
  readonly resolve: (verdicts: readonly Verdict[]) => void
  readonly reject: (error: unknown) => void
}

/** Requests that go into one transaction, unless a single call has more. */
const REQUESTS_TOGETHER_MAX = 2000

/**
 * Group commit: calls for a project that come while one of its transactions is under way go together into the next.
 * Projects do not wait for each other.
 */
export class CommitQueues {
  readonly #commit: Commit
  readonly #waiting = new Map<string, Call[]>()

  constructor(commit: Commit) {
    this.#commit = commit
  }

  /** See `TagStore.commit`. */
  commit(project: string, requests: readonly WriteRequest[]): Promise<readonly Verdict[]> {
    return new Promise((resolve, reject) => {
      const call = { requests, resolve, reject }
      const waiting = this.#waiting.get(project)
      if (waiting !== undefined) waiting.push(call)
      else {
        this.#waiting.set(project, [call])
        void this.#drain(project)
      }
    })
  }

  async #drain(project: string): Promise<void> {
    const waiting = this.#waiting.get(project) as Call[]
    while (waiting.length > 0) await this.#run(project, takeTogether(waiting))
    this.#waiting.delete(project)
  }

  async #run(project: string, calls: readonly Call[]): Promise<void> {
    try {
      const verdicts = await this.#commit(
        project,
        calls.flatMap(({ requests }) => requests),
      )
      let start = 0
      for (const { requests, resolve } of calls) {
        resolve(verdicts.slice(start, start + requests.length))
        start += requests.length
      }
    } catch (error) {
      // One call's failure is not another's; but what the database does not do for all, it does not do for each.
      if (calls.length > 1 && isOfOneCall(error)) for (const call of calls) await this.#run(project, [call])
      else for (const { reject } of calls) reject(error)
    }
  }
}

/** Takes calls from the front, as many as go together. */
function takeTogether(waiting: Call[]): readonly Call[] {
  let count = 0
  let requests = 0
  for (const call of waiting) {
    requests += call.requests.length
    if (count > 0 && requests > REQUESTS_TOGETHER_MAX) break
    count++
  }
  return waiting.splice(0, count)
}

/** True when what was asked for may be the reason of a failure, of which nothing has taken place. */
function isOfOneCall(error: unknown): boolean {
  return !(error instanceof StoreUnavailable) || isStatementError(error.cause)
}
