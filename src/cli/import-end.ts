import { ConfigError } from '../config/setting.ts'
import { UsageError } from './command.ts'
import { formatted, type ImportReport } from './import-report.ts'
import type { Place } from './import-run.ts'

/** The failure of an import, with what was done before. */
export class ImportStopped extends Error {
  readonly #reason: string
  readonly #place: Place | undefined

  private constructor(reason: Error, place: Place | undefined, report: ImportReport) {
    super([reason.message, ...describePlace(place, report)].join('\n'), { cause: reason })
    this.#reason = reason.message
    this.#place = place
  }

  /** Describes a failure. Returns invalid command lines and defects of the program as they are. */
  static from(error: unknown, place: Place | undefined, report: ImportReport): unknown {
    const isDefect = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError
    const isUsage = error instanceof ConfigError || error instanceof UsageError
    if (!(error instanceof Error) || isUsage || isDefect) return error
    return new ImportStopped(error, place, report)
  }

  /** The message alone. */
  override toString(): string {
    return this.message
  }

  /** The member `error` of a report as JSON. */
  toJson(): unknown {
    const { file = null, linesDone = 0, inDoubt = null } = this.#place ?? {}
    return { message: this.#reason, file, lines_done: linesDone, lines_in_doubt: inDoubt }
  }
}

/** Sentences about the lines that were processed, and how to continue. */
function describePlace(place: Place | undefined, report: ImportReport): string[] {
  const { isDryRun, resources } = report
  if (place === undefined || (resources === 0 && place.inDoubt === undefined)) {
    return ['Nothing was imported.']
  }
  const { file, linesDone, inDoubt } = place
  const run = isDryRun ? 'dry run' : 'import'
  const where = linesDone === 0 ? `at the start of ${file}` : `after line ${formatted(linesDone)} of ${file}`
  const stopped = `The ${run} stopped ${where}; ${formatted(resources)} lines in all were processed before.`
  if (isDryRun) return [`${stopped} Nothing was changed.`]
  const doubt =
    inDoubt === undefined
      ? ''
      : ` Lines ${formatted(inDoubt.first)} to ${formatted(inDoubt.last)} were sent without an answer, so some of them may be imported.`
  return [
    `${stopped}${doubt}`,
    'Run the same import again to continue: lines that are imported already change nothing.',
  ]
}
