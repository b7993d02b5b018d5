import type { ResourceType } from '../core/resource-type.ts'
import type { Question } from '../core/searcher.ts'
import type { ProjectIndex } from './project-index.ts'

/** What is found at a revision; `json` is valid only while it is looked at. */
export type Reading = { readonly revision: number; readonly total: number; readonly json: Uint8Array }

/** So many questions are answered in one go, with so many resources on their pages, before other work gets its turn. */
const TOGETHER_MAX = 32
const RESOURCES_TOGETHER_MAX = 4000

type Asked = {
  readonly question: Question
  readonly take: (reading: Reading) => void
  readonly refuse: (error: unknown) => void
}

/**
 * Puts questions together that come at the same time: an index answers many of them in less time than one after the other.
 * Each is answered from the index that it was asked of, as it is then.
 */
export class Questions {
  readonly #waiting = new Map<ProjectIndex, Map<ResourceType, Asked[]>>()

  /** Gives what `read` makes of the answer, which it must do at once. */
  ask<T>(index: ProjectIndex, type: ResourceType, question: Question, read: (reading: Reading) => T): Promise<T> {
    return new Promise((resolve, refuse) => {
      const asked = { question, take: (reading: Reading) => resolve(read(reading)), refuse }
      // Whoever else waited for the same news has its turn before this.
      if (this.#waiting.size === 0) queueMicrotask(() => this.#answerAll())
      const types = this.#waiting.get(index) ?? new Map<ResourceType, Asked[]>()
      this.#waiting.set(index, types)
      const list = types.get(type)
      if (list === undefined) types.set(type, [asked])
      else list.push(asked)
    })
  }

  #answerAll(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const [index, types] of waiting) for (const [type, asked] of types) answerInTurns(index, type, asked)
  }
}

function answerInTurns(index: ProjectIndex, type: ResourceType, asked: readonly Asked[]): void {
  const count = countForOneTurn(asked)
  answer(index, type, asked.slice(0, count))
  if (asked.length > count) setImmediate(() => answerInTurns(index, type, asked.slice(count)))
}

function countForOneTurn(asked: readonly Asked[]): number {
  let resources = 0
  const end = asked.findIndex(({ question: { limit } }, i) => {
    resources += limit
    return i === TOGETHER_MAX || (i > 0 && resources > RESOURCES_TOGETHER_MAX)
  })
  return end < 0 ? asked.length : end
}

function answer(index: ProjectIndex, type: ResourceType, asked: readonly Asked[]): void {
  let answered = 0
  try {
    const { revision } = index
    for (const { total, json } of index.of(type).answer(asked.map(({ question }) => question))) {
      const { take } = asked[answered++] as Asked
      take({ revision, total, json })
    }
  } catch (error) {
    for (const { refuse } of asked.slice(Math.max(0, answered - 1))) refuse(error)
  }
}
