import type { Clock, MonotonicClock } from '../core/clock.ts'
import { clientNetwork } from './client-network.ts'
import { Lockout } from './lockout.ts'
import type { PathReading } from './signature.ts'

const LOCKOUT_RULE = { failuresMax: 5, lockedMs: 5 * 60_000 } as const

/**
 * The rules for signatures beyond the algorithm: accepted path readings, the clock, and the lockout of an access key for
 * five minutes after five consecutive failures (contract 6.3). Failures count per key and client network. Access keys are
 * not secret: with one counter per key, anyone who knows a key could lock its owner out.
 */
export class SignatureGate {
  readonly readings: readonly PathReading[]
  readonly clock: Clock
  readonly #lockout: Lockout

  /** `isLoose`: also accept the two further readings of a path, see contract 6.2. */
  constructor(clock: Clock, monotonicClock: MonotonicClock, isLoose: boolean) {
    this.clock = clock
    this.#lockout = new Lockout(monotonicClock, LOCKOUT_RULE)
    this.readings = isLoose ? ['documented', 'literal', 'legacy-url'] : ['documented']
  }

  /** Gives the whole seconds until a locked key is accepted from an address again; 0 when it is not locked. */
  secondsLeft(accessKey: string, address: string): number {
    return this.#lockout.secondsLeft(counterKey(accessKey, address))
  }

  succeeded(accessKey: string, address: string): void {
    this.#lockout.succeeded(counterKey(accessKey, address))
  }

  /** Unlocks all access keys. */
  clear(): void {
    this.#lockout.clear()
  }

  failed(accessKey: string, address: string): void {
    this.#lockout.failed(counterKey(accessKey, address))
  }
}

function counterKey(accessKey: string, address: string): string {
  return `${accessKey} ${clientNetwork(address)}`
}
