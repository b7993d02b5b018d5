import type { ImportLines, Seed } from '../service/seed.ts'
import { RepeatCheck } from './import-repeats.ts'
import { type ImportAnswer, ImportReport, type Refusal } from './import-report.ts'
import { ImportRun, LIMITS } from './import-run.ts'
import { openSources, type Source } from './import-source.ts'
import type { Io } from './io.ts'

/** Refused lines that the error names. */
const REFUSALS_NAMED_MAX = 20

/** Thrown for a seed with lines that the service refuses. The message has their file, number and reason. */
export class SeedRefused extends Error {
  constructor(refused: number, lines: number, refusals: readonly Refusal[]) {
    const named = refusals.slice(0, REFUSALS_NAMED_MAX).map(({ file, line, message }) => `${file}:${line}: ${message}`)
    const more = refused > named.length ? [`and ${refused - named.length} more`] : []
    const what = `the seed was refused: ${refused} of ${lines} lines are no resources that this service accepts`
    super([what, ...named, ...more].join('\n'))
  }
}

/** Makes the seed that imports files as `tagwerk import` does, until `stop` is aborted. */
export function seedOf(files: readonly string[], io: Io, stop: AbortSignal): Seed {
  return async (importLines, project) => {
    const report = new ImportReport(false)
    let sources: readonly Source[] = []
    try {
      // The signal may have come while the store was opened; sources only listen for a later one.
      stop.throwIfAborted()
      sources = await openSources(files, io, {
        stop,
        warn: (message) => report.warn(message),
        ignoredColumns: [],
        itemBytesMax: LIMITS.lineBytesMax,
      })
      const repeats = new RepeatCheck(project, false)
      const send = importLines as ImportLines<ImportAnswer>
      await new ImportRun({ send, repeats, stop, onProgress: () => undefined }, report).send(sources)
    } catch (error) {
      throw stop.aborted ? stop.reason : error
    } finally {
      for (const source of sources) await source.close()
    }
    if (report.refused > 0) throw new SeedRefused(report.refused, report.resources, report.refusals)
  }
}
