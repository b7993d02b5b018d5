import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough, Readable, Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { runCommand } from '../../src/cli/commands.ts'
import type { Io, Output, StopSignal } from '../../src/cli/io.ts'
import { ADMIN_PASSWORD } from '../support/service.ts'

/** The outcome of a command line. */
export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string }

export type RunOptions = {
  /** Added to the environment, which has the endpoint and the password. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly endpoint?: string
  readonly stdin?: string | Uint8Array | Readable
  /** True: standard error is a terminal. */
  readonly isTerminal?: boolean
  /** True: standard output is a terminal. */
  readonly printsToTerminal?: boolean
  /** The time of the command; by default that of the machine. */
  readonly nowMs?: number
  /** Typed into standard input, which is then a terminal. */
  readonly typed?: string
}

/** A command running in this process, with access to its streams and signals. */
export type Running = {
  readonly done: Promise<Ran>
  readonly stdout: () => string
  readonly stderr: () => string
  /** Exit codes passed to `exitNow`. */
  readonly exits: readonly number[]
  readonly listeners: () => number
  signal(signal: StopSignal): void
}

/** Starts a command line in this process. */
export function start(argv: readonly string[], options: RunOptions = {}): Running {
  const listeners = new Set<(signal: StopSignal) => void>()
  const exits: number[] = []
  const [stdout, stderr] = [
    new Collector(options.printsToTerminal === true),
    new Collector(options.isTerminal === true),
  ]
  const io: Io = {
    stdout,
    stderr,
    stdin: options.typed === undefined ? stdinOf(options.stdin) : typedInput(options.typed),
    env: { TAGWERK_ENDPOINT: options.endpoint, TAGWERK_PASSWORD: ADMIN_PASSWORD, ...options.env },
    clock: () => options.nowMs ?? Date.now(),
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

/** Polls a function until its result is not undefined. */
export async function until<T>(poll: () => T | undefined | Promise<T | undefined>, seconds = 60): Promise<T> {
  for (let polls = 0; polls < seconds * 50; polls++) {
    const result = await poll()
    if (result !== undefined) return result
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('the expected result did not arrive in time')
}

/** An HTTP proxy between the command line and a service. `handle` answers a request itself, or returns false to forward it. */
export type TestProxy = { readonly url: string; stop(): Promise<void> }

export async function startProxy(
  target: string,
  handle: (request: IncomingMessage, response: ServerResponse, body: Buffer) => boolean,
): Promise<TestProxy> {
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    if (handle(request, response, body)) return
    const { host: _host, connection: _connection, 'content-length': _length, ...others } = request.headers
    const { 'transfer-encoding': _encoding, ...headers } = others
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

/** A stream that collects its text and can pose as a terminal. */
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

function typedInput(text: string): Io['stdin'] {
  const stream = new PassThrough()
  stream.write(text)
  return Object.assign(stream, { isTTY: true, setRawMode: () => stream })
}

function stdinOf(given: string | Uint8Array | Readable | undefined): Readable {
  if (given instanceof Readable) return given
  if (given === undefined) return new PassThrough().end()
  return Readable.from([Buffer.from(given as Uint8Array)], { objectMode: false })
}
