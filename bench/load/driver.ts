import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { WrongAnswer } from '../case.ts'
import { cpuSecondsOf, LOAD_CORE, onCore, SERVER_CORE } from './cores.ts'
import type { LoadPlan, LoadResult } from './load.ts'

/** The results of a load run, seen from the client and from the server. */
export type Measured = LoadResult & {
  /** CPU time of the server, including the warm-up. */
  readonly serverCpuSeconds: number
  /** CPU time of the server as a share of one core. */
  readonly serverCpu: number
}

/** Runs load in a separate process on its own core. */
export class LoadDriver {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  static start(): LoadDriver {
    return new LoadDriver(startNode(LOAD_CORE, join(import.meta.dirname, 'load-process.ts'), []))
  }

  /** Runs a plan against a server. Throws a WrongAnswer when a response is not the expected one. */
  async run(plan: LoadPlan, serverPid: number): Promise<Measured> {
    const answer = once(this.#child, 'message')
    const before = await cpuSecondsOf(serverPid)
    const startMs = performance.now()
    this.#child.send(plan)
    const [{ result, error }] = (await answer) as [{ result?: LoadResult; error?: string }]
    if (result === undefined) throw new WrongAnswer('under load', 'answers as before', error)
    const serverCpuSeconds = (await cpuSecondsOf(serverPid)) - before
    return { ...result, serverCpuSeconds, serverCpu: serverCpuSeconds / ((performance.now() - startMs) / 1000) }
  }

  stop(): void {
    this.#child.disconnect()
  }
}

/** The reference: a bare HTTP server with one static response, on the core of the service. */
export type Yardstick = { readonly port: number; readonly pid: number; stop(): void }

/** Starts a reference server whose response has a number of body bytes. */
export async function startYardstick(status: number, bodyBytes: number): Promise<Yardstick> {
  const file = join(import.meta.dirname, 'yardstick-process.ts')
  const child = startNode(SERVER_CORE, file, [String(status), String(bodyBytes)])
  const [port] = (await once(child, 'message')) as [number]
  return { port, pid: child.pid as number, stop: () => child.kill() }
}

function startNode(core: number, file: string, args: readonly string[]): ChildProcess {
  const [command, ...rest] = onCore(core, [process.execPath, file, ...args])
  // Structured cloning transfers buffers and typed arrays unchanged.
  return spawn(command, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' })
}
