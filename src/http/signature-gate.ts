import type { Clock } from '../core/clock.ts'
import { clientNetwork } from '../iam/client-network.ts'
import { Lockout } from '../iam/lockout.ts'
import type { PathReading } from '../iam/signature.ts'

const RULE = { failuresMax: 5, lockedMs: 5 * 60_000 } as const

/**
 * Keeps an access key out for five minutes after five failures in a row (contract 6.3), and says how the path of a signed
 * request may be read. Failures count for the place that they come from: keys are no secret, and whoever has seen one
 * could otherwise lock its owner out.
 */
export class SignatureGate {
  readonly readings: readonly PathReading[]
  readonly clock: Clock
  readonly #lockout: Lockout

  /** `isLoose`: also accept the two further readings of a path, see contract 6.2. */
  constructor(clock: Clock, isLoose: boolean) {
    this.clock = clock
    this.#lockout = new Lockout(clock, RULE)
    this.readings = isLoose ? ['documented', 'literal', 'legacy-url'] : ['documented']
  }

  /** Whole seconds until a key may be used from an address again; 0 when it may. */
  secondsLeft(accessKey: string, address: string): number {
    return this.#lockout.secondsLeft(nameOf(accessKey, address))
  }

  succeeded(accessKey: string, address: string): void {
    this.#lockout.succeeded(nameOf(accessKey, address))
  }

  failed(accessKey: string, address: string): void {
    this.#lockout.failed(nameOf(accessKey, address))
  }
}

function nameOf(accessKey: string, address: string): string {
  return `${accessKey} ${clientNetwork(address)}`
}
