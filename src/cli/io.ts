import type { Readable, Writable } from 'node:stream'
import { processEnvironment } from '../config/config.ts'
import type { ConfigSources } from '../config/setting.ts'
import type { Clock } from '../core/clock.ts'
import { toVisibleLines } from '../core/visible-text.ts'

/** A text stream. `isTTY` is true for a terminal. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number }

/** The signals that stop a service. */
export type StopSignal = 'SIGINT' | 'SIGTERM'

/** The environment of a command. Tests pass their own. */
export type Io = {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Output
  readonly stderr: Output
  readonly env: ConfigSources['env']
  /** Tells what `2h` and `yesterday` mean, and how long ago something was. */
  readonly clock: Clock
  /** Calls the listener on each signal instead of the default, until the returned function is called. */
  readonly onSignal: (listener: (signal: StopSignal) => void) => () => void
  /** Exits the process without waiting for anything. */
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
    clock: Date.now,
    onSignal: (listener) => {
      for (const signal of SIGNALS) process.on(signal, listener)
      return () => {
        for (const signal of SIGNALS) process.off(signal, listener)
      }
    },
    exitNow: (code) => process.exit(code),
  }
}

/**
 * Writes text, with invisible characters as `\u200b`, and resolves when the stream has accepted it, so that a slow reader
 * applies backpressure.
 */
export function write(stream: Output, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(toVisibleLines(text), (error) => (error ? reject(error) : resolve()))
  })
}

/** Writes text for a program as it is; on a terminal like `write`. Resolves when the stream has accepted it. */
export function writeData(stream: Output, text: string): Promise<void> {
  if (stream.isTTY === true) return write(stream, text)
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()))
  })
}

/** Writes text whose invisible characters are shown already, with styles. */
export function writeStyled(stream: Output, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()))
  })
}

/** Writes text and a line break. */
export function writeLine(stream: Output, text: string): Promise<void> {
  return write(stream, `${text}\n`)
}

/** Writes text and a line break without waiting for the reader: a service must not depend on one that has stopped. */
export function announce(stream: Output, text: string): void {
  stream.write(`${text}\n`, () => undefined)
}

/** Lets a service go on when the reader of its messages has gone, which ends other commands (`main.ts`). */
export function ignoreGoneReader(stream: Output): void {
  stream.removeAllListeners('error')
  stream.on('error', () => undefined)
}

/** Writes a value as indented JSON. */
export function writeJson(stream: Output, value: unknown): Promise<void> {
  return writeLine(stream, jsonText(value))
}

/** A value as indented JSON. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2)
}

/** How the user calls this program: through npm in a checkout, by its name once installed. */
export const PROGRAM = import.meta.filename.endsWith('.ts') ? 'npm run -s tagwerk --' : 'tagwerk'
