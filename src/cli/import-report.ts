import { type Io, writeJson, writeLine } from './io.ts'

/** The used members of the response to one batch. */
export type ImportAnswer = {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly refused: number
  readonly refusals: readonly Refusal[]
  readonly projects_created: readonly string[]
}

type Refusal = { readonly line: number; readonly field: string; readonly rule: string; readonly message: string }

/** Number of refused lines that are listed in the text report. */
const REFUSALS_PRINTED_MAX = 50
/** Number of refused lines that are listed in the JSON report. */
const REFUSALS_MAX = 10_000

/** Sums up the outcome of all lines of an import. */
export class ImportReport {
  readonly #dryRun: boolean
  readonly #counts = { created: 0, updated: 0, unchanged: 0, refused: 0 }
  readonly #refusals: (Refusal & { readonly file: string })[] = []
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

  /** Adds the response to a batch of `file`. */
  add(answer: ImportAnswer, file: string): void {
    this.#counts.created += answer.created
    this.#counts.updated += answer.updated
    this.#counts.unchanged += answer.unchanged
    this.#counts.refused += answer.refused
    for (const { line, field, rule, message } of answer.refusals) {
      if (field === 'project' && rule === 'required') this.#lacksDefaultProject = true
      if (this.#refusals.length === REFUSALS_MAX) break
      this.#refusals.push({ file, line, field, rule, message })
    }
    // A dry run creates no projects, so several responses may list the same one.
    for (const project of answer.projects_created) this.#projects.add(project)
  }

  /** Prints warnings and refused lines on standard error, and the counts on standard output. */
  async printText(io: Io, seconds: number): Promise<void> {
    for (const warning of this.#warnings) await writeLine(io.stderr, `warning: ${warning}`)
    const shown = this.#refusals.slice(0, REFUSALS_PRINTED_MAX)
    for (const { file, line, message } of shown) await writeLine(io.stderr, `${file}:${line}: ${message}`)
    const more = this.#counts.refused - shown.length
    if (more > 0)
      await writeLine(
        io.stderr,
        `${formatted(more)} more lines were refused; --json lists up to ${formatted(REFUSALS_MAX)}.`,
      )
    const { created, updated, unchanged, refused } = this.#counts
    const counts = [
      `${formatted(created)} created`,
      `${formatted(updated)} updated`,
      `${formatted(unchanged)} unchanged`,
      `${formatted(refused)} refused`,
    ]
    const head = this.#dryRun ? 'Dry run, nothing was changed. Resources' : 'Resources'
    await writeLine(io.stdout, `${head}: ${counts.join(', ')}.`)
    const verb = this.#dryRun ? 'that would be created' : 'created'
    if (this.#projects.size > 0) await writeLine(io.stdout, `Projects ${verb}: ${[...this.#projects].join(', ')}.`)
    await writeLine(io.stdout, `${seconds.toFixed(1)} s, ${formatted(this.#perSecond(seconds))} resources per second.`)
  }

  /** Prints the report as a JSON object on standard output; `error` is why it is not complete, or null. */
  async printJson(io: Io, seconds: number, error: unknown): Promise<void> {
    await writeJson(io.stdout, {
      dry_run: this.#dryRun,
      ...this.#counts,
      refusals: this.#refusals,
      warnings: this.#warnings,
      error,
      projects_created: [...this.#projects],
      seconds: Number(seconds.toFixed(3)),
      resources_per_second: this.#perSecond(seconds),
    })
  }

  #perSecond(seconds: number): number {
    return Math.round(this.resources / Math.max(seconds, 0.001))
  }
}

/** A number with separators of thousands. */
export function formatted(number: number): string {
  return number.toLocaleString('en-GB')
}
