import { hostname } from 'node:os'
import { type Logger, type LoggerOptions, pino } from 'pino'
import { toVisibleLines } from '../core/visible-text.ts'
import { LineWriter } from './line-writer.ts'
import { type Output, openLogFile, openStandardOutput } from './output.ts'
import { securityLog } from './security-log.ts'
import { toTextLine } from './text-line.ts'

/** Which lines the log has, and how they look. */
export type LogSettings = {
  /** Lowest severity that is logged. */
  readonly logLevel: string
  readonly logFormat: 'json' | 'text'
  readonly logTimes: 'epoch' | 'iso'
  readonly logLevels: 'numbers' | 'words'
  /** Where the security log is: `off`, `stderr`, `stdout`, or a file. */
  readonly securityLog: string
}

/** The open log of a process. */
export type OpenLog = {
  readonly log: Logger
  /** Writes an event to the security log. */
  readonly report: ReturnType<typeof securityLog>
  /** Adds a line of another process to the log, as it is. */
  readonly writeLine: (line: string) => void
  /** Adds a line of another process to the security log, as it is. */
  readonly writeSecurityLine: (line: string) => void
  /** Gives how many lines were dropped since the start. */
  readonly droppedLines: () => number
  /** Writes the lines that wait, for at most a second, and closes the log. Later lines are lost. */
  close(): Promise<void>
}

/** How long the end of a process may wait for a slow reader of the log. */
const FLUSH_TIMEOUT_MS = 1000

/** A line of the security log among others. */
const SECURITY_LINE = /"log":"security"| log=security /

/** Opens the log of this process on standard error. Logging never waits for the reader of the log. */
export function openLog(settings: LogSettings): OpenLog {
  const reportDrops = (dropped: number) =>
    reports.warn({ dropped }, 'log lines were dropped, because the reader of the log was too slow or has failed')
  const writer: LineWriter = new LineWriter(openStandardOutput('stderr'), reportDrops)
  const output = openSecurityOutput(settings.securityLog)
  const securityWriter = output === undefined ? writer : new LineWriter(output, reportDrops)
  const format = settings.logFormat === 'text' ? toTextLine : (line: string) => line
  // Errors may quote what clients have sent. A line of JSON keeps its meaning.
  const toLine = (line: string) => toVisibleLines(format(line))
  const log = pino(optionsOf(settings, settings.logLevel), { write: (line) => writer.write(toLine(line)) })
  // Reported at every level, since lines of that level are among those that were dropped.
  const reports = log.child({}, { level: 'warn' })
  const securityLevel = settings.securityLog === 'off' ? 'silent' : 'info'
  const securityOptions = { ...optionsOf(settings, securityLevel), base: { ...baseMembers(), log: 'security' } }
  const security = pino(securityOptions, { write: (line) => securityWriter.write(toLine(line), true) })
  const logCrash = (error: Error) => log.fatal({ err: error }, 'the process ends because of a defect')
  const writers = new Set([writer, securityWriter])
  const flushNow = () => {
    for (const each of writers) each.flushNow()
  }
  process.on('uncaughtExceptionMonitor', logCrash).on('exit', flushNow)
  return {
    log,
    report: securityLog(security),
    writeLine: (line) => writer.write(line, SECURITY_LINE.test(line)),
    writeSecurityLine: (line) => securityWriter.write(line, true),
    droppedLines: () => [...writers].reduce((sum, { dropped }) => sum + dropped, 0),
    close: async () => {
      process.off('uncaughtExceptionMonitor', logCrash).off('exit', flushNow)
      await Promise.all([...writers].map((each) => each.flush(FLUSH_TIMEOUT_MS)))
      for (const each of writers) each.close()
    },
  }
}

/** Opens an output of its own for the security log; undefined if it shares that of the log. */
function openSecurityOutput(target: string): Output | undefined {
  if (target === 'off' || target === 'stderr') return undefined
  if (target === 'stdout') return openStandardOutput('stdout')
  try {
    return openLogFile(target)
  } catch (error) {
    throw new Error(`cannot open the security log: ${(error as Error).message}. Choose another one with --security-log`)
  }
}

function baseMembers(): Readonly<Record<string, unknown>> {
  return { pid: process.pid, hostname: hostname() }
}

/** A text line has readable times and levels in any case. */
function optionsOf({ logFormat, logTimes, logLevels }: LogSettings, level: string): LoggerOptions {
  const isText = logFormat === 'text'
  return {
    level,
    ...((isText || logTimes === 'iso') && { timestamp: pino.stdTimeFunctions.isoTime }),
    ...((isText || logLevels === 'words') && { formatters: { level: (label) => ({ level: label }) } }),
  }
}
