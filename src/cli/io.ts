import type { Readable, Writable } from 'node:stream'
import { processEnvironment } from '../config/config.ts'
import type { ConfigSources } from '../config/setting.ts'

/** A stream that text goes to; a terminal says that it is one. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number }

/** The signals that ask a service to stop. */
export type StopSignal = 'SIGINT' | 'SIGTERM'

/** All that a command has of the world outside. Tests hand in their own. */
export type Io = {
  readonly stdin: Readable
  readonly stdout: Output
  readonly stderr: Output
  readonly env: ConfigSources['env']
  /** Calls back on each signal, instead of letting it end the process, until the function it gives is called. */
  readonly onSignal: (listener: (signal: StopSignal) => void) => () => void
  /** Ends the process at once. */
  readonly exitNow: (code: number) => void
}

const SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM']

/** The world of this process. */
export function processIo(): Io {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: processEnvironment(),
    onSignal: (listener) => {
      for (const signal of SIGNALS) process.on(signal, listener)
      return () => {
        for (const signal of SIGNALS) process.off(signal, listener)
      }
    },
    exitNow: (code) => process.exit(code),
  }
}

/** Writes text, and resolves when the stream has taken it, so that a slow reader slows the writer. */
export function write(stream: Output, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()))
  })
}

/** Writes text and a line break. */
export function writeLine(stream: Output, text: string): Promise<void> {
  return write(stream, `${text}\n`)
}

/** Writes a value as JSON that a person can read. */
export function writeJson(stream: Output, value: unknown): Promise<void> {
  return writeLine(stream, JSON.stringify(value, null, 2))
}

/** How this program is called: from a checkout through npm, otherwise by its name. */
export const PROGRAM = import.meta.filename.endsWith('.ts') ? 'npm run -s tagwerk --' : 'tagwerk'
