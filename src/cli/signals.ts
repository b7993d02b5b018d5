import { constants } from 'node:os'
import { performance } from 'node:perf_hooks'
import type { Config } from '../config/config.ts'
import type { Service } from '../service/assembly.ts'
import type { Seed } from '../service/seed.ts'
import { startService } from '../service/start.ts'
import { EXIT } from './command.ts'
import { announce, type Io, type StopSignal } from './io.ts'

/** A second signal within this time is a duplicate: npm forwards the Ctrl-C that the terminal also sends to the service. */
const DUPLICATE_WITHIN_MS = 500

/** A command that a signal stopped before it was complete. */
export class Interrupted extends Error {
  readonly signal: StopSignal

  constructor(signal: StopSignal) {
    super(`stopped by ${signal}`)
    this.signal = signal
  }

  /** The exit code of a shell for a process that the signal ended. */
  get exitCode(): number {
    return 128 + constants.signals[this.signal]
  }
}

/**
 * Stops a service or a client command on the first signal and exits the process on a second one. Listens from its
 * construction, so that a signal during the start of the service is not lost.
 */
export class SignalHandler {
  readonly #io: Io
  readonly #onForcedExit: (signal: StopSignal) => void
  readonly #firstSignal = Promise.withResolvers<StopSignal>()
  readonly #removeListener: () => void
  #firstAtMs: number | undefined

  /** `onForcedExit` runs before a second signal exits the process. */
  constructor(io: Io, onForcedExit: (signal: StopSignal) => void = () => undefined) {
    this.#io = io
    this.#onForcedExit = onForcedExit
    this.#removeListener = io.onSignal((signal) => this.#onSignal(signal))
  }

  /** An abort signal that the first signal triggers, with an `Interrupted` as its reason. */
  toAbortSignal(): AbortSignal {
    const controller = new AbortController()
    this.#firstSignal.promise.then((signal) => controller.abort(new Interrupted(signal)))
    return controller.signal
  }

  /** Waits for a signal or a failure of the service, and stops it. Resolves with the exit code. */
  async stopOnSignal(service: Service): Promise<number> {
    const reason = await Promise.race([this.#firstSignal.promise, service.failed])
    if (reason instanceof Error) {
      announce(this.#io.stderr, `error: the service failed and is stopping: ${reason.message}`)
    }
    await service.stop()
    return reason instanceof Error ? EXIT.failed : EXIT.ok
  }

  /** Restores the default effect of signals. */
  dispose(): void {
    this.#removeListener()
  }

  #onSignal(signal: StopSignal): void {
    const nowMs = performance.now()
    this.#firstSignal.resolve(signal)
    this.#firstAtMs ??= nowMs
    if (nowMs === this.#firstAtMs || nowMs - this.#firstAtMs < DUPLICATE_WITHIN_MS) return
    this.#onForcedExit(signal)
    this.#io.exitNow(128 + constants.signals[signal])
  }
}

/** Resolves like the promise, or rejects with the reason of the signal as soon as it is aborted. */
export function orStopped<T>(promise: Promise<T>, stop: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (stop.aborted) reject(stop.reason)
    stop.addEventListener('abort', () => reject(stop.reason), { once: true })
    promise.then(resolve, reject)
  })
}

/** Starts a service, which `seed` fills before it listens. Throws an error that explains in one line why it cannot listen on its address. */
export async function startOrExplain(config: Config, seed?: Seed): Promise<Service> {
  try {
    return await startService(config, {}, seed)
  } catch (error) {
    throw explainListenError(error, config)
  }
}

const LISTEN_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses this address',
  EADDRNOTAVAIL: 'this machine does not have this address',
  EACCES: 'this process lacks the permission',
  ENOTFOUND: 'the host name is unknown',
}

function explainListenError(error: unknown, { listenHost, listenPort, metricsListen }: Config): unknown {
  const { syscall, code = '', setting = 'listen' } = error as NodeJS.ErrnoException & { readonly setting?: string }
  // `bind` is reported with several workers: the primary process binds the address for them.
  if (syscall !== 'listen' && syscall !== 'bind' && syscall !== 'getaddrinfo') return error
  const { host, port } =
    setting === 'metrics-listen' && metricsListen !== undefined ? metricsListen : { host: listenHost, port: listenPort }
  const shownHost = host.includes(':') ? `[${host}]` : host
  const reason = LISTEN_ERRORS[code] ?? code
  return new Error(
    `cannot listen on ${shownHost}:${port}: ${reason}. Choose another address with --${setting} HOST:PORT`,
  )
}
