import { constants } from 'node:os'
import { performance } from 'node:perf_hooks'
import type { Config } from '../config/config.ts'
import type { Service } from '../service/assembly.ts'
import { startService } from '../service/start.ts'
import { EXIT } from './command.ts'
import { type Io, type StopSignal, writeLine } from './io.ts'

/** A signal within this time is a duplicate: npm forwards the Ctrl-C that the terminal also sent to the service. */
const SAME_SIGNAL_MS = 500

/** Listens for signals from its construction, so that a signal during the start is not lost. */
export class Stopper {
  readonly #io: Io
  readonly #onForced: () => void
  readonly #signalled = Promise.withResolvers<StopSignal>()
  readonly #unhear: () => void
  #firstAtMs: number | undefined

  /** `onForced` runs when a second signal ends the process immediately. */
  constructor(io: Io, onForced: () => void = () => undefined) {
    this.#io = io
    this.#onForced = onForced
    this.#unhear = io.onSignal((signal) => this.#hear(signal))
  }

  /** Waits for a signal or a failure, then stops the service. Gives the exit code. */
  async run(service: Service): Promise<number> {
    const reason = await Promise.race([this.#signalled.promise, service.failed])
    if (reason instanceof Error) {
      await writeLine(this.#io.stderr, `error: the service has failed and stops: ${reason.message}`)
    }
    await service.stop()
    return reason instanceof Error ? EXIT.failed : EXIT.ok
  }

  /** Restores the default handling of signals. */
  release(): void {
    this.#unhear()
  }

  #hear(signal: StopSignal): void {
    const nowMs = performance.now()
    this.#signalled.resolve(signal)
    this.#firstAtMs ??= nowMs
    if (nowMs === this.#firstAtMs || nowMs - this.#firstAtMs < SAME_SIGNAL_MS) return
    this.#onForced()
    this.#io.exitNow(128 + constants.signals[signal])
  }
}

/** Starts a service. Throws with one clear line if its address is not available. */
export async function startOrExplain(config: Config): Promise<Service> {
  try {
    return await startService(config)
  } catch (error) {
    throw explained(error, config)
  }
}

const LISTEN_FAILURES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program answers there',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'that takes more rights than this process has',
  ENOTFOUND: 'there is no host of this name',
}

function explained(error: unknown, { listenHost, listenPort }: Config): unknown {
  const { syscall, code = '' } = error as NodeJS.ErrnoException
  // With workers the primary process binds the address.
  if (syscall !== 'listen' && syscall !== 'bind' && syscall !== 'getaddrinfo') return error
  const host = listenHost.includes(':') ? `[${listenHost}]` : listenHost
  const reason = LISTEN_FAILURES[code] ?? code
  return new Error(`cannot answer on ${host}:${listenPort}: ${reason}. --listen HOST:PORT chooses another address`)
}
