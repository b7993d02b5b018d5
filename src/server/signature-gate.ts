import type { Clock } from '../core/clock.ts'
import type { PathReading } from '../iam/signature.ts'

const FAILURES_MAX = 5
const LOCKED_MS = 5 * 60_000
/** Keys that are remembered for their failures; only keys that exist are. */
const KEYS_MAX = 10_000

type Record = { failures: number; lockedUntilMs: number }

/**
 * Keeps an access key out for five minutes after five failures in a row (contract 6.3), and says how the path of a signed
 * request may be read.
 */
export class SignatureGate {
  readonly readings: readonly PathReading[]
  readonly clock: Clock
  readonly #records = new Map<string, Record>()

  /** `isLoose`: also accept the two further readings of a path, see contract 6.2. */
  constructor(clock: Clock, isLoose: boolean) {
    this.clock = clock
    this.readings = isLoose ? ['documented', 'literal', 'legacy-url'] : ['documented']
  }

  isLocked(accessKey: string): boolean {
    return (this.#records.get(accessKey)?.lockedUntilMs ?? 0) > this.clock()
  }

  succeeded(accessKey: string): void {
    this.#records.delete(accessKey)
  }

  failed(accessKey: string): void {
    const record = this.#records.get(accessKey) ?? { failures: 0, lockedUntilMs: 0 }
    // Set anew, so that the one that failed longest ago is the first to be forgotten.
    this.#records.delete(accessKey)
    this.#records.set(accessKey, record)
    if (this.#records.size > KEYS_MAX) this.#records.delete(this.#records.keys().next().value as string)
    record.failures++
    if (record.failures < FAILURES_MAX) return
    record.failures = 0
    record.lockedUntilMs = this.clock() + LOCKED_MS
  }
}
