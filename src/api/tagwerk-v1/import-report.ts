import { type Static, Type } from 'typebox'
import type { Changed } from '../../catalog/catalog.ts'
import { DomainError, type ErrorCode, invalid } from '../../core/errors.ts'
import type { Repeat } from '../../core/repeated-resources.ts'
import { toVisible } from '../../core/visible-text.ts'
import { describeFacts, shortenedField } from '../error-text.ts'
import { tagwerkMessage } from './errors.ts'
import { LINE_BYTES_MAX, REFUSALS_SHOWN_MAX, REPEATS_SHOWN_MAX } from './limits.ts'
import type { Line } from './lines.ts'
import { type LineRules, type ResourceLine, toResourceLine } from './resource-line.ts'

const refusal = Type.Object({
  line: Type.Integer({ description: 'Line number; the first line of the body has the number `first_line`.' }),
  field: Type.String(),
  rule: Type.String({ description: 'Name of the rule that the line violates.' }),
  message: Type.String(),
})

const repeat = Type.Object({
  line: Type.Integer(),
  earlier_line: Type.Integer(),
  equal: Type.Boolean({ description: 'False: the line has other data and replaces those of the earlier one.' }),
})

/** The report of an import. */
export const importReport = Type.Object({
  dry_run: Type.Boolean(),
  created: Type.Integer(),
  updated: Type.Integer(),
  unchanged: Type.Integer(),
  refused: Type.Integer({ description: 'Refused lines. The status is 200 even if all lines were refused.' }),
  refusals: Type.Array(refusal, { description: `The first ${REFUSALS_SHOWN_MAX} refused lines.` }),
  repeated: Type.Integer({
    description:
      'Lines of a resource that an earlier line has too, with equal data or replacing it; not the refused ones.',
  }),
  repeats: Type.Array(repeat, { description: `The first ${REPEATS_SHOWN_MAX} repeated lines.` }),
  projects_created: Type.Array(Type.String()),
})

/** Errors of the service rather than of a line. They end the import; the client can retry it as a whole. */
const FATAL_CODES: readonly ErrorCode[] = ['overloaded', 'unavailable', 'internal']

/** Counts the effects of an import and collects its refused lines. */
export class ImportReport {
  readonly #effects = { created: 0, updated: 0, unchanged: 0 }
  readonly #refusals: Static<typeof refusal>[] = []
  readonly #repeats: Static<typeof repeat>[] = []
  #refused = 0
  #repeated = 0
  /** Refusals of later lines are only counted: there are enough before them. */
  #lastShown = Number.POSITIVE_INFINITY

  /** Parses a line. Records an invalid line as refused and returns undefined. */
  parse({ number, bytes }: Line, rules: LineRules): ResourceLine | undefined {
    try {
      if (bytes === undefined) throw invalid('line', { name: 'bytes-max', limit: LINE_BYTES_MAX })
      return toResourceLine(bytes, rules)
    } catch (error) {
      this.refuse(number, error)
      return undefined
    }
  }

  count({ effect }: Changed): void {
    this.#effects[effect]++
  }

  /** Records a line whose resource an earlier line has too. */
  repeat(line: number, { earlierLine, isEqual }: Repeat): void {
    this.#repeated++
    if (this.#repeats.length === REPEATS_SHOWN_MAX) return
    this.#repeats.push({ line, earlier_line: earlierLine, equal: isEqual })
  }

  /** Records a refused line. Rethrows an error that the line did not cause. */
  refuse(line: number, error: unknown): void {
    if (!(error instanceof DomainError) || FATAL_CODES.includes(error.code)) throw error
    this.#refused++
    if (line > this.#lastShown) return
    const { field = 'line', rule } = error.facts
    const message = describeFacts(error.facts, 'en-us') || tagwerkMessage(error.code)
    this.#refusals.push({ line, field: toVisible(shortenedField(field)), rule: rule?.name ?? error.code, message })
    // Lines are not refused in order, so twice as many are collected before the list is sorted and cut.
    if (this.#refusals.length >= REFUSALS_SHOWN_MAX * 2) this.#keepFirst()
  }

  toBody(dryRun: boolean, projectsCreated: readonly string[]): Static<typeof importReport> {
    this.#keepFirst()
    const counts = { ...this.#effects, refused: this.#refused }
    const refusals = { ...counts, refusals: this.#refusals }
    const repeats = { repeated: this.#repeated, repeats: this.#repeats }
    return { dry_run: dryRun, ...refusals, ...repeats, projects_created: [...projectsCreated] }
  }

  #keepFirst(): void {
    this.#refusals.sort((a, b) => a.line - b.line).splice(REFUSALS_SHOWN_MAX)
    if (this.#refusals.length === REFUSALS_SHOWN_MAX) this.#lastShown = this.#refusals.at(-1)?.line as number
  }
}
