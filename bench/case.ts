import type { CaseResult } from './report/figure.ts'
import type { Progress } from './report/progress.ts'

/** The parameters and services of a run, for the cases. */
export type CaseContext = {
  /** Images for the cases that take one size. */
  readonly size: number
  /** True for small sizes and short rounds, to try a case; its figures are meaningless. */
  readonly isQuick: boolean
  /** Folder in which computed data is cached between runs. */
  readonly cacheFolder: string
  /** File of real catalogues. Figures that need it are omitted when it does not exist. */
  readonly catalogueFile: string
  /** Folder for CPU profiles of the servers. Undefined: no profiles. */
  readonly profileFolder: string | undefined
  /** Duration of the soak test. */
  readonly soakMinutes: number
  readonly progress: Progress
  /** Prints one line about the current step. */
  say(line: string): void
}

/** One benchmark, which answers one question about speed. */
export type Case = {
  readonly name: string
  /** The subject in one line. */
  readonly about: string
  /** True for a case that only runs when it is named. */
  readonly isLong?: true
  run(context: CaseContext): Promise<Pick<CaseResult, 'figures' | 'growth'>>
}

/** An answer that differs from that of `matches`. The case stops: wrong answers are not measured. */
export class WrongAnswer extends Error {
  constructor(what: string, expected: unknown, actual: unknown) {
    super(`wrong answer: ${what}: expected ${shown(expected)}, got ${shown(actual)}`)
    this.name = 'WrongAnswer'
  }
}

/** Throws a WrongAnswer unless both values are equal as JSON. */
export function checkSame(what: string, expected: unknown, actual: unknown): void {
  if (JSON.stringify(expected) !== JSON.stringify(actual)) throw new WrongAnswer(what, expected, actual)
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 300 ? `${text.slice(0, 300)}...` : text
}
