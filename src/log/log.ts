import { type Logger, type LoggerOptions, pino } from 'pino'
import { toVisibleLines } from '../core/visible-text.ts'
import { LineWriter } from './line-writer.ts'
import { openStandardOutput } from './output.ts'
import { toTextLine } from './text-line.ts'

/** Which lines the log has, and how they look. */
export type LogSettings = {
  /** Lowest severity that is logged. */
  readonly logLevel: string
  readonly logFormat: 'json' | 'text'
  readonly logTimes: 'epoch' | 'iso'
  readonly logLevels: 'numbers' | 'words'
}

/** The open log of a process. */
export type OpenLog = {
  readonly log: Logger
  /** Adds a line of another process, as it is. */
  readonly writeLine: (line: string) => void
  /** Writes the lines that wait, for at most a second, and closes the log. Later lines are lost. */
  close(): Promise<void>
}

/** How long the end of a process may wait for a slow reader of the log. */
const FLUSH_TIMEOUT_MS = 1000

/** Opens the log of this process on standard error. Logging never waits for the reader of the log. */
export function openLog(settings: LogSettings): OpenLog {
  const writer: LineWriter = new LineWriter(openStandardOutput('stderr'), (dropped) =>
    reports.warn({ dropped }, 'log lines were dropped, because the reader of the log was too slow or has failed'),
  )
  const format = settings.logFormat === 'text' ? toTextLine : (line: string) => line
  // Errors may quote what clients have sent. A line of JSON keeps its meaning.
  const log = pino(optionsOf(settings), { write: (line) => writer.write(toVisibleLines(format(line))) })
  // Reported at every level, since lines of that level are among those that were dropped.
  const reports = log.child({}, { level: 'warn' })
  const logCrash = (error: Error) => log.fatal({ err: error }, 'the process ends because of a defect')
  const flushNow = () => writer.flushNow()
  process.on('uncaughtExceptionMonitor', logCrash).on('exit', flushNow)
  return {
    log,
    writeLine: (line) => writer.write(line),
    close: async () => {
      process.off('uncaughtExceptionMonitor', logCrash).off('exit', flushNow)
      await writer.flush(FLUSH_TIMEOUT_MS)
      writer.close()
    },
  }
}

/** A text line has readable times and levels in any case. */
function optionsOf({ logLevel, logFormat, logTimes, logLevels }: LogSettings): LoggerOptions {
  const isText = logFormat === 'text'
  return {
    level: logLevel,
    ...((isText || logTimes === 'iso') && { timestamp: pino.stdTimeFunctions.isoTime }),
    ...((isText || logLevels === 'words') && { formatters: { level: (level) => ({ level }) } }),
  }
}
