import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough, Readable, Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { runCommand } from '../../src/cli/commands.ts'
import type { Io, Output, StopSignal } from '../../src/cli/io.ts'
import { ADMIN_PASSWORD } from '../support/service.ts'

/** What a command line came to. */
export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string }

export type RunOptions = {
  /** Added to what reaches the service at `endpoint`. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly endpoint?: string
  readonly stdin?: string | Uint8Array
  /** True: standard error says that it is a terminal. */
  readonly isTerminal?: boolean
}

/** A command that runs in this process, with hands on its streams and signals. */
export type Running = {
  readonly done: Promise<Ran>
  readonly stdout: () => string
  readonly stderr: () => string
  /** Codes with which it wanted to end at once. */
  readonly exits: readonly number[]
  readonly listeners: () => number
  signal(signal: StopSignal): void
}

/** Starts a command line in this process. */
export function start(argv: readonly string[], options: RunOptions = {}): Running {
  const listeners = new Set<(signal: StopSignal) => void>()
  const exits: number[] = []
  const [stdout, stderr] = [new Collector(false), new Collector(options.isTerminal === true)]
  const io: Io = {
    stdout,
    stderr,
    stdin: stdinOf(options.stdin),
    env: { TAGWERK_ENDPOINT: options.endpoint, TAGWERK_PASSWORD: ADMIN_PASSWORD, ...options.env },
    onSignal: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    exitNow: (code) => exits.push(code),
  }
  return {
    done: runCommand(argv, io).then((code) => ({ code, stdout: stdout.text, stderr: stderr.text })),
    stdout: () => stdout.text,
    stderr: () => stderr.text,
    exits,
    listeners: () => listeners.size,
    signal: (signal) => {
      for (const listener of listeners) listener(signal)
    },
  }
}

/** Runs a command line in this process. */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return start(argv, options).done
}

/** Resolves with what a function gives as soon as that is not undefined. */
export async function until<T>(look: () => T | undefined, seconds = 20): Promise<T> {
  for (let waits = 0; waits < seconds * 50; waits++) {
    const found = look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('it did not come in time')
}

/** Something between the command line and a service: `handle` answers itself, or gives false to pass the call on. */
export type Between = { readonly url: string; stop(): Promise<void> }

export async function startBetween(
  target: string,
  handle: (request: IncomingMessage, response: ServerResponse, body: Buffer) => boolean,
): Promise<Between> {
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    if (handle(request, response, body)) return
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers
    const answer = await fetch(target + request.url, {
      method: request.method as string,
      headers: headers as Record<string, string>,
      body: body.length === 0 ? null : body,
    })
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    response.end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** A stream that keeps what is written to it, and may say that it is a terminal. */
export function collector(isTerminal: boolean): Output & { readonly text: string } {
  return new Collector(isTerminal)
}

class Collector extends Writable {
  text = ''
  readonly columns = 100
  readonly isTTY: boolean

  constructor(isTTY: boolean) {
    super({ decodeStrings: true })
    this.isTTY = isTTY
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8')
    done()
  }
}

function stdinOf(given: string | Uint8Array | undefined): Readable {
  if (given === undefined) return new PassThrough().end()
  return Readable.from([Buffer.from(given as Uint8Array)], { objectMode: false })
}
