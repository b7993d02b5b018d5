import { type Static, Type } from 'typebox'
import type { Changed } from '../../catalog/catalog.ts'
import { DomainError, type ErrorCode, invalid } from '../../core/errors.ts'
import type { Repeat } from '../../core/repeated-resources.ts'
import { toVisible } from '../../core/visible-text.ts'
import { describeFacts, shortenedField } from '../error-text.ts'
import { tagwerkMessage } from './errors.ts'
import { type ChangeList, previewedChange } from './import-changes.ts'
import { replacementReport } from './import-replacement.ts'
import { DROPPED_TAGS_SHOWN_MAX, LINE_BYTES_MAX, REFUSALS_SHOWN_MAX, REPEATS_SHOWN_MAX } from './limits.ts'
import type { Line } from './lines.ts'
import { type LineRules, type ResourceLine, type TagStrictness, toResourceLine } from './resource-line.ts'
import type { DroppedTag } from './resource-tags.ts'

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

const droppedTag = Type.Object({
  line: Type.Integer(),
  key: Type.String(),
  value: Type.Optional(Type.String()),
  rule: Type.String({ description: 'Name of the rule that the tag violates.' }),
  message: Type.String(),
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
  dropped_tags: Type.Integer({ description: 'Tags that were left out, with `bad_tags=drop`.' }),
  dropped: Type.Array(droppedTag, { description: `The first ${DROPPED_TAGS_SHOWN_MAX} of them.` }),
  emptied: Type.Object(
    { names: Type.Integer(), details: Type.Integer(), tags: Type.Integer() },
    {
      description:
        'What went away from resources that stay: names, details that said more than a status, and keys of tags.',
    },
  ),
  replaced: Type.Optional(replacementReport),
  changes_total: Type.Optional(Type.Integer({ description: 'Of a dry run: number of changes.' })),
  changes: Type.Optional(Type.Array(previewedChange, { description: 'Of a dry run: the page that was asked for.' })),
  projects_created: Type.Array(Type.String()),
})

/** Errors of the service rather than of a line. They end the import; the client can retry it as a whole. */
const FATAL_CODES: readonly ErrorCode[] = ['overloaded', 'unavailable', 'internal']

/** Counts the effects of an import and collects its refused lines. */
export class ImportReport {
  readonly #effects = { created: 0, updated: 0, unchanged: 0 }
  readonly #refusals: Static<typeof refusal>[] = []
  readonly #repeats: Static<typeof repeat>[] = []
  readonly #dropped: Static<typeof droppedTag>[] = []
  readonly #emptied = { names: 0, details: 0, tags: 0 }
  #refused = 0
  #repeated = 0
  #droppedTags = 0
  /** Refusals of later lines are only counted: there are enough before them. */
  #lastShown = Number.POSITIVE_INFINITY

  /** Parses a line. Records an invalid line as refused and returns undefined. */
  parse({ number, bytes }: Line, rules: LineRules, strictness: TagStrictness): ResourceLine | undefined {
    try {
      if (bytes === undefined) throw invalid('line', { name: 'bytes-max', limit: LINE_BYTES_MAX })
      const resource = toResourceLine(bytes, rules, strictness)
      for (const tag of resource.dropped) this.#drop(number, tag)
      return resource
    } catch (error) {
      this.refuse(number, error)
      return undefined
    }
  }

  count({ effect, loss }: Pick<Changed, 'effect' | 'loss'>): void {
    this.#effects[effect]++
    if (loss === undefined) return
    if (loss.name) this.#emptied.names++
    if (loss.detail) this.#emptied.details++
    this.#emptied.tags += loss.tags
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

  get refused(): number {
    return this.#refused
  }

  /** `changes` are those of a dry run, `replaced` what an import that replaces has deleted. */
  toBody(
    projectsCreated: readonly string[],
    changes: ChangeList | undefined,
    replaced?: Static<typeof replacementReport>,
  ): Static<typeof importReport> {
    this.#keepFirst()
    const counts = { ...this.#effects, refused: this.#refused }
    const refusals = { ...counts, refusals: this.#refusals }
    const repeats = { repeated: this.#repeated, repeats: this.#repeats }
    return {
      dry_run: changes !== undefined,
      ...refusals,
      ...repeats,
      dropped_tags: this.#droppedTags,
      dropped: this.#dropped,
      emptied: this.#emptied,
      ...(replaced && { replaced }),
      ...(changes && { changes_total: changes.total, changes: [...changes.page] }),
      projects_created: [...projectsCreated],
    }
  }

  #drop(line: number, { key, value, error }: DroppedTag): void {
    this.#droppedTags++
    if (this.#dropped.length === DROPPED_TAGS_SHOWN_MAX) return
    const { rule } = error.facts
    const message = describeFacts(error.facts, 'en-us') || tagwerkMessage(error.code)
    this.#dropped.push({ line, key, ...(value !== undefined && { value }), rule: rule?.name ?? error.code, message })
  }

  #keepFirst(): void {
    this.#refusals.sort((a, b) => a.line - b.line).splice(REFUSALS_SHOWN_MAX)
    if (this.#refusals.length === REFUSALS_SHOWN_MAX) this.#lastShown = this.#refusals.at(-1)?.line as number
  }
}
