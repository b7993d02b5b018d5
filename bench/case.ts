import type { CaseResult } from './report/figure.ts'
import type { Progress } from './report/progress.ts'

/** What a case gets to work with. */
export type CaseContext = {
  /** Images for the cases that take one size. */
  readonly size: number
  /** True: everything small and short, to try the case; its figures say nothing. */
  readonly isQuick: boolean
  /** Where what is worked out once is kept from run to run. */
  readonly cacheFolder: string
  /** File of real catalogues; what needs it is left out when it is not there. */
  readonly catalogueFile: string
  /** Folder for CPU profiles of the servers; undefined takes none. */
  readonly profileFolder: string | undefined
  /** How long the soak runs. */
  readonly soakMinutes: number
  readonly progress: Progress
  /** Tells what is being done, a line at a time. */
  say(line: string): void
}

/** One question that is asked of the service. */
export type Case = {
  readonly name: string
  /** The question in one line. */
  readonly about: string
  /** True: only runs when it is named. */
  readonly isLong?: true
  run(context: CaseContext): Promise<Pick<CaseResult, 'figures' | 'growth'>>
}

/** An answer that is not what the plain predicate says: what is fast and wrong is not measured. */
export class WrongAnswer extends Error {
  constructor(what: string, expected: unknown, actual: unknown) {
    super(`wrong answer: ${what}: expected ${shown(expected)}, got ${shown(actual)}`)
    this.name = 'WrongAnswer'
  }
}

/** Throws a WrongAnswer unless both are the same as JSON. */
export function checkSame(what: string, expected: unknown, actual: unknown): void {
  if (JSON.stringify(expected) !== JSON.stringify(actual)) throw new WrongAnswer(what, expected, actual)
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 300 ? `${text.slice(0, 300)}...` : text
}
