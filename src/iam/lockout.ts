import type { Clock } from '../core/clock.ts'
import { BoundedMap } from './bounded-map.ts'

/** Counters in memory; the counter without a failure for the longest time is evicted. */
const COUNTERS_MAX = 10_000

type Counter = { failures: number; lockedUntilMs: number }

/** Locks a name for a time after a number of consecutive failures. */
export class Lockout {
  readonly #clock: Clock
  readonly #failuresMax: number
  readonly #lockedMs: number
  readonly #counters = new BoundedMap<Counter>(COUNTERS_MAX)

  constructor(clock: Clock, { failuresMax, lockedMs }: { readonly failuresMax: number; readonly lockedMs: number }) {
    this.#clock = clock
    this.#failuresMax = failuresMax
    this.#lockedMs = lockedMs
  }

  /** Gives the whole seconds until a name is unlocked; 0 when it is not locked. */
  secondsLeft(name: string): number {
    const leftMs = (this.#counters.get(name)?.lockedUntilMs ?? 0) - this.#clock()
    return leftMs > 0 ? Math.ceil(leftMs / 1000) : 0
  }

  succeeded(name: string): void {
    this.#counters.delete(name)
  }

  failed(name: string): void {
    const counter = this.#counters.get(name) ?? { failures: 0, lockedUntilMs: 0 }
    // Deleted and inserted again, so that the map evicts in the order of the last failure.
    this.#counters.delete(name)
    this.#counters.set(name, counter)
    counter.failures++
    if (counter.failures < this.#failuresMax) return
    counter.failures = 0
    counter.lockedUntilMs = this.#clock() + this.#lockedMs
  }
}
