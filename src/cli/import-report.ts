import type { PreviewedChange } from './import-changes.ts'
import { describeReplaced, type Replaced } from './import-replaced.ts'
import type { Locate } from './import-source.ts'
import { type Io, writeJson, writeLine } from './io.ts'

/** The used members of the response to one batch. */
export type ImportAnswer = {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly refused: number
  readonly refusals: readonly Omit<Refusal, 'file' | 'item'>[]
  readonly repeated: number
  readonly repeats: readonly { readonly line: number; readonly earlier_line: number; readonly equal: boolean }[]
  readonly projects_created: readonly string[]
  readonly dropped_tags: number
  readonly dropped: readonly Omit<DroppedTag, 'file'>[]
  readonly emptied: Emptied
  readonly replaced?: Replaced
  readonly changes_total?: number
  readonly changes?: readonly PreviewedChange[]
}

/** What went away from resources that stay. */
type Emptied = { readonly names: number; readonly details: number; readonly tags: number }

/** A tag that was left out. */
export type DroppedTag = {
  readonly file: string
  readonly line: number
  readonly key: string
  readonly value?: string
  readonly rule: string
  readonly message: string
}

/** A refused line. */
export type Refusal = {
  readonly file: string
  readonly line: number
  /** Its number in a JSON array, of which one line of the file can have many items. */
  readonly item?: number
  readonly field: string
  readonly rule: string
  readonly message: string
}

/** A line whose resource an earlier line has too. `equal`: with the same data; otherwise it replaces those. */
export type RepeatedLine = {
  readonly file: string
  readonly line: number
  readonly earlier_file: string
  readonly earlier_line: number
  readonly equal: boolean
}

/** What was found in a batch before it was sent. */
export type Findings = {
  readonly refusals: readonly Refusal[]
  readonly repeats: readonly RepeatedLine[]
}

/** Number of refused lines that are listed in the text report. */
const REFUSALS_PRINTED_MAX = 50
/** Number of repeated lines that are listed in the text report. */
const REPEATS_PRINTED_MAX = 10
/** Number of refused lines and of repeated lines that are listed in the JSON report. */
const LISTED_MAX = 10_000

/** Sums up the outcome of all lines of an import. */
export class ImportReport {
  readonly #dryRun: boolean
  readonly #counts = { created: 0, updated: 0, unchanged: 0, refused: 0 }
  readonly #refusals: Refusal[] = []
  readonly #repeats: RepeatedLine[] = []
  #repeated = 0
  readonly #dropped: DroppedTag[] = []
  readonly #emptied = { names: 0, details: 0, tags: 0 }
  #droppedTags = 0
  #changes = 0
  #replaced: Replaced | undefined
  readonly #projects = new Set<string>()
  #lacksDefaultProject = false
  readonly #warnings: string[] = []

  constructor(dryRun: boolean) {
    this.#dryRun = dryRun
  }

  /** Whether a line was refused because it names no project and there is no default one. */
  get lacksDefaultProject(): boolean {
    return this.#lacksDefaultProject
  }

  /** Number of changes that a dry run would make. */
  get changes(): number {
    return this.#changes
  }

  get isDryRun(): boolean {
    return this.#dryRun
  }

  /** Adds a sentence about a source. */
  warn(message: string): void {
    this.#warnings.push(message)
  }

  /** Number of processed lines. */
  get resources(): number {
    const { created, updated, unchanged, refused } = this.#counts
    return created + updated + unchanged + refused
  }

  get refused(): number {
    return this.#counts.refused
  }

  /** Whether something was to be deleted and was not. */
  get heldBack(): boolean {
    return this.#replaced?.held_back !== undefined
  }

  /** The refused lines, at most 10,000 of them. */
  get refusals(): readonly Refusal[] {
    return this.#refusals
  }

