import type { Readable, Writable } from 'node:stream'
import { processEnvironment } from '../config/config.ts'
import type { ConfigSources } from '../config/setting.ts'

/** An output stream; `isTTY` on a terminal. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number }

/** The signals that ask a service to stop. */
export type StopSignal = 'SIGINT' | 'SIGTERM'

/** The environment of a command: streams and signals. Tests pass fakes. */
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

/** The environment of this process. */
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

/** Writes text and resolves when the stream accepted it, for back-pressure. */
export function write(stream: Output, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()))
  })
}

/** Writes text and a line break. */
export function writeLine(stream: Output, text: string): Promise<void> {
  return write(stream, `${text}\n`)
}

/** Writes a value as indented JSON. */
export function writeJson(stream: Output, value: unknown): Promise<void> {
  return writeLine(stream, JSON.stringify(value, null, 2))
}

/** The command that starts this program: through npm in a checkout, else its name. */
export const PROGRAM = import.meta.filename.endsWith('.ts') ? 'npm run -s tagwerk --' : 'tagwerk'
