import { createInterface } from 'node:readline'
import { UsageError } from './command.ts'
import { JoinedSources } from './files/joined-sources.ts'
import type { ChangePrinter } from './import-changes.ts'
import type { ImportOptions } from './import-options.ts'
import type { Progress } from './import-progress.ts'
import { type ImportAnswer, ImportReport } from './import-report.ts'
import type { Place } from './import-run.ts'
import type { Source } from './import-source.ts'
import { type Io, write, writeLine } from './io.ts'

/** Sends a body whole. */
export type SendWhole = (body: AsyncIterable<Uint8Array>, isDryRun: boolean) => Promise<ImportAnswer>

/** What replacing needs of its command. */
export type ReplaceTarget = {
  readonly io: Io
  readonly options: ImportOptions
  readonly report: ImportReport
  readonly printer: ChangePrinter
  readonly stop: AbortSignal
  /** The open sources. */
  readonly sources: readonly Source[]
  /** Opens them once more. */
  readonly reopen: () => Promise<readonly Source[]>
  readonly send: SendWhole
  /** Starts a progress bar. */
  readonly show: () => Progress | undefined
}

const READ_TWICE = '--replace reads its files twice, first to show what it deletes: name files, or add --yes'

/** Throws a UsageError if a replacement could not ask before it deletes. */
export function checkMayAsk(io: Io, names: readonly string[], { replace, yes, dryRun }: ImportOptions): void {
  if (!replace || yes || dryRun) return
  if (names.includes('-')) {
    throw new UsageError(READ_TWICE)
  }
  if (io.stdin.isTTY === true && io.stderr.isTTY === true) return
  throw new UsageError('--replace asks before it deletes: run it on a terminal, look with --dry-run, or add --yes')
}

const NOTHING_FOUND = { refusals: [], repeats: [] }
/** An answer of which nothing was done. */
const NOTHING_DONE = {
  ...{ created: 0, updated: 0, unchanged: 0, changes_total: 0, projects_created: [] },
  emptied: { names: 0, details: 0, tags: 0 },
}

/**
 * Makes projects and types what the sources say. First looks what would be deleted, unless the sources can be read only
 * once, and asks. The service deletes nothing unless it received the whole body and refused no line.
 */
export class ReplaceRun {
  readonly #target: ReplaceTarget
  #isRead = false
  #place: Place | undefined

  constructor(target: ReplaceTarget) {
    this.#target = target
  }

  /** How far a body got that may be imported in part; undefined before. */
  get place(): Place | undefined {
    return this.#place
  }

  /** Resolves when all is done, or nothing; the report says which. */
  async run(): Promise<void> {
    const { options, report, printer, sources } = this.#target
    if (options.dryRun) {
      const { answer, joined } = await this.#send(true)
      report.add(answer, joined.locate, NOTHING_FOUND)
      return printer.print(answer.changes ?? [], joined.locate)
    }
    const isRepeatable = sources.every(({ size }) => size !== undefined)
    if (!isRepeatable && !options.yes) throw new UsageError(READ_TWICE)
    if (isRepeatable && !(await this.#mayGoOn())) return
    const { answer, joined } = await this.#send(false)
    report.add(answer, joined.locate, NOTHING_FOUND)
  }

  /** Shows what would be deleted. Says whether to go on; if not, the report says why. */
  async #mayGoOn(): Promise<boolean> {
    const { io, options, report } = this.#target
    const { answer, joined } = await this.#send(true)
    const { replaced } = answer
    if (replaced === undefined || replaced.held_back !== undefined) {
      report.add({ ...answer, ...NOTHING_DONE }, joined.locate, NOTHING_FOUND)
      return false
    }
    if (replaced.deleted === 0 || options.yes) return true
    const preview = new ImportReport(true)
    preview.add(answer, joined.locate, NOTHING_FOUND)
    await preview.printCounts(io.stderr)
    const question = `Import, and delete ${replaced.deleted.toLocaleString('en-GB')} resources? [y/N] `
    if (await confirm(io, question)) return true
    throw new UsageError('cancelled, nothing was changed')
  }

  /** Sends all sources as one body. */
  async #send(isDryRun: boolean): Promise<{ readonly answer: ImportAnswer; readonly joined: JoinedSources }> {
    const { sources: open, reopen, send, show, stop } = this.#target
    const sources = this.#isRead ? await reopen() : open
    this.#isRead = true
    const progress = show()
    const joined = new JoinedSources(sources, (bytes, records) => progress?.update(bytes, records))
    try {
      return { answer: await send(joined.bytes(), isDryRun), joined }
    } catch (error) {
      const { last } = joined
      if (!isDryRun && last !== undefined) {
        this.#place = { file: last.file, linesDone: 0, inDoubt: { first: 1, last: last.line } }
      }
      throw stop.aborted ? stop.reason : (joined.failure ?? error)
    } finally {
      progress?.stop()
      for (const source of sources) await source.close()
    }
  }
}

async function confirm(io: Io, question: string): Promise<boolean> {
  const lines = createInterface({ input: io.stdin })
  // Begins before the question, so that no line of the answer is missed.
  const answers = lines[Symbol.asyncIterator]()
  try {
    await write(io.stderr, question)
    const { value, done } = await answers.next()
    if (done) await writeLine(io.stderr, '')
    return !done && /^y(es)?$/i.test(String(value).trim())
  } finally {
    lines.close()
  }
}