  /** Adds the response to a batch, and what was found in the batch before. */
  add(answer: ImportAnswer, locate: Locate, found: Findings): void {
    this.#counts.created += answer.created
    this.#counts.updated += answer.updated
    this.#counts.unchanged += answer.unchanged
    this.#counts.refused += answer.refused + found.refusals.length
    const refusals = [...answer.refusals, ...found.refusals]
    for (const refusal of refusals.toSorted((a, b) => a.line - b.line)) {
      if (refusal.field === 'project' && refusal.rule === 'required') this.#lacksDefaultProject = true
      if (this.#refusals.length === LISTED_MAX) continue
      this.#refusals.push({ ...refusal, ...locate(refusal.line) })
    }
    // The service finds most of the same repeated lines, and those that name one project by its name and by its id.
    const known = new Set(found.repeats.map(({ line }) => line))
    const others = answer.repeats
      .filter(({ line }) => !known.has(line))
      .map(({ line, earlier_line, equal }) => {
        const earlier = locate(earlier_line)
        return { file: earlier.file, line, earlier_file: earlier.file, earlier_line: earlier.line, equal }
      })
    const refused = new Set(refusals.map(({ line }) => line))
    const repeats = [...found.repeats, ...others]
      .filter(({ line }) => !refused.has(line))
      .sort((a, b) => a.line - b.line)
    this.#repeated += repeats.length
    for (const repeat of repeats.slice(0, LISTED_MAX - this.#repeats.length)) {
      const { file, line } = locate(repeat.line)
      this.#repeats.push({ ...repeat, file, line })
    }
    this.#droppedTags += answer.dropped_tags
    for (const tag of answer.dropped.slice(0, LISTED_MAX - this.#dropped.length)) {
      const { file, line } = locate(tag.line)
      this.#dropped.push({ ...tag, file, line })
    }
    this.#emptied.names += answer.emptied.names
    this.#emptied.details += answer.emptied.details
    this.#emptied.tags += answer.emptied.tags
    this.#changes += answer.changes_total ?? 0
    this.#replaced = answer.replaced ?? this.#replaced
    // A dry run creates no projects, so several responses may list the same one.
    for (const project of answer.projects_created) this.#projects.add(project)
  }

  /** Prints warnings and refused lines on standard error, and the counts on `stdout`. */
  async printText({ stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>, seconds: number): Promise<void> {
    for (const warning of this.#warnings) await writeLine(stderr, `warning: ${warning}`)
    const shown = this.#refusals.slice(0, REFUSALS_PRINTED_MAX)
    for (const { file, line, item, message } of shown) {
      await writeLine(stderr, `${file}:${line}: ${item === undefined ? '' : `item ${item}: `}${message}`)
    }
    const more = this.#counts.refused - shown.length
    if (more > 0)
      await writeLine(
        stderr,
        `${formatted(more)} more lines were refused; --json lists up to ${formatted(LISTED_MAX)}.`,
      )
    for (const { file, line, earlier_file, earlier_line, equal } of this.#repeats.slice(0, REPEATS_PRINTED_MAX)) {
      const what = equal ? 'repeats' : 'replaces the resource of'
      await writeLine(stderr, `warning: ${file}:${line}: ${what} ${earlier_file}:${earlier_line}`)
    }
    const others = this.#repeated - REPEATS_PRINTED_MAX
    if (others > 0) {
      const words = 'more lines have a resource of an earlier line; --json lists up to'
      await writeLine(stderr, `${formatted(others)} ${words} ${formatted(LISTED_MAX)}.`)
    }
    for (const { file, line, key, value, message } of this.#dropped.slice(0, REFUSALS_PRINTED_MAX)) {
      const tag = value === undefined ? key : `${key}=${value}`
      await writeLine(stderr, `warning: ${file}:${line}: left out the tag ${tag}: ${message}`)
    }
    await this.printCounts(stdout)
    await writeLine(stdout, `${seconds.toFixed(1)} s, ${formatted(this.#perSecond(seconds))} resources per second.`)
  }

  /** Prints the counts. */
  async printCounts(stdout: Io['stdout']): Promise<void> {
    const { created, updated, unchanged, refused } = this.#counts
    const counts = [
      `${formatted(created)} created`,
      `${formatted(updated)} updated`,
      `${formatted(unchanged)} unchanged`,
      `${formatted(refused)} refused`,
    ]
    const head = this.#dryRun ? 'Dry run, nothing was changed. Resources' : 'Resources'
    await writeLine(stdout, `${head}: ${counts.join(', ')}.`)
    if (this.#repeated > 0) {
      const lines = this.#repeated === 1 ? 'line has a resource' : 'lines have a resource'
      await writeLine(stdout, `${formatted(this.#repeated)} ${lines} of an earlier line.`)
    }
    if (this.#droppedTags > 0) {
      const listed = this.#droppedTags > REFUSALS_PRINTED_MAX ? `; --json lists up to ${formatted(LISTED_MAX)}` : ''
      await writeLine(stdout, `Tags left out: ${formatted(this.#droppedTags)}${listed}.`)
    }
    const { names, details, tags } = this.#emptied
    if (names + details + tags > 0) {
      const numbers = `${formatted(names)} names, ${formatted(details)} details, ${formatted(tags)} tags`
      await writeLine(stdout, `Removed from resources that stay: ${numbers}.`)
    }
    if (this.#replaced !== undefined) await writeLine(stdout, describeReplaced(this.#replaced, this.#dryRun))
    const verb = this.#dryRun ? 'that would be created' : 'created'
    if (this.#projects.size > 0) await writeLine(stdout, `Projects ${verb}: ${[...this.#projects].join(', ')}.`)
  }

  /**
   * Prints the report as a JSON object on standard output, that of a dry run on one line, after those of its changes.
   * `error` is why it is not complete, or null.
   */
  async printJson(io: Io, seconds: number, error: unknown): Promise<void> {
    const report = {
      dry_run: this.#dryRun,
      ...this.#counts,
      refusals: this.#refusals,
      repeated: this.#repeated,
      repeats: this.#repeats,
      ...(this.#replaced && { replaced: this.#replaced }),
      dropped_tags: this.#droppedTags,
      dropped: this.#dropped,
      emptied: this.#emptied,
      ...(this.#dryRun && { changes_total: this.#changes }),
      warnings: this.#warnings,
      error,
      projects_created: [...this.#projects],
      seconds: Number(seconds.toFixed(3)),
      resources_per_second: this.#perSecond(seconds),
    }
    if (this.#dryRun) await writeLine(io.stdout, JSON.stringify(report))
    else await writeJson(io.stdout, report)
  }

  #perSecond(seconds: number): number {
    return Math.round(this.resources / Math.max(seconds, 0.001))
  }
}

/** A number with separators of thousands. */
export function formatted(number: number): string {
  return number.toLocaleString('en-GB')
}
